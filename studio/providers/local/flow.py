"""What one move of everything leaves over: where each place went besides, and who can be believed.

Measured on small grey pictures; fields are complex, a number of pixels to the right and down.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.providers.local.places import (
    Places,
    Plane,
    Share,
    complexes,
    drift,
    grid,
    inside,
    level,
    pairs,
    soft,
)
from studio.providers.local.similarity import Similarity, fit

# Going there and back again may end this many pixels away.
_ASTRAY = 1.2
# Grain up to this many grey levels proves nothing; how wide a neighbourhood is compared.
_GRAIN, _AROUND = 6.0, 11
# How far the field of the trusted is carried into places that are not, in pixels.
_NEAR, _FAR = 2.0, 18.0
# The common way is measured again at every such place that is not at the edge, and believed where
# this share of them agrees so closely.
_STEP, _EDGE, _MOST, _REFINED_WITHIN = 4, 4, 0.3, 0.5


@dataclass(frozen=True)
class Flow:
    """Of one end: how its places stray from the common way, and how far that is believed."""

    stray: Places
    trust: Share


@dataclass(frozen=True)
class Motion:
    """From the first grey picture to the second; `worth` is the share of detail that took part."""

    common: Similarity
    start: Flow
    end: Flow
    worth: float


def measure(start: Plane, end: Plane, common: Similarity) -> Motion:
    """Follow everything from one grey picture to the other, `common` being undone first."""
    common = _refined(start, end, common)
    forth, back = _stray(start, end, common), _stray(end, start, common.inverse)
    mine, worth_mine = _trust(start, end, common, forth, back)
    theirs, worth_theirs = _trust(end, start, common.inverse, back, forth)
    flows = Flow(_carried(forth, mine), mine), Flow(_carried(back, theirs), theirs)
    return Motion(common, *flows, min(worth_mine, worth_theirs))


def _refined(start: Plane, end: Plane, common: Similarity) -> Similarity:
    """To a small part of a pixel: from what thousands of places say instead of some corners."""
    here = grid(start.shape)[_EDGE:-_EDGE:_STEP, _EDGE:-_EDGE:_STEP]
    stray = _stray(start, end, common)[_EDGE:-_EDGE:_STEP, _EDGE:-_EDGE:_STEP]
    there = common(here + stray)
    seen = inside(there, end.shape)
    better, agree = fit(here[seen], there[seen], _REFINED_WITHIN)
    return better if better and agree > _MOST * np.count_nonzero(seen) else common


def _stray(here: Plane, there: Plane, way: Similarity) -> Places:
    """How far beside `way` each place of `here` is found again `there`, seen from here."""
    seen = inside(way(grid(here.shape)), there.shape)
    laid = np.where(seen, _laid(there, way, here.shape), here)
    # Its types do not know that there need be no field to begin with.
    dense: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return complexes(dense.calc(here, laid, None))


def _laid(there: Plane, way: Similarity, shape: tuple[int, ...]) -> Plane:
    if abs(way.turn) > 1.2:
        # It is about to shrink.
        there = np.asarray(cv2.GaussianBlur(there, (0, 0), 0.4 * abs(way.turn)), np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(there, way.matrix, shape[::-1], flags=flags), np.uint8)


def _trust(
    here: Plane, there: Plane, way: Similarity, mine: Places, theirs: Places
) -> tuple[Share, float]:
    """Per place: does it come back from there, and does it look alike there?"""
    places = grid(here.shape)
    found = way(places + mine)
    back = way.inverse(found + drift(theirs, found))
    seen = inside(found, there.shape)
    returns = np.exp(-((np.abs(back - places) / _ASTRAY) ** 2))
    alike, detail = _alike(here, level(there, found))
    trust = np.where(seen, returns * alike, 0).astype(np.float32)
    votes = np.where(seen, detail, 0)
    return trust, float((trust * votes).sum() / max(votes.sum(), 1))


def _alike(one: NDArray[np.generic], other: Share) -> tuple[Share, Share]:
    """How much of the shapes around each place are the same, and how much shape there is."""
    a, b = np.asarray(one, np.float32), other
    mean_a, mean_b = _around(a), _around(b)
    spread = np.maximum(_around(a * a) - mean_a**2 + _around(b * b) - mean_b**2, 0)
    common = 2 * (_around(a * b) - mean_a * mean_b)
    alike = (common + _GRAIN**2) / (spread + _GRAIN**2)
    return alike.clip(0, 1), np.sqrt(spread)


def _around(values: Share) -> Share:
    return np.asarray(cv2.blur(values, (_AROUND, _AROUND)), np.float32)


def _carried(stray: Places, trust: Share) -> Places:
    """What the trusted say, evened out, and carried a little way into what is not trusted."""
    near, far = (_weighed(stray, trust, reach) for reach in (_NEAR, _FAR))
    close = soft(trust, _NEAR)
    reached = np.minimum(soft(trust, _FAR) * 8, 1)
    return (near * close + far * (1 - close) * reached).astype(np.complex64)


def _weighed(stray: Places, trust: Share, reach: float) -> Places:
    total = complexes(cv2.GaussianBlur(pairs(stray * trust), (0, 0), reach))
    return total / (soft(trust, reach) + 1e-4)
