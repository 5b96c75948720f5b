"""Any way of writing colour, as 8-bit sRGB: depth, profile, ink, palette, transparency."""

from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageCms

APPROXIMATE = "colours-approximate"
PROFILE_IGNORED = "profile-ignored"
ON_WHITE = "on-white"

_WHITE = (255, 255, 255)
_DEEP = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I"})
# Which of our modes a profile's colour space speaks about.
_SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}


def to_srgb(image: Image.Image, *, keep_alpha: bool) -> tuple[Image.Image, tuple[str, ...]]:
    """The picture as 8-bit sRGB (RGBA if it is see-through and `keep_alpha`), and what to note."""
    profile = image.info.get("icc_profile")
    broken = "icc_profile" in image.info and not profile
    colours, alpha = _apart(_eight_bits(image))
    colours, notes = _profiled(colours, profile)
    if broken:
        notes += (PROFILE_IGNORED,)
    if alpha is None or alpha.getextrema() == (255, 255):
        return colours, notes
    if keep_alpha:
        colours.putalpha(alpha)
        return colours, notes
    ground = Image.new("RGB", colours.size, _WHITE)
    ground.paste(colours, mask=alpha)
    return ground, (*notes, ON_WHITE)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Mid-grey of 16 bits is mid-grey of 8; Pillow's own conversion would clip it to white."""
    if image.mode not in _DEEP:
        return image
    deep = image.convert("I")
    grey = deep.point([(level * 255 + 32767) // 65535 for level in range(65536)], "L")
    clear = image.info.get("transparency")
    if clear is not None:
        grey.putalpha(deep.point([0 if level == clear else 255 for level in range(65536)], "L"))
    return grey


def _apart(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Colours in one of the modes that a profile may speak about, and the alpha beside them."""
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        return whole.convert("RGB"), whole.getchannel("A")
    if image.mode == "1":
        return image.convert("L"), None
    return (image if image.mode in _SPACES.values() else image.convert("RGB")), None


def _profiled(image: Image.Image, profile: Any) -> tuple[Image.Image, tuple[str, ...]]:
    if profile:
        try:
            return _by_profile(image, profile), ()
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            return _plain(image)[0], (PROFILE_IGNORED,)
    return _plain(image)


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    mode = _SPACES.get(source.profile.xcolor_space.strip(), "")
    if mode == "RGB" and image.mode == "L":
        image = image.convert("RGB")
    if mode != image.mode:
        raise ValueError("the profile speaks about another kind of colours")
    transform = _transform(source, mode)
    if mode == "RGB" and _changes_nothing(transform):
        return image
    return transform.apply(image)


def _transform(source: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        source,
        _srgb(),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether it is sRGB under some name: the same picture with and without it is one picture."""
    moved = ImageChops.difference(_cube(), transform.apply(_cube()))
    return all(high <= 1 for _, high in moved.getextrema())  # type: ignore[misc]


def _plain(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _transform(lab, "LAB").apply(image), ()
    colours = image if image.mode == "RGB" else image.convert("RGB")
    return colours, ((APPROXIMATE,) if image.mode == "CMYK" else ())


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@cache
def _cube() -> Image.Image:
    """One pixel for each of 5,832 colours spread evenly over the cube."""
    levels = range(0, 256, 15)
    pixels = bytes(v for r in levels for g in levels for b in levels for v in (r, g, b))
    return Image.frombytes("RGB", (len(levels), len(levels) ** 2), pixels)
