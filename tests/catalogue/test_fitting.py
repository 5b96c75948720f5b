"""Fitting: whatever the picture and whatever the rules, the plan breaks none of them."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio.catalogue import fitting, shapes
from studio.catalogue.fitting import Box, How, Plan, Size
from studio.catalogue.load import model
from studio.catalogue.pictures import PictureFacts, body_bytes, check_pictures
from studio.catalogue.specs import Mode, ModelSpec, PictureRule, Role

START_END = "zai/vidu2-start-end"
sides = st.integers(fitting.SHORTEST, fitting.LONGEST)


def facts(width: int, height: int, role: Role = Role.START, bytes: int = 1000) -> PictureFacts:
    return PictureFacts(role, width, height, bytes, "png")


def ruled(**fields: object) -> PictureRule:
    wide: dict[str, object] = {"minimum": 1, "maximum": 2, "formats": ("png",), "max_bytes": 10**6}
    return PictureRule(**(wide | fields))  # type: ignore[arg-type]


def planned(
    how: How, rule: PictureRule, *pictures: PictureFacts, number: int = 0, shape: str = ""
) -> Plan | None:
    bounds = fitting.bounds(rule, pictures, number, shape)
    size = Size(pictures[number].width, pictures[number].height)
    return fitting.plan(how, bounds, size)


def judged(spec: ModelSpec, *pictures: PictureFacts) -> list[str]:
    return [fault.code for fault in check_pictures(spec, spec.modes[0], pictures)]


def spec_of(rule: PictureRule) -> ModelSpec:
    spec = model(START_END)
    return replace(spec, pictures={Mode.START_END: rule})


def lies_in(box: Box, size: Size) -> bool:
    across = box.left >= 0 and box.left + box.width <= size.width
    return across and box.top >= 0 and box.top + box.height <= size.height


@st.composite
def rules(draw: st.DrawFn) -> PictureRule:
    """Bounds of any kind, with room in them as every seller's have.

    Not narrower than 1:10, far below any seller's 1:4: a strip of 1:16 whose short side must
    be 512 would be longer than the longest picture that we make.
    """
    low = draw(st.none() | st.floats(0.1, 2))
    high = draw(st.none() | st.floats((low or 0.1) * 1.2, 20))
    pair = draw(st.none() | st.floats(0.4, 0.95))
    return ruled(
        minimum=2,
        min_side=draw(st.integers(1, 512)),
        ratio_low=low,
        ratio_high=high,
        pair_low=pair,
        pair_high=pair and 1 / pair,
    )


@given(rules(), sides, sides, sides, sides, st.sampled_from([How.CROP, How.PAD]), st.integers(0, 1))
def test_a_crop_or_pad_breaks_no_rule_of_its_own_picture(
    rule: PictureRule, w: int, h: int, w2: int, h2: int, how: How, number: int
) -> None:
    assume(w * h <= fitting.MOST_PIXELS and w2 * h2 <= fitting.MOST_PIXELS)
    size, other = Size(w, h), Size(w2, h2)
    pictures = [facts(*size, Role.START), facts(*size, Role.END)]
    pictures[1 - number] = facts(*other, (Role.START, Role.END)[1 - number])
    bounds = fitting.bounds(rule, pictures, number)
    plan = fitting.plan(how, bounds, size)
    assert plan
    assert lies_in(plan.box, size)
    for made in plan.sizes:
        assert max(made) <= fitting.LONGEST
        assert made.width * made.height <= fitting.MOST_PIXELS
        assert min(made) >= max(rule.min_side, fitting.SHORTEST)
        pictures[number] = facts(*made, pictures[number].role)
        found = check_pictures(spec_of(rule), Mode.START_END, pictures)
        assert [fault for fault in found if fault.number == number] == []
        if bounds.other and not any(fault.number == 1 - number for fault in found):
            assert found == []


@given(sides, sides, st.sampled_from(["16:9", "9:16", "1:1", "4:3", "21:9"]))
def test_a_wished_shape_is_met_to_the_pixel(w: int, h: int, shape: str) -> None:
    assume(w * h <= fitting.MOST_PIXELS)
    wanted = shapes.ratio(shape)
    for how in (How.CROP, How.PAD):
        plan = planned(how, ruled(), facts(w, h), shape=shape)
        assert plan
        for width, height in plan.sizes:
            assert shapes.is_of(shape, width, height)
            assert min(abs(width - height * wanted), abs(height - width / wanted)) <= 1


@given(sides, sides, *[st.integers(-9000, 9000)] * 3)
def test_a_box_wherever_it_is_put_stays_in_the_picture_and_in_shape(
    w: int, h: int, left: int, top: int, width: int
) -> None:
    bounds = fitting.bounds(ruled(ratio_low=0.5, ratio_high=2), [facts(w, h)], 0, "16:9")
    plan = fitting.plan(How.CROP, bounds, Size(w, h), wished=(left, top, width))
    assert plan
    assert lies_in(plan.box, Size(w, h))
    assert shapes.is_of("16:9", plan.box.width, plan.box.height)


def test_a_box_that_is_allowed_is_left_as_it_is() -> None:
    bounds = fitting.bounds(ruled(), [facts(4000, 3000)], 0, "16:9")
    plan = fitting.plan(How.CROP, bounds, Size(4000, 3000), wished=(123, 45, 1600))
    assert plan and plan.box == Box(123, 45, 1600, 900)


@pytest.mark.parametrize(
    ("size", "box"),
    [
        (Size(1000, 100), Box(300, 0, 400, 100)),
        (Size(100, 1000), Box(0, 300, 100, 400)),
        (Size(8192, 64), Box(3968, 0, 256, 64)),
    ],
)
def test_a_strip_is_cropped_in_its_middle_to_the_longest_that_is_allowed(
    size: Size, box: Box
) -> None:
    plan = planned(How.CROP, model("zai/vidu2-image").pictures[Mode.IMAGE], facts(*size))
    assert plan and plan.box == box


def test_a_crop_that_becomes_too_small_is_enlarged_as_well() -> None:
    rule = ruled(min_side=128, ratio_low=0.25, ratio_high=4)
    plan = planned(How.CROP, rule, facts(1000, 100))
    assert plan and (plan.box.size, plan.size) == (Size(400, 100), Size(512, 128))


def test_an_end_frame_is_cropped_to_what_its_start_allows() -> None:
    rule = model(START_END).pictures[Mode.START_END]
    pair = (facts(1600, 900), facts(1000, 1000, Role.END))
    plan = planned(How.CROP, rule, *pair, number=1)
    assert plan
    assert judged(model(START_END), pair[0], facts(*plan.size, Role.END)) == []
    # As little as can be: 16:9 by 1.25.
    assert plan.size == Size(1000, 703)


def test_where_the_other_frame_is_wrong_itself_it_does_not_count() -> None:
    rule = model(START_END).pictures[Mode.START_END]
    plan = planned(How.CROP, rule, facts(6400, 100), facts(6400, 100, Role.END))
    assert plan and plan.box.size == Size(400, 100)


def test_a_canvas_never_outgrows_what_the_studio_keeps() -> None:
    plan = planned(How.PAD, ruled(), facts(8192, 4882), shape="9:16")
    assert plan and plan.size == Size(4608, 8192)


def test_what_only_enlarging_cannot_mend_is_not_enlarged() -> None:
    rule = ruled(min_side=128, ratio_low=0.25, ratio_high=4)
    assert planned(How.ENLARGE, rule, facts(640, 64)) is None
    assert planned(How.RECOMPRESS, rule, facts(640, 64)) is None
    small = planned(How.ENLARGE, rule, facts(100, 90))
    assert small and small.size == Size(142, 128)


# ── Bytes ─────────────────────────────────────────────────────────────────────────────────────


def test_a_file_may_have_what_the_rule_says_and_the_request_has_room_for() -> None:
    alone = fitting.bounds(ruled(max_body_bytes=10**6), [facts(100, 100)], 0).max_bytes
    assert body_bytes([facts(100, 100, bytes=alone)]) <= 10**6
    assert body_bytes([facts(100, 100, bytes=alone + 3)]) > 10**6
    assert fitting.bounds(ruled(), [facts(100, 100)], 0).max_bytes == 10**6


@given(st.lists(st.integers(1, 5_000_000), min_size=1, max_size=7), st.integers(100_000, 10**7))
def test_heavy_pictures_share_what_light_ones_leave(weights: list[int], limit: int) -> None:
    rule = ruled(max_bytes=10**8, max_body_bytes=limit)
    pictures = [facts(100, 100, Role.REFERENCE, weight) for weight in weights]
    for number, picture in enumerate(pictures):
        most = fitting.bounds(rule, pictures, number).max_bytes
        pictures[number] = replace(picture, bytes=min(picture.bytes, most))
    assert body_bytes(pictures) <= limit
