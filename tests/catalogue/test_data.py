"""The shipped catalogue says what the sellers' pages say."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from studio.catalogue.load import UnknownModel, catalogue, model
from studio.catalogue.prices import price, price_range
from studio.catalogue.promises import defaults, promise
from studio.catalogue.prompts import check_prompt
from studio.catalogue.rules import check_parameters
from studio.catalogue.specs import Mode, Value

EXPECTED = [
    "zai/vidu2-image",
    "zai/vidu2-start-end",
    "zai/vidu2-reference",
    "bigmodel/viduq1-text",
    "bigmodel/viduq1-image",
    "bigmodel/viduq1-start-end",
    "bigmodel/cogvideox-2",
    "jiekou/vidu-2.0-reference2video",
    "relay/viduq2-pro",
    "local/animatic",
    "vidu/viduq2-pro-img2video",
    "vidu/viduq2-pro-start-end2video",
    "vidu/viduq2-pro-reference2video",
    "vidu/viduq2-turbo-img2video",
    "vidu/viduq2-turbo-start-end2video",
    "vidu/viduq2-pro-fast-img2video",
    "vidu/viduq2-pro-fast-start-end2video",
    "vidu/viduq2-text2video",
    "vidu/viduq2-reference2video",
    "vidu/viduq1-text2video",
    "vidu/viduq1-img2video",
    "vidu/viduq1-start-end2video",
    "vidu/viduq1-reference2video",
    "vidu/viduq1-classic-img2video",
    "vidu/viduq1-classic-start-end2video",
    "vidu/vidu2.0-img2video",
    "vidu/vidu2.0-start-end2video",
    "vidu/vidu2.0-reference2video",
]

PETER = "Peter Rabbit drives a small car along the road, his face filled with joy and happiness."
RABBIT = "比得兔开小汽车，游走在马路上，脸上的表情充满开心喜悦。"

Call = tuple[str, Mode, str, Mapping[str, Value]]


def _zai(mode: Mode, size: str, **others: Value) -> Call:
    values = {"duration": 4, "size": size, "movement_amplitude": "auto", **others}
    return f"zai/vidu2-{mode}", mode, PETER, values


def _q1(mode: Mode, **others: Value) -> Call:
    values = {"duration": 5, "size": "1920x1080", "movement_amplitude": "auto", **others}
    return f"bigmodel/viduq1-{mode}", mode, RABBIT, values


# The parameters of every call that the five pages show.
CALLS: list[Call] = [
    _zai(Mode.IMAGE, "720x480"),
    _zai(Mode.IMAGE, "1280x720"),
    _zai(Mode.START_END, "720x480"),
    _zai(Mode.START_END, "1280x720"),
    _zai(Mode.REFERENCE, "720x480", aspect_ratio="16:9", with_audio=True),
    _zai(Mode.REFERENCE, "1280x720", aspect_ratio="16:9", with_audio=True),
    _q1(Mode.TEXT, style="anime", aspect_ratio="16:9"),
    _q1(Mode.TEXT, style="general", aspect_ratio="16:9"),
    _q1(Mode.IMAGE),
    _q1(Mode.START_END),
    ("bigmodel/cogvideox-2", Mode.TEXT, "一只可爱的小猫在花园里玩耍", {}),
    (
        "jiekou/vidu-2.0-reference2video",
        Mode.REFERENCE,
        "words",
        {
            "duration": 4,
            "aspect_ratio": "16:9",
            "resolution": "360p",
            "movement_amplitude": "auto",
            "bgm": False,
        },
    ),
    (
        "relay/viduq2-pro",
        Mode.REFERENCE,
        "The astronaut waved and the camera moved up.",
        {
            "duration": 5,
            "seed": 0,
            "resolution": "720p",
            "movement_amplitude": "auto",
            "off_peak": False,
        },
    ),
]


def test_every_model_that_was_asked_for_is_there_and_no_other() -> None:
    assert sorted(catalogue().models) == sorted(EXPECTED)


def test_an_unknown_model_is_named_in_the_error() -> None:
    with pytest.raises(UnknownModel, match="zai/vidu9"):
        model("zai/vidu9")


@pytest.mark.parametrize("key", EXPECTED)
def test_a_model_tells_its_source_and_has_a_price_unless_free(key: str) -> None:
    spec = model(key)
    assert spec.source
    if spec.provider == "local":
        assert spec.is_free
    else:
        assert spec.price and spec.price.source
        assert price_range(spec)[0].amount > 0


@pytest.mark.parametrize(("key", "mode", "prompt", "values"), CALLS)
def test_the_call_that_the_page_shows_is_valid_and_has_a_price(
    key: str, mode: Mode, prompt: str, values: Mapping[str, Value]
) -> None:
    spec = model(key)
    assert check_parameters(spec, mode, values) == []
    assert check_prompt(spec, mode, prompt) == []
    assert price(spec, values).amount > 0


@pytest.mark.parametrize(("key", "mode", "prompt", "values"), CALLS[-3:])
def test_the_defaults_are_those_of_the_page(
    key: str, mode: Mode, prompt: str, values: Mapping[str, Value]
) -> None:
    assert defaults(model(key), mode) == values


def test_start_end_sends_four_seconds_and_says_that_the_card_says_five() -> None:
    spec = model("zai/vidu2-start-end")
    assert defaults(spec, Mode.START_END)["duration"] == 4
    assert promise(spec, Mode.START_END, {}).seconds == 4
    assert spec.seconds_note == "card says 5"


def test_the_length_of_cogvideox_2_is_not_stated_unless_it_is_asked_for() -> None:
    spec = model("bigmodel/cogvideox-2")
    assert defaults(spec, Mode.TEXT) == {}
    assert promise(spec, Mode.TEXT, {}).seconds is None
    assert promise(spec, Mode.TEXT, {"duration": 10}).seconds == 10


@pytest.mark.parametrize(
    "key",
    [
        "jiekou/vidu-2.0-reference2video",
        "relay/viduq2-pro",
        "vidu/viduq2-pro-reference2video",
        "vidu/viduq1-classic-img2video",
        "vidu/viduq1-classic-start-end2video",
    ],
)
def test_a_price_that_nobody_lists_is_unconfirmed_and_reasoned(key: str) -> None:
    prices = model(key).price
    assert prices is not None
    assert prices.unconfirmed
    assert len(prices.reasoning) > 40


def test_no_other_price_is_unconfirmed() -> None:
    unsure = [s.key for s in catalogue().models.values() if s.price and s.price.unconfirmed]
    assert len(unsure) == 5


@pytest.mark.parametrize(
    ("key", "hours"),
    [
        ("zai/vidu2-image", 24),
        ("bigmodel/viduq1-text", 24),
        ("vidu/viduq2-text2video", 24),
        ("jiekou/vidu-2.0-reference2video", 1),
        ("relay/viduq2-pro", 1),
        ("bigmodel/cogvideox-2", 1),
    ],
)
def test_an_unstated_link_life_counts_as_one_hour(key: str, hours: int) -> None:
    assert model(key).link_life_hours == hours


def test_the_endpoint_is_no_part_of_the_vendors_model() -> None:
    assert model("vidu/viduq2-pro-fast-start-end2video").model == "viduq2-pro-fast"
    assert model("vidu/viduq2-pro-fast-start-end2video").endpoint == "start-end2video"
    assert model("relay/viduq2-pro").model == "viduq2-pro"
    assert model("jiekou/vidu-2.0-reference2video").model == "vidu-2.0-reference2video"


def test_customer_levels_say_how_many_jobs_may_be_in_flight() -> None:
    (bigmodel,) = [p for p in catalogue().providers if p.key == "bigmodel"]
    assert bigmodel.levels == {"V0": 5, "V1": 10, "V2": 15, "V3": 20}


def test_the_animatic_takes_what_the_command_line_promises() -> None:
    spec = model("local/animatic")
    assert set(spec.modes) == set(Mode)
    assert spec.fps == Decimal(24)
    assert defaults(spec, Mode.TEXT) == {"duration": 4, "size": "picture", "motion": "auto"}
    assert defaults(spec, Mode.IMAGE)["fit"] == "crop"
