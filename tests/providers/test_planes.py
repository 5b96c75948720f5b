from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.providers.local.boxes import Box, Size
from studio.providers.local.planes import convert, cropped, load, measure, padded
from tests.providers.pictures import disc, scenery

FRAME = Size(640, 360)


def white(picture: Image.Image) -> tuple[int, int]:
    """Width and height of what is white."""
    shown = np.asarray(picture.convert("L")) > 200
    return int(shown.any(axis=0).sum()), int(shown.any(axis=1).sum())


@pytest.mark.parametrize("fit", [cropped, padded])
@pytest.mark.parametrize("size", [(640, 360), (300, 900), (1601, 401), (333, 333)])
def test_a_disc_stays_a_disc(fit: object, size: tuple[int, int]) -> None:
    assert callable(fit)
    picture = fit(disc(size), FRAME)
    assert picture.size == FRAME
    width, height = white(picture)
    assert abs(width - height) <= 2
    assert width > 40


def test_cropping_keeps_the_middle_and_padding_keeps_it_all() -> None:
    tall = Image.new("RGB", (200, 600), (0, 90, 0))
    tall.paste((255, 0, 0), (0, 0, 200, 40))
    tall.paste((0, 0, 255), (0, 560, 200, 600))
    crop, pad = (np.asarray(fit(tall, FRAME), int) for fit in (cropped, padded))
    assert np.abs(crop - (0, 90, 0)).max() <= 2
    assert np.abs(pad[5, 320] - (255, 0, 0)).max() <= 6
    assert np.abs(pad[-6, 320] - (0, 0, 255)).max() <= 6
    # Beside the picture: dark.
    assert pad[:, :200].max() < 100


def test_planes_are_half_as_large_in_colour_and_in_limited_range() -> None:
    for level, luma in ((0, 16), (255, 235)):
        planes = convert(Image.new("RGB", (8, 4), (level,) * 3))
        assert [p.shape for p in planes.all] == [(4, 8), (2, 4), (2, 4)]
        assert (planes.luma == luma).all()
        assert (planes.blue == 128).all() and (planes.red == 128).all()
        assert planes.frame().shape == (6, 8)


def test_a_view_goes_by_fractions_of_a_pixel() -> None:
    ramp = np.tile(np.arange(0, 250, 5, dtype=np.uint8), (100, 1))
    planes = convert(Image.fromarray(ramp).convert("RGB"))
    views = [
        np.asarray(planes.view(Box(x, 10, x + 20, 60), Size(20, 50)).luma, float)[25, 10]
        for x in (10, 10.8, 11.6, 12.4, 13.2, 14)
    ]
    # A whole pixel is 4.3 levels and such a step 3.4.
    assert np.diff(views).min() >= 2
    assert np.diff(views).max() <= 5


def test_a_view_is_as_fine_as_a_curve_through_the_pixels(tmp_path: Path) -> None:
    with Image.open(scenery(tmp_path / "scenery.png", (800, 450))) as picture:
        planes = convert(picture.convert("RGB"))
    box, size = Box(31.3, 20.7, 735.3, 416.7), Size(640, 360)
    curve = Image.fromarray(planes.luma).resize(size, Image.Resampling.BICUBIC, box)
    straight = Image.fromarray(planes.luma).resize(size, Image.Resampling.BILINEAR, box)
    seen = np.asarray(planes.view(box, size).luma, float)
    far, near = (np.square(seen - np.asarray(p, float)).mean() for p in (straight, curve))
    assert near < far / 2


def test_a_view_of_one_colour_is_that_colour() -> None:
    planes = convert(Image.new("RGB", (100, 50), (201, 119, 43)))
    shown = planes.view(Box(3.3, 2.2, 83.3, 42.2), Size(64, 32))
    for plane, whole in zip(shown.all, planes.all, strict=True):
        assert (plane == whole[0, 0]).all()


def test_a_view_that_arithmetic_pushed_over_the_edge_is_still_seen() -> None:
    planes = convert(Image.new("RGB", (100, 50)))
    edge = Box(-1e-12, 0, 100 + 1e-12, 50 + 1e-12)
    assert planes.view(edge, Size(100, 50)).size == (100, 50)


def test_mixing_goes_from_one_to_the_other() -> None:
    black, grey = (convert(Image.new("RGB", (8, 8), (v,) * 3)) for v in (0, 200))
    assert (black.mixed(grey, 0).frame() == black.frame()).all()
    assert (black.mixed(grey, 1).frame() == grey.frame()).all()


def test_transparency_lies_on_a_dark_ground(tmp_path: Path) -> None:
    Image.new("RGBA", (70, 80), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    picture = load(tmp_path / "clear.png")
    assert picture.mode == "RGB"
    assert max(picture.getpixel((3, 3))) < 20  # type: ignore[arg-type]
    assert measure(tmp_path / "clear.png") == (70, 80)


def test_only_the_three_formats_are_opened(tmp_path: Path) -> None:
    Image.new("RGB", (70, 80)).save(tmp_path / "picture.gif")
    with pytest.raises(OSError):
        load(tmp_path / "picture.gif")
