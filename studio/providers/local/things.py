"""Who goes where between two grey pictures: the ground, and the things that move over it."""

from dataclasses import dataclass

import cv2
import numpy as np

from studio.providers.local.flow import Motion, detail, measure, refined
from studio.providers.local.places import Places, Plane, Share, grid, inside, level, parts, soft
from studio.providers.local.similarity import STILL, ways

# A place belongs to a thing that explains it this much better than the ground does.
_BETTER = 0.25
# Specks are no thing, and neither is less than this share of the picture; gaps are closed.
_SPECK, _GAP, _SMALLEST = 5, 9, 0.0008
_EDGE, _HALO = 1.2, 13


@dataclass(frozen=True)
class Thing:
    """What moves in a way of its own, and where in either picture it stands."""

    motion: Motion
    start: Share
    end: Share


@dataclass(frozen=True)
class Account:
    """`worth` is the share of all that is to be seen which found its place in the other picture."""

    ground: Motion
    things: tuple[Thing, ...]
    worth: float

    @property
    def hidden_at_start(self) -> Share | float:
        return _covered([thing.start for thing in self.things])

    @property
    def hidden_at_end(self) -> Share | float:
        return _covered([thing.end for thing in self.things])


def account(start: Plane, end: Plane) -> Account:
    common, others = ways(start, end)
    ground = measure(start, end, refined(start, end, common) if common else STILL)
    things = []
    for way in others:
        thing = _thing(measure(start, end, way), ground)
        if thing.start.any() and thing.end.any():
            things.append(thing)
    # Of a wide view and a close one, only the close one is seen whole in the other.
    worth = max(
        _worth(start, ground.start.trust, [thing.start for thing in things]),
        _worth(end, ground.end.trust, [thing.end for thing in things]),
    )
    return Account(ground, tuple(things), worth)


def _covered(masks: list[Share]) -> Share | float:
    """Where things stand before the ground, with what of their edges the masks have missed."""
    if not masks:
        return 0.0
    all_round = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_HALO, _HALO))
    return np.asarray(cv2.dilate(np.maximum.reduce(masks), all_round), np.float32)


def _worth(picture: Plane, trust: Share, masks: list[Share]) -> float:
    """Only what there is to be seen has a vote."""
    votes = detail(picture)
    explained = np.maximum.reduce([trust, *masks])
    return float((explained * votes).sum() / max(float(votes.sum()), 1.0))


def _thing(motion: Motion, ground: Motion) -> Thing:
    start = _better(motion.start.trust, ground.start.trust)
    end = _better(motion.end.trust, ground.end.trust)
    # A place that only one of the pictures gives to the thing is not part of it.
    both_start = start * _seen_from(end, motion.way(grid(start.shape) + motion.start.stray))
    both_end = end * _seen_from(start, motion.way.inverse(grid(end.shape) + motion.end.stray))
    return Thing(motion, _whole(both_start), _whole(both_end))


def _better(trust: Share, ground: Share) -> Share:
    return np.asarray(soft(trust - ground, _EDGE) > _BETTER, np.float32)


def _seen_from(mask: Share, places: Places) -> Share:
    return np.where(inside(places, mask.shape), level(mask, parts(places)), 0).astype(np.float32)


def _whole(mask: Share) -> Share:
    """Without specks and gaps, and with a soft edge."""
    solid = np.asarray(mask > 0.5, np.uint8)
    for kind, size in ((cv2.MORPH_CLOSE, _GAP), (cv2.MORPH_OPEN, _SPECK)):
        round_one = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        solid = np.asarray(cv2.morphologyEx(solid, kind, round_one), np.uint8)
    return soft(_large(solid), _EDGE)


def _large(solid: Plane) -> Share:
    """Without the islands that are too small to be a thing."""
    _, islands, sizes, _ = cv2.connectedComponentsWithStats(solid)
    kept = sizes[:, cv2.CC_STAT_AREA] > _SMALLEST * solid.size
    kept[0] = False  # the sea
    return np.asarray(kept[islands], np.float32)
