"""Every model that is sold, from the shell and from the browser, against the sandbox."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.catalogue.load import catalogue
from studio.catalogue.specs import ModelSpec
from tests.house import House
from tests.sandbox.running import Sandbox

SOLD = [spec for spec in catalogue().models.values() if not spec.is_free]
# Where a brief asks for sound, by the name of the parameter.
SOUND = {spec.key: spec.audio_from[0] for spec in SOLD if spec.audio_from}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox.start(tmp_path_factory.mktemp("sandbox"), seconds=0.05) as started:
        yield started


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = House(tmp_path_factory.mktemp("house") / "data")
    built.found()
    yield built
    built.stop_all()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two frames of one format, as every model takes them."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = [folder / f"{n}.png" for n in range(2)]
    for number, path in enumerate(paths):
        Image.new("RGB", (640, 360), (90 * number, 120, 160)).save(path)
    return paths


def arguments(spec: ModelSpec, pictures: list[Path]) -> list[str]:
    wanted = max((rule.minimum for rule in spec.pictures.values()), default=0)
    given = [part for path in pictures[:wanted] for part in ("--image", str(path))]
    sound = ["--set", f"{SOUND[spec.key]}=true"] if spec.key in SOUND else []
    return [spec.key, "--prompt", "A boat at dawn", *given, *sound]


def generate(house: House, sandbox: Sandbox, wanted: list[str]) -> dict[str, Any]:
    done = house.manage(
        "generate", *wanted, "--wait", "--timeout", "100", "--json", **sandbox.environment()
    )
    assert done.returncode == 0, done.stderr + done.stdout
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("spec", SOLD, ids=lambda spec: spec.key)
def test_a_model_makes_a_clip_from_the_shell_at_its_price(
    house: House, sandbox: Sandbox, pictures: list[Path], spec: ModelSpec
) -> None:
    before = len(sandbox.journal(spec.provider))
    answer = generate(house, sandbox, arguments(spec, pictures))
    assert (answer["state"], answer["error"]) == ("succeeded", None)
    (video,) = answer["videos"]
    assert Path(video["path"]).stat().st_size == video["bytes"] > 0
    assert video["audio"] == (spec.key in SOUND)
    jobs = sandbox.journal(spec.provider)
    assert len(jobs) == before + 1
    assert answer["charge"]["state"] == "settled"
    assert Decimal(answer["charge"]["amount"]) == in_money(jobs[-1], spec)
    assert answer["charge"]["amount"] == answer["quote"]["amount"]


def in_money(job: dict[str, Any], spec: ModelSpec) -> Decimal:
    """What the sandbox charged, in the seller's currency."""
    charged = Decimal(str(job["charged"]))
    worth = spec.price.credit_value if spec.price else None
    return charged * worth if worth else charged
