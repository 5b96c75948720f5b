"""Two pictures into one frame, each pixel by places and shares worked out for every fourth."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.providers.local.boxes import Box, Size
from studio.providers.local.places import Parts, Places, Plane, Share, taken
from studio.providers.local.planes import Planes

# One more of them stands on each side of the frame, to lean on.
_STEP = 4
_VISIBLE = 1 / 255


@dataclass(frozen=True)
class Block:
    """A part of a frame; `rows` and `columns` are those of the few that it is worked out from."""

    rows: slice
    columns: slice
    left: int
    top: int
    size: Size

    @property
    def half(self) -> Size:
        return Size(self.size.width // 2, self.size.height // 2)

    def grown(self, few: Share) -> tuple[Share, Share]:
        """From the few to each pixel of luma and of colour."""
        return _grown(few, self.size, _STEP), _grown(few, self.half, _STEP // 2)


@dataclass(frozen=True)
class Weave:
    """Two pictures, where each is to be taken, the share of the second, and how solid it all is."""

    one: tuple[Planes, Parts]
    other: tuple[Planes, Parts]
    weight: Share
    belongs: Share

    def within(self, block: Block) -> "Weave":
        part = np.s_[block.rows, block.columns]
        (one, (x, y)), (other, (across, down)) = self.one, self.other
        sides = (one, (x[part], y[part])), (other, (across[part], down[part]))
        return Weave(*sides, self.weight[part], self.belongs[part])


def asked(box: Box, size: Size) -> Places:
    """Every fourth pixel of the frame, as a place of the canvas."""
    x, y = ((np.arange(-(-side // _STEP) + 2) - 0.5) * _STEP for side in size)
    right, down = x * box.width / size.width, y * box.height / size.height
    return (box.left - 0.5 + right + 1j * (box.top - 0.5 + down)[:, None]).astype(np.complex64)


def whole(size: Size) -> Block:
    return Block(slice(None), slice(None), 0, 0, size)


def block_of(belongs: Share, size: Size) -> Block | None:
    """The part of the frame that anything is to be seen in."""
    seen = belongs > _VISIBLE
    rows, columns = (np.flatnonzero(seen.max(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    top, bottom = _around(rows, len(belongs))
    left, right = _around(columns, belongs.shape[1])
    width = min(_STEP * (right - left - 2), size.width - _STEP * left)
    height = min(_STEP * (bottom - top - 2), size.height - _STEP * top)
    if width <= 0 or height <= 0:
        return None
    part = slice(top, bottom), slice(left, right)
    return Block(*part, _STEP * left, _STEP * top, Size(width, height))


def _around(found: NDArray[np.intp], count: int) -> tuple[int, int]:
    """From the one before the first to the one after the last."""
    return max(0, int(found[0]) - 1), min(count, int(found[-1]) + 2)


def woven(weave: Weave, block: Block) -> Planes:
    sides = [_shown(planes, places, block) for planes, places in (weave.one, weave.other)]
    full, half = block.grown(weave.weight)
    rest = 1 - half
    return Planes(
        _mixed(sides[0].luma, sides[1].luma, 1 - full, full),
        _mixed(sides[0].blue, sides[1].blue, rest, half),
        _mixed(sides[0].red, sides[1].red, rest, half),
    )


def _shown(planes: Planes, places: Parts, block: Block) -> Planes:
    x, y = (_grown(few, block.size, _STEP) for few in places)
    # The planes of colour are half as large.
    halves = (few / np.float32(2) - np.float32(0.25) for few in places)
    small_x, small_y = (_grown(few, block.half, _STEP // 2) for few in halves)
    return Planes(
        taken(planes.luma, x, y),
        taken(planes.blue, small_x, small_y),
        taken(planes.red, small_x, small_y),
    )


def _grown(few: Share, size: Size, step: int) -> Share:
    grown = cv2.resize(few, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown[step : step + size.height, step : step + size.width], np.float32)


def _mixed(one: Plane, other: Plane, rest: Share, weight: Share) -> Plane:
    return np.asarray(cv2.blendLinear(one, other, rest, weight), np.uint8)
