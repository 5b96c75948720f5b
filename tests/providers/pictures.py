"""Pictures made on the spot."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def scenery(path: Path, size: tuple[int, int], seed: int = 1) -> Path:
    """Soft shapes with fine detail, as a photograph has; the same for the same seed."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", size, tuple(random.integers(40, 200, 3).tolist()))
    pen = ImageDraw.Draw(image)
    for _ in range(160):
        x, y = random.uniform(0, size[0]), random.uniform(0, size[1])
        r = random.uniform(0.01, 0.12) * min(size)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=tuple(random.integers(0, 256, 3).tolist()))
    image = image.filter(ImageFilter.GaussianBlur(min(size) / 400))
    grain = random.normal(0, 4, (size[1], size[0], 1))
    Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8)).save(path)
    return path


def flat(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (640, 360)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def stripes(path: Path, colours: list[tuple[int, int, int]]) -> Path:
    image = Image.new("RGB", (1280, 720))
    wide = 1280 / len(colours)
    for number, colour in enumerate(colours):
        image.paste(colour, (round(number * wide), 0, round((number + 1) * wide), 720))
    image.save(path)
    return path


def disc(size: tuple[int, int]) -> Image.Image:
    """A white disc, half as high as the picture's shorter side, in the middle of black."""
    image = Image.new("RGB", size)
    r, x, y = min(size) / 4, size[0] / 2, size[1] / 2
    ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), fill="white")
    return image
