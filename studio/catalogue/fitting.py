"""What makes a picture fit: from the rules that it breaks to sizes in whole pixels.

Pure: it says what is to be done, and somebody else has the pixels.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from math import inf
from typing import NamedTuple

from studio.catalogue import shapes
from studio.catalogue.pictures import (
    PictureFacts,
    lightest_share,
    pair_fits,
    pairs,
    ratio_fits,
)
from studio.catalogue.specs import PictureRule, Role

# What the studio itself keeps of a picture: no side below, none above, and so many pixels.
SHORTEST, LONGEST, MOST_PIXELS = 64, 8192, 40_000_000
# Of a file that is still to be made: heavier than any.
_ANY_BYTES = 10**12
# How far from the wanted number of pixels an allowed one is looked for.
_REACHES = (1, 4)
_ROOM = 1.02
# Should the file be too heavy in any quality: each size has about 70 % of the pixels before it.
_SMALLER, _STEPS = 0.84, 14


class How(StrEnum):
    CROP = "crop"
    PAD = "pad"
    ENLARGE = "enlarge"
    RECOMPRESS = "recompress"


class Size(NamedTuple):
    width: int
    height: int


class Box(NamedTuple):
    """A part of a picture, in its pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)


@dataclass(frozen=True)
class Bounds:
    """Everything that one picture of a brief has to be, at once.

    `other` is the other frame of a pair, where the shape of this one depends on it; `shape` the
    shape that the clip is wanted in, where it would take the picture's.
    """

    rule: PictureRule
    picture: PictureFacts
    other: PictureFacts | None
    shape: str
    max_bytes: int

    @property
    def min_side(self) -> int:
        return max(SHORTEST, self.rule.min_side)

    def fits(self, width: int, height: int) -> bool:
        """Whether a picture of so many pixels breaks no rule, its file apart."""
        is_small = max(width, height) <= LONGEST and width * height <= MOST_PIXELS
        return is_small and min(width, height) >= self.min_side and self.allows(width, height)

    def allows(self, width: int, height: int) -> bool:
        """Whether it would be of an allowed shape."""
        picture = replace(self.picture, width=width, height=height)
        if self.shape and not shapes.is_of(self.shape, width, height):
            return False
        return ratio_fits(self.rule, picture) and self._suits_other(picture)

    def _suits_other(self, picture: PictureFacts) -> bool:
        if self.other is None:
            return True
        frames = (self.other, picture) if picture.role == Role.END else (picture, self.other)
        return pair_fits(self.rule, *frames)

    @property
    def low(self) -> float:
        """The narrowest shape; the checks themselves are `allows`, to the pixel."""
        return max(self.rule.ratio_low or 0, self._of_other()[0], self.min_side / LONGEST)

    @property
    def high(self) -> float:
        return min(self.rule.ratio_high or inf, self._of_other()[1], LONGEST / self.min_side)

    def _of_other(self) -> tuple[float, float]:
        low, high = self.rule.pair_low, self.rule.pair_high
        if self.other is None or not low or not high:
            return 0, inf
        if self.picture.role == Role.END:
            return self.other.ratio / high, self.other.ratio / low
        return self.other.ratio * low, self.other.ratio * high

    @property
    def are_possible(self) -> bool:
        """Whether there is a shape for it, with a little room for whole pixels."""
        if self.shape:
            return self.low <= shapes.ratio(self.shape) <= self.high
        return self.low * _ROOM <= self.high

    def ratio(self, near: float) -> float:
        """The allowed shape that is nearest to this one."""
        return shapes.ratio(self.shape) if self.shape else min(max(near, self.low), self.high)


@dataclass(frozen=True)
class Plan:
    """Take `box`, make `size` of it, write it in one of `formats` in at most `max_bytes`.

    Padded, the box lies in the middle of that size; else it fills it.
    """

    how: How
    bounds: Bounds
    box: Box
    size: Size

    @property
    def sizes(self) -> Iterator[Size]:
        """The size, then smaller ones that fit as well, should no quality be light enough."""
        return iter((self.size, *_smaller(self.bounds, self.size)))

    @property
    def formats(self) -> tuple[str, ...]:
        return self.bounds.rule.formats

    @property
    def max_bytes(self) -> int:
        return self.bounds.max_bytes


def bounds(
    rule: PictureRule, pictures: Sequence[PictureFacts], number: int, shape: str = ""
) -> Bounds:
    """For the picture `number` of a brief.

    Where the other frame is itself out of bounds, so that nothing would suit it, it does not
    count: its own fault is told at its own place.
    """
    sizes = [_ANY_BYTES if n == number else p.bytes for n, p in enumerate(pictures)]
    other = pictures[1 - number] if pairs(rule, pictures) else None
    both = Bounds(rule, pictures[number], other, shape, lightest_share(rule, sizes))
    return both if both.are_possible else replace(both, other=None)


