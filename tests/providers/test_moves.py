import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.providers.local.boxes import Box, Size
from studio.providers.local.moves import Stage, ease, move, resolve, there_and_back
from studio.providers.local.sizes import canvas_size, frame_size

MOTIONS = ["push-in", "pull-out", "pan-left", "pan-right", "pan-up", "pan-down", "drift"]
FRAME = Size(1280, 720)
STAGE = Stage(Size(1600, 900), FRAME)


def middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


@given(
    motion=st.sampled_from(MOTIONS),
    picture=st.tuples(st.integers(64, 8192), st.integers(64, 8192)),
    frame=st.sampled_from([(1280, 720), (720, 1280), (1024, 1024), (1080, 1920)]),
    seconds=st.integers(1, 16),
    along=st.booleans(),
)
def test_no_move_leaves_the_canvas_or_bends_the_picture(
    motion: str, picture: tuple[int, int], frame: tuple[int, int], seconds: int, along: bool
) -> None:
    size = Size(*frame)
    canvas = canvas_size(Size(*picture), size, along=along)
    taken = move(motion, Stage(canvas, size), seconds)
    for share in (0.0, 0.3, 0.7, 1.0):
        box = taken.at(share)
        assert box.left >= -1e-6 and box.top >= -1e-6
        assert box.right <= canvas.width + 1e-6 and box.bottom <= canvas.height + 1e-6
        assert box.width / box.height == pytest.approx(size.ratio)


def test_each_move_does_what_its_name_says() -> None:
    whole = STAGE.whole
    ends = {name: (move(name, STAGE, 4).first, move(name, STAGE, 4).last) for name in MOTIONS}
    assert ends["push-in"][0] == whole and ends["push-in"][1].width < whole.width
    assert ends["pull-out"][1] == whole and ends["pull-out"][0].width < whole.width
    for name, axis, sign in (
        ("pan-left", 0, -1),
        ("pan-right", 0, 1),
        ("pan-up", 1, -1),
        ("pan-down", 1, 1),
    ):
        first, last = (middle(box) for box in ends[name])
        assert (last[axis] - first[axis]) * sign > 50
        assert last[1 - axis] == pytest.approx(first[1 - axis])


def test_a_longer_clip_goes_further() -> None:
    short, long = (move("push-in", STAGE, seconds).last for seconds in (2, 8))
    assert long.width < short.width


def test_a_panorama_is_looked_along_without_coming_closer() -> None:
    canvas = canvas_size(Size(4000, 1000), FRAME, along=True)
    taken = move("pan-right", Stage(canvas, FRAME), 4)
    assert taken.first.height == taken.last.height == canvas.height
    assert taken.last.left - taken.first.left > 0.3 * taken.first.width


def test_a_canvas_is_never_longer_than_a_short_look_needs() -> None:
    assert canvas_size(Size(8192, 64), FRAME, along=True) == (4000, 900)
    assert canvas_size(Size(64, 8192), FRAME, along=True) == (1600, 2250)
    assert canvas_size(Size(8192, 64), FRAME) == (1600, 900)


@pytest.mark.parametrize(
    ("picture", "motion"),
    [((1600, 900), "push-in"), ((4000, 1000), "pan-right"), ((900, 1600), "pan-up")],
)
def test_auto_follows_the_shape(picture: tuple[int, int], motion: str) -> None:
    assert resolve("auto", Size(*picture), FRAME) == motion
    assert resolve("drift", Size(*picture), FRAME) == "drift"


def test_auto_varies_in_a_montage() -> None:
    moves = [resolve("auto", FRAME, FRAME, number) for number in range(4)]
    assert len(set(moves)) == 4


@pytest.mark.parametrize("curve", [ease, there_and_back])
def test_moves_start_and_stop_gently(curve: object) -> None:
    assert callable(curve)
    values = [curve(n / 1000) for n in range(1001)]
    assert values[0] == 0 and max(values) == 1
    assert values[1] < 1e-4 and abs(values[-1] - values[-2]) < 1e-4
    assert max(abs(b - a) for a, b in itertools.pairwise(values)) < 0.0031
    assert there_and_back(1) == 0 and there_and_back(0.5) == 1


@pytest.mark.parametrize(
    ("size", "picture", "expected"),
    [
        ("picture", None, (1280, 720)),
        ("1080x1920", None, (1080, 1920)),
        ("1024x1024", Size(100, 900), (1024, 1024)),
        ("picture", Size(1281, 721), (1280, 720)),
        ("picture", Size(65, 67), (1242, 1280)),
        ("picture", Size(4000, 1000), (1280, 320)),
        ("picture", Size(64, 8192), (64, 1280)),
    ],
)
def test_a_clip_is_as_large_as_was_said(
    size: str, picture: Size | None, expected: tuple[int, int]
) -> None:
    assert frame_size(size, picture) == expected
