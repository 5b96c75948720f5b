"""Against the real providers: asleep unless STUDIO_<PROVIDER>_API_KEY is in the environment.

A key alone wakes what is free. With STUDIO_TEST_LIVE_PAID=1 too, each model makes one clip of the
least price, which is charged. A relay also needs STUDIO_RELAY_BASE_URL.
"""

import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from studio.catalogue.load import catalogue, provider
from studio.catalogue.specs import ModelSpec
from studio.providers.base import Access, Progress, Reply, Request, Stage
from studio.providers.errors import Busy, Gone, Unclear
from studio.providers.registry import traits
from studio.providers.wires import adapter
from tests import environment
from tests.providers import jobs

AWAKE = sorted(environment.LIVE_KEYS)
MODELS = [spec for spec in catalogue().models.values() if spec.provider in AWAKE]
# The pages wait ten minutes before they look; a slow day doubles that.
LONGEST, PAUSE = 1500.0, 10.0

paid = pytest.mark.skipif(not environment.LIVE_PAID, reason="a clip is charged")


def test_without_a_key_nothing_is_awake() -> None:
    assert set(AWAKE) <= {"zai", "bigmodel", "jiekou", "vidu", "relay"}
    assert bool(MODELS) == bool(AWAKE)


def access(key: str) -> Access:
    found = provider(key)
    base = environment.LIVE_BASES.get(key) or (found.api if found else "")
    return Access(base, environment.LIVE_KEYS[key])


def carried(request: Request) -> Reply:
    answer = httpx.request(
        request.method,
        request.url,
        headers=dict(request.headers),
        content=request.body or None,
        timeout=120,
        follow_redirects=False,
    )
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(answer.status_code, headers, answer.content)


@pytest.mark.parametrize("provider", AWAKE)
def test_the_key_is_taken(provider: str) -> None:
    """A job that never was: any answer but trouble with the account shows a good key."""
    wire = adapter(provider)
    with pytest.raises((Gone, Unclear, Busy)):
        wire.read_poll(carried(wire.poll("1", access(provider))))


@pytest.mark.parametrize("provider", [p for p in AWAKE if traits(p).tells_balance])
def test_the_balance_is_told(provider: str) -> None:
    wire = adapter(provider)
    assert wire.read_balance(carried(wire.balance(access(provider)))).left >= 0


@paid
@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.key)
def test_a_model_makes_a_clip(spec: ModelSpec, tmp_path: Path) -> None:
    wire, entry = adapter(spec.provider), access(spec.provider)
    same = jobs.job(spec.key, tmp_path, prompt="A paper boat drifts on a calm pond.")
    order = replace(same, uid=uuid4().hex)
    ticket = wire.read_submit(carried(wire.submit(order, entry)))
    ended = _ended(spec.provider, ticket.remote_id)
    assert ended.stage is Stage.DONE, ended.complaint
    assert httpx.get(ended.links[0], timeout=120).content[4:8] == b"ftyp"
    if ticket.quoted is not None:
        assert ended.charged == ticket.quoted > Decimal(0)


def _ended(provider: str, remote_id: str) -> Progress:
    wire, until = adapter(provider), time.monotonic() + LONGEST
    while time.monotonic() < until:
        time.sleep(PAUSE)
        try:
            progress = wire.read_poll(carried(wire.poll(remote_id, access(provider))))
        except (Busy, Gone, Unclear):
            continue
        if progress.links or progress.stage in (Stage.FAILED, Stage.STOPPED):
            return progress
    raise TimeoutError(remote_id)
