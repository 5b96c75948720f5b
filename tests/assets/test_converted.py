"""Pictures that are taken: whatever they were written in, upright 8-bit sRGB is what is kept."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.assets import colour, pictures
from studio.assets.models import Asset
from tests.assets import hostile
from tests.assets.bench import Bench, files_of, near


def assert_kept_as_shown(door: Bench, asset: Asset, tolerance: float = 4) -> None:
    """The master shows `hostile.picture()`, the right side up, in its colours."""
    master = door.pixels(asset).convert("RGB")
    assert master.size == (asset.width, asset.height) == (160, 120)
    shown = np.asarray(master, dtype=int) - np.asarray(hostile.picture(), dtype=int)
    assert np.abs(shown).mean() < tolerance


@pytest.mark.row("A008")
def test_a_png_named_jpg_is_kept_as_the_png_it_is_and_told(door: Bench) -> None:
    asset = door.keep(hostile.png(), "photo.jpg")
    assert (asset.uploaded_as, asset.master.media_type) == ("png", "image/png")
    assert "Whatever its name says, it is a PNG." in door.send(hostile.png()).json()["note"]
    response = door.client.get(f"/assets/{asset.uid}/master/")
    assert response["Content-Type"] == "image/png"
    assert 'filename="photo.png"' in response["Content-Disposition"]
    assert_kept_as_shown(door, asset, tolerance=0.01)


def test_a_name_that_tells_the_truth_gets_no_note(door: Bench) -> None:
    assert door.keep(hostile.jpeg(), "PHOTO.JPG").remarks == []
    assert door.keep(hostile.png(hostile.grainy()), "no ending").remarks == []


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (hostile.png(), "image/png"),
        (hostile.webp(lossless=True), "image/png"),
        (hostile.jpeg(), "image/jpeg"),
        (hostile.webp(quality=90), "image/jpeg"),
    ],
)
def test_lossless_stays_lossless_and_lossy_becomes_a_jpeg(
    door: Bench, data: bytes, media_type: str
) -> None:
    asset = door.keep(data)
    assert asset.master.media_type == media_type
    assert_kept_as_shown(door, asset, tolerance=3 if media_type == "image/jpeg" else 0.01)


def test_a_jpeg_master_keeps_the_colour_of_every_pixel(door: Bench) -> None:
    master = door.pixels(door.keep(hostile.jpeg()))
    assert master.layer == [(1, 1, 1, 0), (2, 1, 1, 1), (3, 1, 1, 1)]  # type: ignore[attr-defined]


@pytest.mark.row("A019")
def test_cmyk_is_converted_with_its_profile(door: Bench) -> None:
    asset = door.keep(hostile.cmyk_jpeg((255, 0, 0, 0), profile=hostile.ink_profile()), "a.jpg")
    # This profile's full cyan is Lab 50, 48, 32: a brick red of about 195, 77, 68.
    assert near(door.pixels(asset).getpixel((9, 9)), (195, 77, 68), 6)
    assert near(door.pixels(asset, "preview").getpixel((9, 9)), (195, 77, 68), 10)
    assert asset.remarks == []


@pytest.mark.row("A019")
def test_cmyk_without_a_profile_is_taken_for_approximate_and_told(door: Bench) -> None:
    asset = door.keep(hostile.cmyk_jpeg((255, 0, 0, 0)), "a.jpg")
    red, green, blue = door.pixels(asset).getpixel((9, 9))  # type: ignore[misc]
    assert red < 60 and green > 120 and blue > 180
    assert asset.remarks == ["CMYK without a profile: the colours are approximate."]


@pytest.mark.row("A020")
@pytest.mark.parametrize("channels", [0, 2])
@pytest.mark.parametrize(("deep", "shown"), [(0, 0), (16384, 64), (32768, 128), (65535, 255)])
def test_sixteen_bits_keep_their_tone(door: Bench, channels: int, deep: int, shown: int) -> None:
    asset = door.keep(hostile.deep_png(deep, colour=channels))
    assert near(door.pixels(asset).getpixel((9, 9)), (shown,) * 3, 1)
    assert asset.master.media_type == "image/png"


@pytest.mark.row("A020")
@pytest.mark.parametrize(("clear", "shown"), [(32768, 255), (32767, 128)])
def test_a_clear_level_of_sixteen_bits_is_that_level_alone(
    door: Bench, clear: int, shown: int
) -> None:
    asset = door.keep(hostile.deep_png(32768, clear=clear))
    assert door.pixels(asset).getpixel((9, 9)) == (shown,) * 3
    assert bool(asset.remarks) == (shown == 255)


def adobe_to_srgb(pixel: tuple[int, int, int]) -> tuple[int, ...]:
    """By the book, without the library that is tested."""
    to_xyz = np.array(hostile.ADOBE_RGB).T
    from_xyz = np.linalg.inv(
        np.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7142]])
    )
    linear = from_xyz @ to_xyz @ (np.array(pixel) / 255) ** hostile.ADOBE_GAMMA
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple(round(float(value) * 255) for value in curved)


@pytest.mark.row("A021")
@pytest.mark.parametrize("write", [hostile.png, hostile.jpeg, hostile.webp])
def test_a_wide_gamut_is_brought_to_srgb(door: Bench, write: Any) -> None:
    flat = Image.new("RGB", (64, 64), (100, 150, 180))
    asset = door.keep(write(flat, icc_profile=hostile.wide_gamut_profile()))
    expected = adobe_to_srgb((100, 150, 180))
    assert not near(expected, (100, 150, 180), 10)
    assert near(door.pixels(asset).getpixel((9, 9)), expected, 4)
    assert not any(b"acsp" in data for data in files_of(asset))


@pytest.mark.row("A021")
@pytest.mark.parametrize(
    "profile",
    [b"garbage" * 40, hostile.ink_profile(), hostile.wide_gamut_profile()[:200], b"\0" * 128],
)
def test_a_broken_or_misplaced_profile_is_ignored_and_told(door: Bench, profile: bytes) -> None:
    asset = door.keep(hostile.png(icc_profile=profile))
    assert asset.remarks == ["Its colour profile could not be read and was ignored."]
    assert_kept_as_shown(door, asset, tolerance=0.01)


def test_a_profile_of_srgb_itself_changes_nothing(door: Bench) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert door.keep(hostile.png(icc_profile=srgb)) == door.keep(hostile.png())
    grey = door.keep(hostile.png(hostile.picture(mode="L"), icc_profile=srgb))
    assert grey.remarks == []


@pytest.mark.row("A022")
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_kept_upright_and_without_its_tag(
    door: Bench, orientation: int
) -> None:
    asset = door.keep(hostile.oriented(orientation), "camera.jpg")
    assert_kept_as_shown(door, asset)
    for size in ("master", "preview", "thumb"):
        assert dict(door.pixels(asset, size).getexif()) == {}


def test_an_orientation_that_makes_no_sense_turns_nothing(door: Bench) -> None:
    assert_kept_as_shown(door, door.keep(hostile.oriented(9)))
    exif = b"Exif\0\0MM\0*" + b"\xff" * 40
    assert_kept_as_shown(door, door.keep(hostile.jpeg(exif=exif, quality=94)))


TRANSPARENT: dict[str, tuple[Image.Image, dict[str, Any]]] = {
    "1": (hostile.picture(mode="1"), {"transparency": 1}),
    "L": (Image.new("L", (64, 64), 128), {"transparency": 128}),
    "P": (hostile.picture(mode="P"), {"transparency": bytes(200)}),
    "LA": (Image.new("LA", (64, 64), (0, 0)), {}),
    "RGB": (Image.new("RGB", (64, 64), (9, 9, 9)), {"transparency": (9, 9, 9)}),
    "RGBA": (Image.new("RGBA", (64, 64), (0, 0, 0, 0)), {}),
}


@pytest.mark.row("A024")
@pytest.mark.parametrize("mode", TRANSPARENT)
def test_what_is_transparent_is_placed_on_white_and_told(door: Bench, mode: str) -> None:
    image, options = TRANSPARENT[mode]
    asset = door.keep(hostile.png(image, **options))
    assert door.pixels(asset).mode == "RGB"
    assert asset.remarks == ["The transparent parts were placed on white."]


@pytest.mark.row("A024")
def test_half_transparent_black_becomes_mid_grey(door: Bench) -> None:
    asset = door.keep(hostile.png(Image.new("RGBA", (64, 64), (0, 0, 0, 128))))
    assert near(door.pixels(asset).getpixel((9, 9)), (127, 127, 127), 1)
    assert asset.remarks == ["The transparent parts were placed on white."]


@pytest.mark.row("A024")
@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_opaque_pictures_of_every_mode_keep_their_look(door: Bench, mode: str) -> None:
    image = hostile.picture(mode=mode)
    asset = door.keep(hostile.png(image))
    expected = np.asarray(image.convert("RGB"), dtype=int)
    assert np.array_equal(np.asarray(door.pixels(asset), dtype=int), expected)
    assert asset.remarks == []


@pytest.mark.row("A024")
def test_lab_is_converted_by_its_meaning() -> None:
    # No format at the door carries Lab; the conversion knows it all the same.
    red = Image.new("LAB", (4, 4), (round(54.3 * 2.55), 81 + 128, 70 + 128))
    image, notes = colour.to_srgb(red, keep_alpha=False)
    assert near(image.getpixel((0, 0)), (255, 0, 0), 6)
    assert notes == ()


def test_a_logo_keeps_its_alpha_in_every_size(door: Bench) -> None:
    data = hostile.png(Image.new("RGBA", (600, 600), (200, 30, 30, 100)))
    logo, flat = door.keep(data, kind="logo"), door.keep(data)
    assert logo != flat
    assert logo.remarks == []
    for size in ("master", "preview", "thumb"):
        assert door.pixels(logo, size).mode == "RGBA"
        assert door.pixels(flat, size).mode == "RGB"


@pytest.mark.row("A025")
def test_of_several_pictures_in_one_photograph_the_first_is_taken_and_told(door: Bench) -> None:
    asset = door.keep(hostile.mpo(), "stereo.jpg")
    assert asset.remarks == ["The file holds several pictures; the first was taken."]
    assert_kept_as_shown(door, asset)


# ── The sizes ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "preview", "thumb"),
    [
        ((64, 64), (64, 64), (64, 64)),
        ((3000, 2000), (1600, 1067), (512, 341)),
        ((700, 2100), (533, 1600), (171, 512)),
        ((8192, 64), (1600, 12), (512, 4)),
    ],
)
def test_preview_and_thumb_are_webp_and_never_larger_than_the_picture(
    door: Bench, size: tuple[int, int], preview: tuple[int, int], thumb: tuple[int, int]
) -> None:
    asset = door.keep(hostile.jpeg(hostile.picture(*size)))
    assert (door.pixels(asset, "preview").size, door.pixels(asset, "thumb").size) == (
        preview, thumb,
    )  # fmt: skip
    assert door.pixels(asset, "thumb").format == door.pixels(asset, "preview").format == "WEBP"


def test_the_colour_is_the_one_that_most_of_the_picture_has(door: Bench) -> None:
    image = Image.new("RGB", (640, 480), (30, 90, 160))
    image.paste((250, 240, 10), (0, 0, 200, 200))
    colour_ = door.keep(hostile.png(image)).colour
    assert near(bytes.fromhex(colour_[1:]), (30, 90, 160), 6)


def test_the_pixel_hash_is_the_same_for_the_same_pixels_in_any_file() -> None:
    upright = pictures.decode(hostile.png())
    assert pictures.decode(hostile.webp(lossless=True)).pixel_hash == upright.pixel_hash
    assert pictures.decode(hostile.png(compress_level=0)).pixel_hash == upright.pixel_hash
    other = pictures.decode(hostile.png(hostile.picture(120, 160)))
    assert other.pixel_hash != upright.pixel_hash
