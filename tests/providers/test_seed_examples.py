"""Each call that a seller's page shows is built again from a job, and compared field by field.

Allowed to differ: pictures travel inside the request, our references are added, BigModel gets a
Bearer, and a default that the page leaves out is written out.
"""

from base64 import b64decode
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.catalogue.load import model, provider
from studio.catalogue.specs import Mode
from studio.providers.base import Access, Job, Request
from studio.providers.wires import adapter
from tests.providers import jobs
from tests.providers.jobs import KEY, UID, reply
from tests.providers.seeds import RELAY_ANSWER, SEEDS, Seed

ADDED = {"request_id": UID, "user_id": "studio-7f3a", "payload": UID}
PICTURES = ("image_url", "images")
NOT_PARAMETERS = {"model", "prompt", *PICTURES}


def order(seed: Seed, folder: Path) -> Job:
    """The job that asks for what the page's call asks for."""
    spec = model(seed.model)
    mode = Mode.TEXT if not seed.images and Mode.TEXT in spec.modes else spec.modes[-1]
    parameters = {name: v for name, v in seed.body.items() if name not in NOT_PARAMETERS}
    return jobs.job(
        seed.model,
        folder,
        mode=mode,
        parameters=parameters,
        number=len(seed.images),
        prompt=seed.body["prompt"],
    )


def built(seed: Seed, folder: Path) -> Request:
    key = model(seed.model).provider
    found = provider(key)
    base = (found and found.api) or "https://relay.example"
    return adapter(key).submit(order(seed, folder), Access(base, KEY))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_call_goes_where_the_page_says(seed: Seed, tmp_path: Path) -> None:
    request = built(seed, tmp_path)
    assert request.method == seed.method
    assert request.url == seed.url if "://" in seed.url else request.url.endswith(seed.url)
    wanted = seed.authorization.format(key=KEY)
    bare_at_bigmodel = seed.model.startswith("bigmodel/") and wanted == KEY
    assert request.headers == {
        "Authorization": f"Bearer {KEY}" if bare_at_bigmodel else wanted,
        "Content-Type": seed.content_type,
    }


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_body_is_the_pages_body(seed: Seed, tmp_path: Path) -> None:
    body = jobs.body(built(seed, tmp_path))
    for name, value in seed.body.items():
        assert name in body
        if name in PICTURES:
            assert_same_pictures(body[name], value)
        else:
            assert (body[name], type(body[name])) == (value, type(value)), name


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_what_is_added_is_a_reference_or_a_default(seed: Seed, tmp_path: Path) -> None:
    spec, body = model(seed.model), jobs.body(built(seed, tmp_path))
    added = {name: body[name] for name in body.keys() - seed.body.keys()}
    defaults = {p.name: p.default for p in spec.parameters if p.default is not None}
    for name, value in added.items():
        assert value == (ADDED[name] if name in ADDED else defaults[name]), name
    assert added.keys() & ADDED.keys() == _references(spec.provider)


def _references(provider: str) -> set[str]:
    if provider in ("zai", "bigmodel"):
        return {"request_id", "user_id"}
    return {"payload"} if provider == "relay" else set()


def assert_same_pictures(sent: object, shown: object) -> None:
    """A text where the page has a text, as many in a list as it has there; all of them pictures."""
    assert type(sent) is type(shown)
    images = [sent] if isinstance(sent, str) else sent
    assert isinstance(images, list)
    assert len(images) == (1 if isinstance(shown, str) else len(shown))  # type: ignore[arg-type]
    for number, uri in enumerate(images):
        head, _comma, data = uri.partition(",")
        assert head == "data:image/png;base64"
        with Image.open(BytesIO(b64decode(data, validate=True))) as image:
            assert image.getpixel((0, 0)) == (40 * number % 256, 90, 160)


def test_the_model_that_is_named_last_is_not_forgotten() -> None:
    """Every model of the four pages is called here at least once."""
    wanted = {
        spec.key
        for provider in ("zai", "bigmodel", "jiekou", "relay")
        for spec in jobs.sold(provider)
    }
    assert {seed.model for seed in SEEDS} == wanted


def test_the_relays_answer_is_read() -> None:
    for key in ("relay", "vidu"):
        ticket = adapter(key).read_submit(reply(RELAY_ANSWER))
        assert ticket.remote_id == "885482446060003328"
        assert (ticket.quoted, ticket.unit) == (Decimal(55), "credits")


def test_jiekous_answer_has_a_name_and_nothing_else() -> None:
    content: dict[str, Any] = {"task_id": "8f0f0a52-1d"}
    assert adapter("jiekou").read_submit(reply(content)).remote_id == "8f0f0a52-1d"
