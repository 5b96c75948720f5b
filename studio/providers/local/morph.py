"""From one picture to another by moving what both of them show, instead of fading over it.

Every pixel of a frame in between asks both ends where it stood there; a place that only one end
can show is taken from that end. Between pictures that have nothing in common there is no morph.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.providers.local.boxes import Box, Size
from studio.providers.local.flow import Flow, measure
from studio.providers.local.places import Places, Plane, Share, drift, level, pairs, taken
from studio.providers.local.planes import Planes
from studio.providers.local.similarity import STILL, Similarity, find

# The long side of the pictures that motion is measured on.
_MEASURED = 640
# Below this share of the detail, what was found is chance.
_WORTH = 0.3
# Places are worked out for every fourth pixel, with one more on each side to lean on.
_STEP = 4
_ROUNDS = 3
# How soft the edge of an end's picture is inside a frame, as a share of its height.
_FEATHER = 0.08
# What a place that cannot be believed still counts.
_DOUBT = 0.06
# How far from where it should, in pixels of the measured, a place may have come out.
_MISSED = 1.5


@dataclass(frozen=True)
class _End:
    """One of the two pictures, with its places' way to the other one."""

    planes: Planes
    flow: Flow
    # Measured pixels per pixel of the planes.
    scale: float


@dataclass(frozen=True)
class Morph:
    """`common` lays the whole first picture on the second, in their own pixels."""

    start: _End
    end: _End
    common: Similarity

    def frame(self, share: float, box: Box, size: Size) -> Planes:
        """What `box` shows after `share` of the way: 0 is the first picture, 1 the second."""
        asked = _asked(box, size)
        way = self.common.part(share).inverse
        feather = _Feather(asked, self.start.planes.size)
        here, sure_here = _origin(self.start, way(asked), share, feather)
        there, sure_there = _origin(self.end, self.common.after(way)(asked), 1 - share, feather)
        theirs, mine = share * sure_there, (1 - share) * sure_here
        weight = np.asarray(theirs / (theirs + mine), np.float32)
        return _blended((self.start.planes, here), (self.end.planes, there), weight, size)


def between(one: Planes, other: Planes) -> Morph | None:
    """None where the two have too little in common. Both are of one size."""
    scale = min(1.0, _MEASURED / max(one.size))
    first, second = _small(one.luma, scale), _small(other.luma, scale)
    motion = measure(first, second, find(first, second) or STILL)
    if motion.worth < _WORTH:
        return None
    return Morph(
        _End(one, motion.start, scale),
        _End(other, motion.end, scale),
        motion.common.enlarged(1 / scale),
    )


def _small(luma: Plane, scale: float) -> Plane:
    small = cv2.resize(luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _asked(box: Box, size: Size) -> Places:
    """Every fourth pixel of the frame, as a place of the canvas."""
    x, y = ((np.arange(-(-side // _STEP) + 2) - 0.5) * _STEP for side in size)
    right, down = x * box.width / size.width, y * box.height / size.height
    return (box.left - 0.5 + right + 1j * (box.top - 0.5 + down)[:, None]).astype(np.complex64)


@dataclass(frozen=True)
class _Feather:
    """How softly the edge of an end's picture ends inside a frame."""

    frame: Places
    canvas: Size

    def __call__(self, places: Places) -> Share:
        """1 well inside the end's picture, 0 beyond its edge."""
        # Where the edge has hardly come into the frame, there is hardly room for softness.
        room = _depth(self.frame, self.canvas).clip(1, self.canvas.height * _FEATHER)
        return np.asarray((_depth(places, self.canvas) / room).clip(0, 1), np.float32)


def _depth(places: Places, canvas: Size) -> Share:
    """How far from the edge, in pixels; below 0 outside."""
    x, y = places.real + 0.5, places.imag + 0.5
    across, down = np.minimum(x, canvas.width - x), np.minimum(y, canvas.height - y)
    return np.asarray(np.minimum(across, down), np.float32)


def _origin(end: _End, aim: Places, share: float, feather: _Feather) -> tuple[Places, Share]:
    """Where in this end's picture that stood which is at `aim` now, and how sure that is."""
    half = np.complex64(0.5 + 0.5j)
    aimed = ((aim + half) * np.float32(end.scale) - half).astype(np.complex64)
    place = before = aimed
    for _ in range(_ROUNDS):
        place, before = aimed - np.float32(share) * drift(end.flow.stray, place), place
    hit = np.exp(-((np.abs(place - before) / _MISSED) ** 2))
    origin = ((place + half) / np.float32(end.scale) - half).astype(np.complex64)
    sure = hit * (level(end.flow.trust, place) * (1 - _DOUBT) + _DOUBT)
    return origin, np.asarray(feather(origin) * sure + 1e-4, np.float32)


def _blended(
    mine: tuple[Planes, Places], theirs: tuple[Planes, Places], weight: Share, size: Size
) -> Planes:
    half = Size(size.width // 2, size.height // 2)
    full_weight, half_weight = _grown(weight, size, _STEP), _grown(weight, half, _STEP // 2)
    luma, blues, reds = [], [], []
    for planes, places in (mine, theirs):
        way, small = pairs(places), pairs(places / 2 - np.complex64(0.25 + 0.25j))
        way, small = _grown(way, size, _STEP), _grown(small, half, _STEP // 2)
        luma.append(taken(planes.luma, way))
        blues.append(taken(planes.blue, small))
        reds.append(taken(planes.red, small))
    return Planes(_mixed(luma, full_weight), _mixed(blues, half_weight), _mixed(reds, half_weight))


def _grown(field: NDArray[np.float32], size: Size, step: int) -> NDArray[np.float32]:
    """From the few to each pixel of the frame, without the margin."""
    grown = cv2.resize(field, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown[step : step + size.height, step : step + size.width], np.float32)


def _mixed(pair: list[Plane], weight: Share) -> Plane:
    return np.asarray(cv2.blendLinear(pair[0], pair[1], 1 - weight, weight), np.uint8)
