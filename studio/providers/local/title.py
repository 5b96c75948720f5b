"""The title card: a few words on a dark ground, set as quietly as a film would."""

import unicodedata
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.providers.local.boxes import Size
from studio.providers.local.fonts import font_for
from studio.providers.local.words import lines

_PAPER = (236, 231, 221)
_AMBER = (222, 165, 75)
_NIGHT, _GLOW = np.array((10, 10, 13)), np.array((31, 32, 39))
# Shares of the canvas that the words may take, and of its shorter side that they are high.
_WIDEST, _HIGHEST = 0.66, 0.5
_LARGEST, _SMALLEST = 0.078, 0.026
_LEADING = 1.42
# More lines than this are a text, and begin at one edge.
_CENTRED = 3


@dataclass(frozen=True)
class _Block:
    """The words, broken into lines at the size that they fit in."""

    font: ImageFont.FreeTypeFont
    rows: list[str]

    @property
    def leading(self) -> float:
        return self.font.size * _LEADING

    @property
    def height(self) -> float:
        return self.leading * len(self.rows)

    @property
    def width(self) -> float:
        return max(map(self.font.getlength, self.rows), default=0)


def draw(words: str, canvas: Size) -> tuple[Image.Image, Image.Image]:
    """The empty ground, and the ground with the words. Raises MissingGlyphs."""
    empty = _ground(canvas)
    full = empty.copy()
    _write(ImageDraw.Draw(full), _set(unicodedata.normalize("NFC", words), canvas), canvas)
    return empty, full


def _ground(canvas: Size) -> Image.Image:
    """Dark, with a breath of light behind the words; dithered, or it would show steps."""
    y, x = np.ogrid[-1 : 1 : canvas.height * 1j, -1 : 1 : canvas.width * 1j]
    light = np.exp(-(x**2 + (y + 0.15) ** 2) * 1.4)[..., None]
    noise = np.random.default_rng(24).uniform(-0.5, 0.5, (canvas.height, canvas.width, 1))
    return Image.fromarray(np.rint(_NIGHT + (_GLOW - _NIGHT) * light + noise).astype(np.uint8))


def _set(words: str, canvas: Size) -> _Block:
    """As large as fits."""
    size = min(canvas) * _LARGEST
    while True:
        font = font_for(words, round(size))
        block = _Block(font, lines(words, canvas.width * _WIDEST, font.getlength))
        if block.height <= canvas.height * _HIGHEST or size < min(canvas) * _SMALLEST:
            return block
        size *= 0.93


def _write(pen: ImageDraw.ImageDraw, block: _Block, canvas: Size) -> None:
    centred = len(block.rows) <= _CENTRED
    x = canvas.width / 2 - (0 if centred else block.width / 2)
    # A little above the middle is where the eye takes the middle to be.
    top = canvas.height * 0.485 - block.height / 2
    _rule(pen, x, top - block.leading * 0.75, canvas, centred=centred)
    write = partial(pen.text, font=block.font, fill=_PAPER, anchor="ms" if centred else "ls")
    for number, row in enumerate(block.rows):
        write((x, top + block.leading * (number + 0.72)), row)


def _rule(pen: ImageDraw.ImageDraw, x: float, y: float, canvas: Size, *, centred: bool) -> None:
    length, thick = min(canvas) * 0.056, max(2, round(min(canvas) / 400))
    left = x - length / 2 if centred else x
    pen.rectangle((left, y, left + length, y + thick - 1), fill=_AMBER)
