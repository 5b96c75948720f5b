"""Two crops of one photo: the true in-between is a crop as well, so a morph can be marked."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skimage
from numpy.typing import NDArray
from PIL import Image

from studio.providers.local.boxes import Box, Size
from studio.providers.local.planes import convert

SIZE = Size(1280, 720)
PHOTOS = ("coffee.png", "rocket.jpg", "chelsea.png")
# Where each end's middle is and how much of the width it shows.
_START, _END = (0.45, 0.46, 0.74), (0.55, 0.54, 0.6)
# A result is held against the truth of any moment this near: who is early is not wrong.
_NEAR, _STEPS = 0.2, 41

Luma = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    photo: Image.Image
    first: Box
    last: Box

    def at(self, share: float) -> Image.Image:
        box = self.first.towards(self.last, share)
        return self.photo.resize(SIZE, Image.Resampling.LANCZOS, box)

    def marks(self, share: float, *candidates: Luma) -> list[float]:
        """The decibels of each candidate at the moment that suits it best."""
        moments = np.linspace(share - _NEAR, share + _NEAR, _STEPS)
        truths = [luma(self.at(moment)) for moment in moments.clip(0, 1)]
        return [max(_decibels(truth, shown) for truth in truths) for shown in candidates]


def pair(name: str) -> Pair:
    """Of a sample picture, as large as a camera's and with a camera's grain."""
    source = Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")
    size = (2560, round(2560 * source.height / source.width))
    pixels = np.asarray(source.resize(size, Image.Resampling.BICUBIC), np.float32)
    grain = np.random.default_rng(1).normal(0, 2, (size[1], size[0], 1))
    photo = Image.fromarray((pixels + grain).clip(0, 255).astype(np.uint8))
    return Pair(photo, *(_box(Size(*size), *shown) for shown in (_START, _END)))


def luma(picture: Image.Image) -> Luma:
    return convert(picture).luma.astype(np.float64)


def _box(photo: Size, x: float, y: float, wide: float) -> Box:
    width = min(photo.width, photo.height * SIZE.ratio) * wide
    height = width / SIZE.ratio
    left, top = photo.width * x - width / 2, photo.height * y - height / 2
    return Box(left, top, left + width, top + height)


def _decibels(truth: Luma, shown: Luma) -> float:
    return float(10 * np.log10(255**2 / ((truth - shown) ** 2).mean()))
