from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio.providers.local import scenes
from studio.providers.local.boxes import Box, Size, cover
from studio.providers.local.morph import Morph, between
from studio.providers.local.moves import Stage, ease, move, there_and_back
from studio.providers.local.planes import Planes, convert
from studio.providers.local.scenes import Film
from studio.providers.local.sizes import canvas_size
from tests.providers.pictures import flat, scenery

FRAME = Size(640, 360)
CANVAS = canvas_size(FRAME, FRAME)
WHOLE = cover(CANVAS, FRAME)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    return Image.open(scenery(tmp_path_factory.mktemp("morph") / "photo.png", (1920, 1080), 5))


def seen(photo: Image.Image, box: Box) -> Planes:
    return convert(photo.resize(CANVAS, Image.Resampling.LANCZOS, box))


def luma(planes: Planes) -> NDArray[np.float64]:
    return planes.view(Box(0, 0, *planes.size), FRAME).luma.astype(np.float64)


def decibels(truth: NDArray[np.float64], shown: NDArray[np.float64]) -> float:
    return float(10 * np.log10(255**2 / ((truth - shown) ** 2).mean()))


def found(one: Planes, other: Planes) -> Morph:
    morph = between(one, other)
    assert morph
    return morph


def test_a_camera_that_moved_moves_through_what_lies_between(photo: Image.Image) -> None:
    first, last = Box(100, 80, 1380, 800), Box(420, 200, 1444, 776)
    one, other = seen(photo, first), seen(photo, last)
    shown = found(one, other).frame(0.5, WHOLE, FRAME).luma.astype(np.float64)
    # Who is a little early or late on the way has not strayed from it.
    ways = [seen(photo, first.towards(last, share)) for share in np.linspace(0.4, 0.6, 21)]
    near = max(decibels(luma(truth), shown) for truth in ways)
    faded = max(decibels(luma(truth), luma(one.mixed(other, 0.5))) for truth in ways)
    assert near > faded + 8


def test_a_camera_that_turned_is_followed(photo: Image.Image) -> None:
    middle = Box(320, 180, 1600, 900)
    one, other = (seen(photo.rotate(angle, Image.Resampling.BICUBIC), middle) for angle in (0, 12))
    truth = luma(seen(photo.rotate(6, Image.Resampling.BICUBIC), middle))
    shown = found(one, other).frame(0.5, WHOLE, FRAME).luma.astype(np.float64)
    inner = np.s_[60:-60, 100:-100]
    assert decibels(truth[inner], shown[inner]) > 25


def test_what_only_one_end_shows_is_taken_from_it(photo: Image.Image) -> None:
    one, other = (seen(photo, Box(left, 100, left + 1280, 820)) for left in (100, 580))
    shown = found(one, other).frame(0.5, WHOLE, FRAME).luma.astype(np.float64)
    truth = luma(seen(photo, Box(340, 100, 1620, 820)))
    # The first picture ends at five eighths of this frame's width, the second begins at three.
    for strip in (np.s_[:, :100], np.s_[:, -100:]):
        assert decibels(truth[strip], shown[strip]) > 28


def badge(photo: Image.Image, x: int) -> Planes:
    """A red badge with marks on it, standing at `x` before the scenery."""
    picture = photo.resize(CANVAS)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((x - 60, 165, x + 60, 285), fill=(230, 20, 20), outline=(10, 10, 10), width=5)
    for dx, dy in ((-28, -20), (25, -30), (-5, 8), (-25, 28), (30, 22), (8, -42)):
        pen.ellipse((x + dx - 7, 225 + dy - 7, x + dx + 7, 225 + dy + 7), fill=(255, 240, 240))
    return convert(picture)


def redness(planes: Planes) -> NDArray[np.intp]:
    """Where it is as red as the badge: the columns of the pixels, in half pixels."""
    return np.argwhere((planes.red > 190) & (planes.blue < 125))[:, 1]


def test_a_thing_stands_once_and_in_the_middle_at_half_way(photo: Image.Image) -> None:
    calm = photo.convert("L").convert("RGB")
    one, other = badge(calm, 200), badge(calm, 560)
    frame = found(one, other).frame(0.5, WHOLE, FRAME)
    columns = redness(frame)
    # 380 of the canvas is 304 of the frame, 152 of its colour.
    assert abs(columns.mean() - 152) < 3
    assert columns.max() - columns.min() < 60
    assert len(columns) > 0.8 * len(redness(one.view(WHOLE, FRAME)))


def test_both_ends_are_the_very_pictures(photo: Image.Image) -> None:
    one, other = badge(photo, 200), badge(photo, 560)
    morph = found(one, other)
    for share, picture in ((0.0, one), (1.0, other)):
        shown, wanted = morph.frame(share, WHOLE, FRAME), picture.view(WHOLE, FRAME)
        for mine, theirs in zip(shown.all, wanted.all, strict=True):
            assert np.abs(mine.astype(int) - theirs).mean() < 1


def test_the_same_pictures_make_the_same_frames(photo: Image.Image) -> None:
    frames = [
        found(badge(photo, 200), badge(photo, 560)).frame(0.4, WHOLE, FRAME).frame()
        for _ in range(2)
    ]
    assert (frames[0] == frames[1]).all()


def test_unrelated_pictures_fade_under_a_shared_move(tmp_path: Path) -> None:
    paths = [scenery(tmp_path / f"{seed}.png", CANVAS, seed) for seed in (1, 2)]
    one, other = (convert(Image.open(path)) for path in paths)
    assert between(one, other) is None
    draw = scenes.crossing(Film(FRAME, 48, "auto", "crop"), *paths)
    stage = Stage(CANVAS, FRAME)
    far = move("push-in", stage, 2).last
    for number in (0, 20, 24, 47):
        t = number / 47
        box = stage.whole.towards(far, there_and_back(t))
        faded = one.mixed(other, ease((t - 0.12) / 0.76)).view(box, FRAME)
        assert (draw(number).frame() == faded.frame()).all()


def test_the_camera_stands_still_for_a_morph_unless_told(
    photo: Image.Image, tmp_path: Path
) -> None:
    for name, left in (("one", 100), ("other", 300)):
        photo.crop((left, 100, left + 1280, 820)).save(tmp_path / f"{name}.png")
    paths = tmp_path / "one.png", tmp_path / "other.png"
    quiet, told = (
        scenes.crossing(Film(FRAME, 25, motion, "crop"), *paths) for motion in ("auto", "push-in")
    )
    middle = quiet(12).luma.astype(np.float64)
    truth = luma(seen(photo, Box(200, 100, 1480, 820)))
    assert decibels(truth, middle) > 25
    assert decibels(truth, told(12).luma.astype(np.float64)) < 22
    assert (quiet(0).frame() == told(0).frame()).all()


@pytest.mark.parametrize("size", [Size(80, 80), Size(1600, 80), Size(80, 1600), Size(1554, 1602)])
def test_any_shape_is_looked_at(size: Size, tmp_path: Path) -> None:
    picture = convert(Image.open(scenery(tmp_path / "picture.png", size)))
    plain = convert(Image.open(flat(tmp_path / "flat.png", (90, 90, 90), size)))
    assert between(plain, plain) is None
    assert between(picture, plain) is None
    frame = Size(size.width * 4 // 5 // 2 * 2, size.height * 4 // 5 // 2 * 2)
    morph = between(picture, picture)
    if morph:
        shown = morph.frame(0.5, cover(size, frame), frame)
        assert [plane.shape for plane in shown.all] == [
            (frame.height, frame.width),
            (frame.height // 2, frame.width // 2),
            (frame.height // 2, frame.width // 2),
        ]