def plan(
    how: How,
    bounds: Bounds,
    size: Size,
    *,
    near: float | None = None,
    wished: tuple[int, int, int] | None = None,
) -> Plan | None:
    """How a picture of `size` is made to fit; None where it cannot be in this way.

    `near` is the shape to keep as nearly as allowed, else its own; `wished` the left and upper
    edge and the width of a crop, which is moved and shaped until it is an allowed one.
    """
    ratio = bounds.ratio(near or size.width / size.height)
    taken = Box(0, 0, *size)
    drawn: Size | None = size
    if how == How.CROP:
        cropped = _crop(bounds, size, ratio, wished)
        taken, drawn = cropped or taken, cropped and cropped.size
    elif how == How.PAD:
        drawn = _canvas(bounds, size, ratio)
    final = drawn and _grown(bounds, drawn)
    return Plan(how, bounds, taken, final) if final else None


def largest(bounds: Bounds, size: Size, ratio: float) -> Size | None:
    """The largest crop of an allowed shape near `ratio`."""
    wide = size.width > size.height * ratio
    wanted = (size.height * ratio, size.height) if wide else (size.width, size.width / ratio)
    return _whole(wanted, ratio, _part_of(bounds, size))


def smallest(bounds: Bounds, size: Size, ratio: float) -> int:
    """The least width of a crop; what is smaller than the rules say is enlarged afterwards."""
    most = largest(bounds, size, ratio)
    width = SHORTEST * max(1, ratio)
    return min(most.width, round(width)) if most else size.width


def _crop(
    bounds: Bounds, size: Size, ratio: float, wished: tuple[int, int, int] | None
) -> Box | None:
    most = largest(bounds, size, ratio)
    if most is None:
        return None
    if wished is None:
        return Box((size.width - most.width) // 2, (size.height - most.height) // 2, *most)
    left, top, width = wished
    width = min(max(width, smallest(bounds, size, ratio)), most.width)
    taken = most
    if width < most.width:
        taken = _whole((width, width / ratio), ratio, _part_of(bounds, size)) or most
    across, down = size.width - taken.width, size.height - taken.height
    return Box(min(max(0, left), across), min(max(0, top), down), *taken)


def _part_of(bounds: Bounds, size: Size) -> Callable[[int, int], bool]:
    return lambda w, h: _within(w, h, size) and bounds.allows(w, h)


def _within(width: int, height: int, most: Size) -> bool:
    return width <= most.width and height <= most.height


def _canvas(bounds: Bounds, size: Size, ratio: float) -> Size | None:
    """The smallest allowed size in which all of the picture has room."""
    wide = size.width > size.height * ratio
    wanted = (size.width, size.width / ratio) if wide else (size.height * ratio, size.height)
    return _whole(wanted, ratio, lambda w, h: _within(*size, Size(w, h)) and bounds.allows(w, h))


def _grown(bounds: Bounds, size: Size) -> Size | None:
    """The size itself, or scaled until no side is too short and none too long."""
    if bounds.fits(*size):
        return size
    width, height = size
    most = min(LONGEST / max(size), (MOST_PIXELS / (width * height)) ** 0.5)
    scale = min(max(1, bounds.min_side / min(size)), most)
    return _scaled(bounds, size, scale)


def _smaller(bounds: Bounds, size: Size) -> Iterator[Size]:
    for step in range(1, _STEPS + 1):
        found = _scaled(bounds, size, _SMALLER**step)
        if found is None:
            return
        yield found


def _scaled(bounds: Bounds, size: Size, scale: float) -> Size | None:
    wanted = (size.width * scale, size.height * scale)
    return _whole(wanted, size.width / size.height, bounds.fits)


def _whole(
    wanted: tuple[float, float], ratio: float, test: Callable[[int, int], bool]
) -> Size | None:
    """The whole pixels that pass the test, nearest to the wanted size and of the truest shape."""

    def off(size: Size) -> float:
        bent = min(abs(size.width - size.height * ratio), abs(size.height - size.width / ratio))
        return 2 * bent + abs(size.width - wanted[0]) + abs(size.height - wanted[1])

    for reach in _REACHES:
        passing = [size for size in _around(wanted, reach) if test(*size)]
        if passing:
            return min(passing, key=off)
    return None


def _around(wanted: tuple[float, float], reach: int) -> Iterator[Size]:
    steps = range(-reach, reach + 1)
    for across, down in product(steps, steps):
        size = Size(round(wanted[0]) + across, round(wanted[1]) + down)
        if min(size) > 0:
            yield size
