import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.providers.local.boxes import Size
from studio.providers.local.fonts import MissingGlyphs
from studio.providers.local.planes import Planes, convert
from studio.providers.local.slate import slate
from tests.providers.writing import needs_cjk

FRAME = Size(1280, 720)
LONG = "The boats leave one by one into a fog that nobody has seen the end of, " * 6


def grey(level: int, size: Size = FRAME) -> Planes:
    return convert(Image.new("RGB", size, (level,) * 3))


def burnt(text: str, below: Planes) -> Planes:
    drawn = slate(text, below.size)
    assert drawn
    return drawn.over(below)


def touched(text: str, size: Size = FRAME) -> NDArray[np.bool_]:
    below = grey(200, size)
    return np.asarray(burnt(text, below).luma != below.luma)


@pytest.mark.parametrize("text", ["", " ", "\n \n"])
def test_nothing_said_is_nothing_drawn(text: str) -> None:
    assert slate(text, FRAME) is None


@pytest.mark.parametrize("size", [Size(1280, 720), Size(540, 960), Size(720, 480), Size(64, 1280)])
@pytest.mark.parametrize(
    "text", ["Harbour\n5 s\nUS$0.40", LONG, LONG + "\n5 s\n" + LONG, "w" * 400]
)
def test_a_slate_stands_in_the_lower_left_and_leaves_the_rest(text: str, size: Size) -> None:
    changed = touched(text, size)
    rows, columns = (np.flatnonzero(changed.max(axis=axis)) for axis in (1, 0))
    assert columns[0] < size.width * 0.1 and columns[-1] < size.width * 0.95
    assert rows[-1] > size.height * 0.9 and rows[0] > size.height * 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Harbour at dawn",
        pytest.param("清晨的港口\n5 秒\n￥0.40", marks=needs_cjk),
        pytest.param("港の朝ー海辺\n5秒", marks=needs_cjk),
    ],
)
def test_the_words_are_light_on_a_veil_in_any_writing(text: str) -> None:
    for level in (0, 128, 255):
        below = grey(level)
        corner = burnt(text, below).luma[touched(text)]
        assert corner.max() > 190
        assert np.median(corner) < 125
        # Something of the picture is still seen through.
        assert level == 0 or np.median(corner) > 30


@needs_cjk
def test_each_writing_has_shapes_of_its_own() -> None:
    # A font without these would draw the same empty box for both.
    below = grey(0)
    assert (burnt("港", below).luma != burnt("湊", below).luma).any()


def test_a_slate_grows_by_its_lines_up_to_three() -> None:
    heights = [touched("\n".join("abcd"[:count])).any(axis=1).sum() for count in (1, 2, 3, 4)]
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_name_too_long_is_shortened_to_two_rows() -> None:
    two, many = (touched(text).any(axis=1).sum() for text in (LONG[:80], LONG))
    assert many == two


def test_colour_lies_under_the_veil_as_it_lay_before() -> None:
    below = convert(Image.new("RGB", FRAME, (200, 60, 40)))
    shown = burnt("Harbour", below)
    middle = np.s_[:180, 320:]
    assert (shown.red[middle] == below.red[middle]).all()
    assert (shown.red != below.red).any()


def test_a_slate_that_no_font_can_draw_is_refused() -> None:
    with pytest.raises(MissingGlyphs) as caught:
        slate("Harbour \U0001f9ff", FRAME)
    assert caught.value.characters == "\U0001f9ff"
