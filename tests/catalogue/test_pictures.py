"""Pictures: each rule just inside and just outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalogue.load import model
from studio.catalogue.pictures import PictureFacts, body_bytes, check_pictures
from studio.catalogue.specs import Mode, Role

ANIMATIC = "local/animatic"


def picture(
    role: Role, width: int = 1280, height: int = 720, size: int = 10**6, format: str = "jpeg"
) -> PictureFacts:
    return PictureFacts(role, width, height, bytes=size, format=format)


def judged(key: str, mode: Mode, *pictures: PictureFacts) -> list[tuple[str, str]]:
    return [(f.field, f.code) for f in check_pictures(model(key), mode, pictures)]


START, END, REF = Role.START, Role.END, Role.REFERENCE


@pytest.mark.parametrize(
    ("key", "limit"), [("bigmodel/cogvideox-2", 5_000_000), ("zai/vidu2-image", 50_000_000)]
)
def test_a_picture_may_have_just_so_many_bytes(key: str, limit: int) -> None:
    assert judged(key, Mode.IMAGE, picture(START, size=limit)) == []
    heavy = picture(START, size=limit + 1)
    assert judged(key, Mode.IMAGE, heavy) == [("start", "picture_too_heavy")]
    (fault,) = check_pictures(model(key), Mode.IMAGE, [heavy])
    assert f"{limit / 10**6 + 0.01:g} MB" in str(fault)


def test_a_format_that_the_seller_does_not_read_is_a_fault() -> None:
    key = "bigmodel/cogvideox-2"
    assert judged(key, Mode.IMAGE, picture(START, format="png")) == []
    webp = picture(START, format="webp")
    assert judged(key, Mode.IMAGE, webp) == [("start", "picture_format")]


def test_a_request_with_all_its_pictures_may_have_just_so_many_bytes() -> None:
    key = "vidu/viduq1-reference2video"
    each = next(n for n in range(2_100_000, 2_200_000) if _body(n + 1) > 20_000_000)
    assert judged(key, Mode.REFERENCE, *[picture(REF, size=each)] * 7) == []
    over = [picture(REF, size=each + 1)] * 7
    assert judged(key, Mode.REFERENCE, *over) == [("pictures", "body_too_heavy")]


def _body(each: int) -> int:
    return body_bytes([picture(REF, size=each)] * 7)


def test_the_faulty_one_of_several_references_is_named() -> None:
    pictures = [picture(REF), picture(REF, 100, 100)]
    (fault,) = check_pictures(model("relay/viduq2-pro"), Mode.REFERENCE, pictures)
    assert (fault.code, fault.number) == ("picture_too_small", 1)


def test_a_missing_frame_is_asked_for_at_its_place() -> None:
    key = "zai/vidu2-start-end"
    assert judged(key, Mode.START_END) == [("start", "missing_picture"), ("end", "missing_picture")]
    assert judged(key, Mode.START_END, picture(START)) == [("end", "missing_picture")]
    assert judged("zai/vidu2-image", Mode.IMAGE) == [("start", "missing_picture")]


def test_one_frame_too_many_is_refused() -> None:
    two = (picture(START), picture(START))
    assert judged("zai/vidu2-image", Mode.IMAGE, *two) == [("pictures", "too_many_pictures")]


def test_words_alone_take_no_pictures() -> None:
    key = "vidu/viduq2-text2video"
    assert judged(key, Mode.TEXT) == []
    assert judged(key, Mode.TEXT, picture(REF)) == [("pictures", "no_pictures")]


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("zai/vidu2-reference", 3),
        ("jiekou/vidu-2.0-reference2video", 3),
        ("vidu/vidu2.0-reference2video", 3),
        ("vidu/viduq1-reference2video", 7),
        ("relay/viduq2-pro", 7),
        (ANIMATIC, 7),
    ],
)
def test_references_are_counted(key: str, most: int) -> None:
    wrong = [("reference", "number_of_references")]
    assert judged(key, Mode.REFERENCE) == wrong
    assert judged(key, Mode.REFERENCE, picture(REF)) == []
    assert judged(key, Mode.REFERENCE, *[picture(REF)] * most) == []
    over = [picture(REF)] * (most + 1)
    assert judged(key, Mode.REFERENCE, *over) == [("reference", "too_many_pictures")]


def test_a_start_frame_is_no_reference() -> None:
    pictures = (picture(REF), picture(START))
    assert judged("relay/viduq2-pro", Mode.REFERENCE, *pictures) != []


def test_a_side_of_128_is_long_enough_for_a_reference() -> None:
    key = "relay/viduq2-pro"
    assert judged(key, Mode.REFERENCE, picture(REF, 128, 128)) == []
    assert judged(key, Mode.REFERENCE, picture(REF, 128, 127)) == [
        ("reference", "picture_too_small")
    ]


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [(400, 100, True), (401, 100, False), (100, 400, True), (100, 401, False)],
)
def test_a_strip_may_be_four_to_one(width: int, height: int, fits: bool) -> None:
    faults = judged("zai/vidu2-image", Mode.IMAGE, picture(START, width, height))
    assert faults == ([] if fits else [("start", "picture_ratio")])


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [(800, 1000, True), (799, 1000, False), (1250, 1000, True), (1251, 1000, False)],
)
def test_start_and_end_may_differ_by_four_to_five(width: int, height: int, fits: bool) -> None:
    start, end = picture(START, width, height), picture(END, 1000, 1000)
    expected = [] if fits else [("end", "pair_ratio")]
    assert judged("zai/vidu2-start-end", Mode.START_END, start, end) == expected
    # Which of the two was listed first makes no difference.
    assert judged("zai/vidu2-start-end", Mode.START_END, end, start) == expected


def test_the_local_renderer_fits_pictures_of_any_shape() -> None:
    pair = (picture(START, 4000, 100), picture(END, 100, 4000))
    assert judged(ANIMATIC, Mode.START_END, *pair) == []


@given(*[st.integers(1, 20_000)] * 4)
def test_swapping_start_and_end_never_changes_whether_they_fit(
    w1: int, h1: int, w2: int, h2: int
) -> None:
    # 0.8 and 1.25 are each other's reciprocal, so the rule must be blind to the order.
    def fits(first: tuple[int, int], second: tuple[int, int]) -> bool:
        pictures = (picture(START, *first), picture(END, *second))
        faults = check_pictures(model("zai/vidu2-start-end"), Mode.START_END, pictures)
        return not any(fault.code == "pair_ratio" for fault in faults)

    assert fits((w1, h1), (w2, h2)) == fits((w2, h2), (w1, h1))
