"""The thumb of a JPEG, made while the picture is still being read, shows what it shows."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from studio.assets import pictures, scaling, sizes
from tests.assets import hostile
from tests.assets.bench import Bench

LARGE = hostile.picture(1600, 1200)


def difference(data: bytes) -> float:
    """How far a glance is from the whole picture at the glance's size, in levels of 255."""
    seen = pictures.glance(data, 512)
    assert seen is not None
    whole = pictures.decode(data).image.resize(seen.size, Image.Resampling.BICUBIC)
    return float(np.abs(np.asarray(seen, dtype=int) - np.asarray(whole, dtype=int)).mean())


@pytest.mark.row("A022")
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_glance_is_upright_however_the_camera_was_held(orientation: int) -> None:
    exif = Image.Exif()
    exif[hostile.EXIF_ORIENTATION] = orientation
    data = hostile.jpeg(LARGE, exif=exif)
    assert difference(data) < 2
    seen = pictures.glance(data, 512)
    assert seen is not None and seen.info == {}
    assert seen.size == ((512, 384) if orientation < 5 else (384, 512))


@pytest.mark.row("A019")
@pytest.mark.parametrize("profile", [None, hostile.ink_profile()])
def test_a_glance_at_inks_has_the_colours_of_the_picture(profile: bytes | None) -> None:
    assert difference(hostile.jpeg(LARGE.convert("CMYK"), icc_profile=profile)) < 2


@pytest.mark.row("A021")
def test_a_glance_at_a_wide_gamut_is_in_srgb() -> None:
    data = hostile.jpeg(LARGE, icc_profile=hostile.wide_gamut_profile())
    assert difference(data) < 2
    plain = pictures.glance(hostile.jpeg(LARGE), 512)
    assert pictures.glance(data, 512) != plain


@pytest.mark.parametrize("image", [LARGE.convert("L"), LARGE])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_glance_at_any_sampling_is_the_picture(image: Image.Image, subsampling: int) -> None:
    assert difference(hostile.jpeg(image, subsampling=subsampling)) < 2


@pytest.mark.parametrize(
    ("size", "seen"),
    [
        ((4000, 3000), (500, 375)),
        ((3024, 4032), (378, 504)),
        ((4096, 2304), (512, 288)),
        ((4160, 2340), (512, 288)),
        ((8192, 64), (512, 4)),
    ],
)
def test_a_thumb_is_taken_as_it_leaves_the_decoder_where_that_is_near(
    size: tuple[int, int], seen: tuple[int, int]
) -> None:
    image = pictures.glance(hostile.jpeg(Image.new("RGB", size, (9, 90, 160))), 512)
    assert image is not None and image.size == seen


def test_a_reduction_leaves_the_thumb_itself_or_well_more_than_it() -> None:
    for longest in range(64, 8193):
        by = scaling.reduction((longest, 64), 512)
        assert by == 1 or 480 <= longest / by <= 512 or longest / by >= 640


def test_where_all_of_the_pixels_are_needed_there_is_no_glance() -> None:
    whole = hostile.jpeg(hostile.grainy(1600))
    assert pictures.glance(whole, 512) is not None
    small, cut = hostile.jpeg(hostile.picture(500, 400)), whole[: len(whole) // 2]
    several_scans, other = hostile.jpeg(LARGE, progressive=True), hostile.png(LARGE)
    for data in (small, cut, several_scans, other, b"", whole[:200]):
        assert pictures.glance(data, 512) is None
    assert sizes.early_thumb(several_scans) is None


def test_a_size_that_is_refused_is_not_looked_at() -> None:
    data = hostile.jpeg(LARGE)
    frame = data.index(b"\xff\xc0")
    lying = data[: frame + 5] + (8000).to_bytes(2) * 2 + data[frame + 9 :]
    assert pictures.glance(lying, 512) is None


def test_the_early_thumb_is_the_one_that_is_kept(door: Bench) -> None:
    data = hostile.jpeg(ImageOps.pad(hostile.grainy(900), (4000, 3000)))
    early = sizes.early_thumb(data)
    assert early is not None
    asset = door.keep(data)
    assert door.fetch(asset, "thumb") == early.file.data
    assert Image.open(BytesIO(early.file.data)).size == (500, 375)


def test_a_progressive_jpeg_has_its_thumb_all_the_same(door: Bench) -> None:
    asset = door.keep(hostile.jpeg(LARGE, progressive=True))
    assert door.pixels(asset, "thumb").size == (512, 384)
