"""From one picture to another by moving what both of them show, instead of fading over it.

Every pixel of a frame in between asks both ends where it stood there; a place that only one end
can show is taken from that end. Things that go their own way are laid over the ground. Between
pictures that have nothing in common there is no morph.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from studio.providers.local.boxes import Box, Size
from studio.providers.local.flow import Flow
from studio.providers.local.places import Parts, Places, Plane, Share, level, parts
from studio.providers.local.planes import Planes
from studio.providers.local.similarity import Similarity
from studio.providers.local.things import Thing, account
from studio.providers.local.weave import Block, Weave, asked, block_of, whole, woven

# The long side of the pictures that motion is measured on.
_MEASURED = 640
# Below this share of the detail, what was found is chance.
_WORTH = 0.12
_ROUNDS = 3
# How soft the edge of an end's picture is inside a frame, as a share of its height.
_FEATHER = 0.08
# What a place that cannot be believed still counts, and one that a thing hides.
_DOUBT, _HIDDEN = 0.06, 0.005
# How far from where it should, in pixels of the measured, a place may have come out.
_MISSED = 1.5


@dataclass(frozen=True)
class _Side:
    """One of the pictures: how what is drawn moved in it, how sure that is, and which places
    belong to it; None means all.
    """

    planes: Planes
    stray: Parts
    sure: Share
    belongs: Share | None


@dataclass(frozen=True)
class _Layer:
    """`way` is in the pixels of the planes; they measured `scale` times as large."""

    way: Similarity
    scale: float
    start: _Side
    end: _Side

    def weave(self, share: float, places: Places, feather: "_Feather") -> Weave:
        """What both ends have to say of those places of the frame, and how it goes together."""
        back = self.way.part(share).inverse
        here = self._origin(self.start, back(places), share, feather)
        there = self._origin(self.end, self.way.after(back)(places), 1 - share, feather)
        mine, theirs = (1 - share) * here.sure, share * there.sure
        return Weave(
            (self.start.planes, here.places),
            (self.end.planes, there.places),
            np.asarray(theirs / (mine + theirs), np.float32),
            (1 - share) * here.belongs + share * there.belongs,
        )

    def _origin(self, side: _Side, aim: Places, share: float, feather: "_Feather") -> "_Origin":
        place = before = aimed = _resized(parts(aim), self.scale)
        for _ in range(_ROUNDS):
            place, before = _before(aimed, side.stray, share, place), place
        (x, y), (old_x, old_y) = place, before
        hit = np.exp(((x - old_x) ** 2 + (y - old_y) ** 2) / np.float32(-(_MISSED**2)))
        sure = hit * level(side.sure, place)
        origin = _resized(place, 1 / self.scale)
        return _Origin(
            origin,
            feather(origin) * sure + np.float32(1e-4),
            np.ones_like(sure) if side.belongs is None else level(side.belongs, place),
        )


def _before(aimed: Parts, stray: Parts, share: float, place: Parts) -> Parts:
    """Where that stood which has come to `aimed` by `share` of the stray that `place` has."""
    x, y = (
        goal - np.float32(share) * level(field, place)
        for goal, field in zip(aimed, stray, strict=True)
    )
    return x, y


def _resized(places: Parts, scale: float) -> Parts:
    """The same places in the same picture, `scale` times as large."""
    x, y = ((part + np.float32(0.5)) * np.float32(scale) - np.float32(0.5) for part in places)
    return x, y


@dataclass(frozen=True)
class _Origin:
    """Where in an end's picture that stood which is here now, how sure that is, and whether it is
    part of what is drawn.
    """

    places: Parts
    sure: Share
    belongs: Share


@dataclass(frozen=True)
class Morph:
    ground: _Layer
    things: tuple[_Layer, ...]

    def frame(self, share: float, box: Box, size: Size) -> Planes:
        """What `box` shows after `share` of the way: 0 is the first picture, 1 the second."""
        places = asked(box, size)
        feather = _feather(places, self.ground.start.planes.size)
        frame = woven(self.ground.weave(share, places, feather), whole(size))
        for thing in self.things:
            weave = thing.weave(share, places, feather)
            block = block_of(weave.belongs, size)
            if block:
                frame = _over(frame, weave.within(block), block)
        return frame


def _over(frame: Planes, weave: Weave, block: Block) -> Planes:
    return frame.under(woven(weave, block), block.left, block.top, block.grown(weave.belongs))


def between(one: Planes, other: Planes) -> Morph | None:
    """None where the two have too little in common. Both are of one size."""
    scale = min(1.0, _MEASURED / max(one.size))
    found = account(_small(one.luma, scale), _small(other.luma, scale))
    if found.worth < _WORTH:
        return None

    ground = found.ground
    start = _Side(one, parts(ground.start.stray), _sure(ground.start, found.hidden_at_start), None)
    end = _Side(other, parts(ground.end.stray), _sure(ground.end, found.hidden_at_end), None)
    things = (_moving(one, other, thing, scale) for thing in found.things)
    return Morph(_Layer(ground.way.enlarged(1 / scale), scale, start, end), tuple(things))


def _moving(one: Planes, other: Planes, thing: Thing, scale: float) -> _Layer:
    motion = thing.motion
    start = _Side(one, parts(motion.start.stray), _sure(motion.start), thing.start)
    end = _Side(other, parts(motion.end.stray), _sure(motion.end), thing.end)
    return _Layer(motion.way.enlarged(1 / scale), scale, start, end)


def _sure(flow: Flow, hidden: Share | float = 0.0) -> Share:
    shown = 1 - hidden * (1 - _HIDDEN)
    return np.asarray((flow.trust * (1 - _DOUBT) + _DOUBT) * shown, np.float32)


def _small(luma: Plane, scale: float) -> Plane:
    small = cv2.resize(luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


@dataclass(frozen=True)
class _Feather:
    """How softly the edge of an end's picture ends inside a frame: within `room` pixels of it."""

    canvas: Size
    room: Share

    def __call__(self, places: Parts) -> Share:
        """1 well inside the end's picture, 0 beyond its edge."""
        return np.asarray((_depth(places, self.canvas) / self.room).clip(0, 1), np.float32)


def _feather(frame: Places, canvas: Size) -> _Feather:
    # Where the edge has hardly come into the frame, there is hardly room for softness.
    room = _depth(parts(frame), canvas).clip(1, canvas.height * _FEATHER)
    return _Feather(canvas, room)


def _depth(places: Parts, canvas: Size) -> Share:
    """How far from the edge, in pixels; below 0 outside."""
    x, y = (part + np.float32(0.5) for part in places)
    across, down = np.minimum(x, canvas.width - x), np.minimum(y, canvas.height - y)
    return np.asarray(np.minimum(across, down), np.float32)
