"""The slate: up to three quiet lines in the lower left corner, burnt in for the whole clip.

Drawn once; of each frame only the corner under it is touched.
"""

import unicodedata
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.providers.local.boxes import Size, even
from studio.providers.local.fonts import font_for
from studio.providers.local.places import Share
from studio.providers.local.planes import Planes, convert
from studio.providers.local.words import lines

_PAPER, _MUTED, _VEIL = (236, 231, 221), (190, 186, 178), (10, 10, 13)
# How much of the picture the veil hides, of 255.
_DENSE = 158
# Shares of the frame's shorter side; a letter is never smaller than can be read.
_LETTER, _LEAST = 0.031, 13
_MARGIN = 0.036
_LEADING = 1.42
# What a line may take of the frame's width; how many lines a name may, and how many lines count.
_WIDEST = 0.62
_ROWS, _LINES = 2, 3
_MORE = "…"


@dataclass(frozen=True)
class Slate:
    """A drawn corner and, for each of its pixels, what it leaves of the picture below."""

    corner: Planes
    left: int
    top: int
    hides: tuple[Share, Share]

    def over(self, frame: Planes) -> Planes:
        return frame.under(self.corner, self.left, self.top, self.hides)


def slate(text: str, frame: Size) -> Slate | None:
    """None where there is nothing to say. Raises MissingGlyphs."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return None
    short = min(frame)
    font = font_for(text, max(_LEAST, round(short * _LETTER)))
    rows = _rows(text, font, frame.width * _WIDEST)
    picture = _drawn(rows, font)
    margin = even(short * _MARGIN)
    veil = picture.getchannel("A")
    return Slate(
        convert(picture.convert("RGB")),
        margin,
        frame.height - margin - picture.height,
        (_hides(veil), _hides(veil.reduce(2))),
    )


def _hides(veil: Image.Image) -> Share:
    return np.asarray(veil, np.float32) / np.float32(255)


def _rows(text: str, font: ImageFont.FreeTypeFont, limit: float) -> list[tuple[str, bool]]:
    """The rows to set, and whether each belongs to the first line."""
    wanted = [line for line in text.splitlines() if line.strip()][:_LINES]
    return [
        (row, number == 0)
        for number, line in enumerate(wanted)
        for row in _shortened(lines(line, limit, font.getlength), font, limit)
    ]


def _shortened(rows: list[str], font: ImageFont.FreeTypeFont, limit: float) -> list[str]:
    """Two rows at most; where more was said, the second says so."""
    if len(rows) <= _ROWS:
        return rows
    last = rows[_ROWS - 1]
    while font.getlength(last + _MORE) > limit:
        last = last[:-1].rstrip()
    return [*rows[: _ROWS - 1], last + _MORE]


def _drawn(rows: list[tuple[str, bool]], font: ImageFont.FreeTypeFont) -> Image.Image:
    leading, side = font.size * _LEADING, font.size * 0.72
    size = (
        even(max(font.getlength(row) for row, _ in rows) + 2 * side),
        even(leading * len(rows) + side),
    )
    picture = Image.new("RGBA", size, (*_VEIL, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), font.size * 0.3, (*_VEIL, _DENSE))
    for number, (row, first) in enumerate(rows):
        line = Image.new("L", size)
        place = (side, side / 2 + leading * (number + 0.74))
        ImageDraw.Draw(line).text(place, row, font=font, fill=255, anchor="ls")
        picture.paste((*(_PAPER if first else _MUTED), 255), (0, 0), line)
    return picture
