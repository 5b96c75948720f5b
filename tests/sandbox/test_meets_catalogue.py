"""The sandbox's rules and the catalogue were written apart, from the same pages; here they meet."""

import math
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from studio.catalogue.combinations import combinations
from studio.catalogue.load import catalogue
from studio.catalogue.prices import deciding, price
from studio.catalogue.promises import complete, promise
from studio.catalogue.specs import Mode, ModelSpec
from studio.sandbox.refusals import Refused
from studio.sandbox.rules.model import Wish
from studio.sandbox.rules.sold import MODELS, find

SPECS = [spec for spec in catalogue().models.values() if not spec.is_free]
ENDPOINTS = {"zai": "videos/generations", "bigmodel": "videos/generations"}
SHAPING = ("size", "resolution", "aspect_ratio")
PICTURE = "https://pictures.example/wide.png"
COUNT = {Mode.TEXT: 0, Mode.IMAGE: 1, Mode.START_END: 2, Mode.REFERENCE: 1}


def wish(spec: ModelSpec, mode: Mode, values: dict[str, Any]) -> Wish:
    """Raises Refused, as the sandbox would refuse it."""
    endpoint = spec.endpoint or ENDPOINTS.get(spec.provider, spec.model)
    body: dict[str, Any] = {"prompt": "A cat", **values}
    if spec.provider != "jiekou":
        body["model"] = spec.model
    pictures = [PICTURE] * COUNT[mode]
    if pictures:
        is_single = spec.provider in ENDPOINTS and mode == Mode.IMAGE
        field = "image_url" if spec.provider in ENDPOINTS else "images"
        body[field] = PICTURE if is_single else pictures
    return find(spec.provider, endpoint, spec.model).read(body)


@cache
def wishes(key: str) -> list[tuple[Mode, dict[str, Any]]]:
    """Every combination that the catalogue offers of what prices and promises depend on."""
    spec = catalogue().models[key]
    telling = {*deciding(spec), *SHAPING, *spec.audio_from, spec.fps_from}
    return [
        (mode, complete(spec, mode, values))
        for mode in spec.modes
        for values in combinations(spec, mode, telling)
    ]


def test_both_sell_the_same() -> None:
    assert len(SPECS) == len(MODELS) == 27
    sold = {(model.provider, model.name, model.endpoint) for model in MODELS}
    listed = {
        (s.provider, s.model, s.endpoint or ENDPOINTS.get(s.provider, s.model)) for s in SPECS
    }
    assert sold == listed


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)
def test_whatever_is_offered_is_taken_at_the_same_price(spec: ModelSpec) -> None:
    for mode, values in wishes(spec.key):
        found = wish(spec, mode, values)
        quoted = price(spec, values)
        # Vidu counts whole credits; half of an odd price is rounded up here.
        amount = quoted.amount if quoted.credits is None else Decimal(math.ceil(quoted.credits))
        assert found.price == amount, values


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)
def test_what_arrives_is_what_is_promised(spec: ModelSpec) -> None:
    for mode, values in wishes(spec.key):
        clip, promised = wish(spec, mode, values).clip, promise(spec, mode, values)
        told = (promised.seconds, promised.width, promised.height, promised.fps)
        made = (Decimal(str(clip.seconds)), clip.width, clip.height, clip.fps)
        wrong = [pair for pair in zip(told, made, strict=True) if pair[0] not in {None, pair[1]}]
        assert wrong == [], values
        assert clip.sound == promised.audio, values


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)
def test_whatever_is_not_offered_is_refused(spec: ModelSpec) -> None:
    mode = spec.modes[0]
    plain = complete(spec, mode, {})
    for parameter in spec.parameters_in(mode):
        if parameter.allowed:
            other = 99 if parameter.kind == "integer" else "other"
            with pytest.raises(Refused):
                wish(spec, mode, plain | {parameter.name: other})
    with pytest.raises(Refused):
        wish(spec, mode, plain | {"nonsense": 1})
