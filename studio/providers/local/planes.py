"""Pictures as the three planes that video is made of: BT.709, limited range, 4:2:0.

Converted once per picture; every frame then moves and mixes planes, and no colours.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from studio.providers.local.boxes import Box, Size, cover, inside
from studio.providers.local.places import Plane, Share

_KR, _KB = 0.2126, 0.0722
_WEIGHTS = np.array([_KR, 1 - _KR - _KB, _KB], np.float32)
_FORMATS = ("PNG", "JPEG", "WEBP")
# Transparent places of a picture, and what stands around one, are dark.
_GROUND = (14, 14, 16)


@dataclass(frozen=True)
class Planes:
    """Luma at full size, the two colour differences at half, sited in the middle of four."""

    luma: Plane
    blue: Plane
    red: Plane

    @property
    def all(self) -> tuple[Plane, Plane, Plane]:
        return self.luma, self.blue, self.red

    @property
    def size(self) -> Size:
        height, width = self.luma.shape
        return Size(width, height)

    def view(self, box: Box, size: Size) -> "Planes":
        """What `box` shows, `size` large. Fractions of a pixel count: no frame ever jumps."""
        half, small = Size(size.width // 2, size.height // 2), box.scaled(0.5)
        return Planes(
            _seen(self._doubled, box.scaled(2), size),
            # Eyes are content with less of colour.
            _seen(self.blue, small, half),
            _seen(self.red, small, half),
        )

    @cached_property
    def _doubled(self) -> Plane:
        """Luma twice as large: straight lines between its pixels are as good as a curve through
        those of the original, and drawn in a third of the time.
        """
        return np.asarray(cv2.resize(self.luma, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))

    def mixed(self, other: "Planes", share: float) -> "Planes":
        """`share` 0 is all of this, 1 all of `other`."""
        pairs = zip(self.all, other.all, strict=True)
        mixed = (cv2.addWeighted(mine, 1 - share, theirs, share, 0) for mine, theirs in pairs)
        return Planes(*(np.asarray(plane, np.uint8) for plane in mixed))

    def under(self, above: "Planes", left: int, top: int, hides: tuple[Share, Share]) -> "Planes":
        """With a smaller picture laid over; `hides` says how densely, for luma and for colour."""
        full, half = hides
        return Planes(
            _covered(self.luma, above.luma, left, top, full),
            _covered(self.blue, above.blue, left // 2, top // 2, half),
            _covered(self.red, above.red, left // 2, top // 2, half),
        )

    def frame(self) -> Plane:
        """The planes one below another, as an encoder takes yuv420p."""
        width, height = self.size
        parts = [plane.reshape(-1) for plane in self.all]
        return np.concatenate(parts).reshape(height * 3 // 2, width)


def _seen(plane: Plane, box: Box, size: Size) -> Plane:
    across, down = box.width / size.width, box.height / size.height
    # From the middle of a pixel there to the middle of one here.
    way = np.array([[across, 0, box.left + across / 2 - 0.5], [0, down, box.top + down / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(plane, way, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8)


def _covered(below: Plane, above: Plane, left: int, top: int, hides: Share) -> Plane:
    height, width = above.shape
    place = np.s_[top : top + height, left : left + width]
    result = below.copy()
    result[place] = cv2.blendLinear(above, result[place], hides, 1 - hides)
    return result


def convert(picture: Image.Image) -> Planes:
    """From sRGB; both sides must be even."""
    rgb = np.asarray(picture, np.float32)
    luma = rgb @ _WEIGHTS
    small = np.asarray(picture.reduce(2), np.float32)
    grey = small @ _WEIGHTS
    return Planes(
        _plane(16 + luma * (219 / 255)),
        _plane(128 + (small[..., 2] - grey) * (112 / 255 / (1 - _KB))),
        _plane(128 + (small[..., 0] - grey) * (112 / 255 / (1 - _KR))),
    )


def _plane(values: NDArray[np.floating]) -> Plane:
    return np.asarray(np.rint(values), np.uint8)


def measure(path: Path) -> Size:
    """The picture's size, from its header."""
    with Image.open(path, formats=_FORMATS) as picture:
        return Size(*picture.size)


def load(path: Path) -> Image.Image:
    """The picture in RGB. Raises OSError where it is none."""
    with Image.open(path, formats=_FORMATS) as picture:
        if not picture.has_transparency_data:
            return picture.convert("RGB")
        ground = Image.new("RGBA", picture.size, _GROUND)
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def cropped(picture: Image.Image, canvas: Size) -> Image.Image:
    """Fill `canvas` with the middle of the picture."""
    box = cover(Size(*picture.size), canvas)
    return picture.resize(canvas, Image.Resampling.LANCZOS, box, reducing_gap=3)


def padded(picture: Image.Image, canvas: Size) -> Image.Image:
    """The whole picture, over a dark, soft echo of itself."""
    placed = inside(Size(*picture.size), canvas)
    ground = cropped(picture, Size(canvas.width // 8, canvas.height // 8))
    soft = ground.filter(ImageFilter.GaussianBlur(min(ground.size) / 12))
    result = ImageEnhance.Brightness(soft).enhance(0.35).resize(canvas, Image.Resampling.BICUBIC)
    size = (round(placed.width), round(placed.height))
    result.paste(
        picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3),
        (round(placed.left), round(placed.top)),
    )
    return result
