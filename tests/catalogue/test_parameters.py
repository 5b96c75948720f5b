"""Parameters: each rule just inside and just outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalogue.load import catalogue, model
from studio.catalogue.rules import (
    Unreadable,
    check_parameters,
    parse,
    spell,
)
from studio.catalogue.specs import Mode, ModelSpec, Value

ANIMATIC = "local/animatic"
OLD = "vidu/vidu2.0-img2video"
REFERENCE = "vidu/viduq2-reference2video"


def codes(key: str, mode: Mode, values: dict[str, Value]) -> list[tuple[str, str]]:
    return [(f.field, f.code) for f in check_parameters(model(key), mode, values)]


# ── Parameters ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seconds", [1, 16])
def test_a_length_at_either_end_is_taken(seconds: int) -> None:
    assert codes(ANIMATIC, Mode.IMAGE, {"duration": seconds}) == []


@pytest.mark.parametrize("seconds", [0, 17, -5, 10**9, True, "4"])
def test_a_length_beyond_the_list_is_refused_with_the_list(seconds: Value) -> None:
    values: dict[str, Value] = {"duration": seconds}
    (fault,) = check_parameters(model(ANIMATIC), Mode.IMAGE, values)
    assert (fault.field, fault.code) == ("duration", "not_allowed")
    assert "1, 2, 3, 4" in str(fault)


@pytest.mark.parametrize("seed", [0, 2_147_483_647])
def test_a_seed_at_either_end_of_its_range_is_taken(seed: int) -> None:
    assert codes("relay/viduq2-pro", Mode.REFERENCE, {"seed": seed}) == []


@pytest.mark.parametrize("seed", [-1, 2_147_483_648, False])
def test_a_seed_beyond_its_range_is_refused_with_the_range(seed: Value) -> None:
    (fault,) = check_parameters(model("relay/viduq2-pro"), Mode.REFERENCE, {"seed": seed})
    assert fault.code == "not_allowed"
    assert "from 0 to 2147483647" in str(fault)


def test_a_number_is_no_switch() -> None:
    assert codes(REFERENCE, Mode.REFERENCE, {"bgm": 1}) == [("bgm", "not_allowed")]


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    (fault,) = check_parameters(model(ANIMATIC), Mode.IMAGE, {"quality": "speed"})
    assert fault.code == "unknown_parameter"
    assert "duration, size, motion, fit" in str(fault)


def test_a_setting_of_another_mode_is_refused() -> None:
    assert codes(ANIMATIC, Mode.TEXT, {"fit": "pad"}) == [("fit", "other_mode")]


def test_720x480_stays_choosable_at_zai() -> None:
    assert codes("zai/vidu2-image", Mode.IMAGE, {"size": "720x480"}) == []
    assert codes("zai/vidu2-image", Mode.IMAGE, {"size": "480x360"}) != []


@pytest.mark.parametrize(
    ("key", "mode", "fine", "wrong", "field", "reason"),
    [
        (
            OLD,
            Mode.IMAGE,
            {"duration": 8, "resolution": "720p"},
            {"duration": 8, "resolution": "1080p"},
            "resolution",
            "8 seconds at 720p only",
        ),
        (
            "vidu/viduq2-pro-img2video",
            Mode.IMAGE,
            {"duration": 8, "bgm": True},
            {"duration": 9, "bgm": True},
            "bgm",
            "no music",
        ),
        (
            REFERENCE,
            Mode.REFERENCE,
            {"off_peak": True, "audio": False},
            {"off_peak": True, "audio": True},
            "off_peak",
            "no sound off peak",
        ),
    ],
)
def test_values_that_do_not_go_together_are_refused_with_the_reason(
    key: str,
    mode: Mode,
    fine: dict[str, Value],
    wrong: dict[str, Value],
    field: str,
    reason: str,
) -> None:
    assert codes(key, mode, fine) == []
    (fault,) = check_parameters(model(key), mode, wrong)
    assert (fault.field, fault.code) == (field, "combination")
    assert reason in str(fault)


def test_a_combination_is_judged_with_the_defaults_of_what_is_missing() -> None:
    assert codes(OLD, Mode.IMAGE, {"resolution": "1080p"}) == []
    assert codes(OLD, Mode.IMAGE, {"duration": 8}) == []


def test_pro_fast_has_no_540p() -> None:
    fast = "vidu/viduq2-pro-fast-img2video"
    assert codes(fast, Mode.IMAGE, {"resolution": "540p"}) == [("resolution", "not_allowed")]
    assert codes("vidu/viduq2-pro-img2video", Mode.IMAGE, {"resolution": "540p"}) == []


def test_start_and_end_frame_make_at_most_eight_seconds_at_q2() -> None:
    pair = "vidu/viduq2-turbo-start-end2video"
    assert codes(pair, Mode.START_END, {"duration": 8}) == []
    assert codes(pair, Mode.START_END, {"duration": 9}) == [("duration", "not_allowed")]


# ── Texts ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("duration", "4", 4), ("seed", "0", 0), ("off_peak", "true", True), ("resolution", "x", "x")],
)
def test_a_text_becomes_the_value_it_means(name: str, text: str, value: Value) -> None:
    found = parse(model("relay/viduq2-pro"), name, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    ["-5", "1_000", "٣", "NaN", "1e400", "5.5", "", " 4", "4 ", "+4", "04", "0x4", "9" * 5000],
)
def test_a_text_that_is_no_plain_whole_number_is_refused_with_the_list(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(model(ANIMATIC), "duration", text)
    assert caught.value.fault.field == "duration"
    assert "1, 2, 3, 4" in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["True", "yes", "1", "on", ""])
def test_a_switch_is_true_or_false_and_nothing_else(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(model("relay/viduq2-pro"), "off_peak", text)


def test_a_text_for_an_unknown_setting_is_refused() -> None:
    with pytest.raises(Unreadable, match="no setting callback_url"):
        parse(model("relay/viduq2-pro"), "callback_url", "https://example.com")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused_and_never_crashes(text: str) -> None:
    spec = model(ANIMATIC)
    for parameter in spec.parameters:
        try:
            value = parse(spec, parameter.name, text)
        except Unreadable:
            continue
        faults = check_parameters(spec, Mode.IMAGE, {parameter.name: value})
        is_allowed = parameter.kind == "text" or value in parameter.values
        assert bool(faults) != is_allowed


@pytest.mark.parametrize("spec", catalogue().models.values(), ids=lambda spec: spec.key)
def test_every_allowed_value_survives_being_written_and_read(spec: ModelSpec) -> None:
    for parameter in spec.parameters:
        for value in parameter.values:
            assert parse(spec, parameter.name, spell(value)) == value


def test_a_free_text_may_have_just_so_many_characters() -> None:
    spec = model(ANIMATIC)
    assert check_parameters(spec, Mode.IMAGE, {"slate": "長" * 200}) == []
    (fault,) = check_parameters(spec, Mode.IMAGE, {"slate": "長" * 201})
    assert (fault.field, str(fault)) == ("slate", "slate is too long: 201 of 200 characters.")
    (fault,) = check_parameters(spec, Mode.IMAGE, {"slate": 7})
    assert fault.code == "not_allowed"
