"""What one way of everything leaves over: where each place went besides, and who can be believed.

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
    parts,
    soft,
)
from studio.providers.local.similarity import Similarity, fit

# Going there and back again may end this many pixels away.
_ASTRAY = 1.2
# Grain up to this many grey levels proves nothing; so much lighter or darker is another thing; how
# wide a neighbourhood is compared.
_GRAIN, _LIGHT, _AROUND = 6.0, 24.0, 7
# How far the field of the trusted is carried into places that are not, in pixels.
_NEAR, _FAR = 2.0, 18.0
# The way is measured again at every such place that is not at the edge, and believed where this
# share of them agrees so closely.
_STEP, _EDGE, _MOST, _REFINED_WITHIN = 4, 4, 0.3, 0.5


@dataclass(frozen=True)
class Flow:
    """Of one end: how its places stray from the way, and how far that is believed."""

    stray: Places
    trust: Share


@dataclass(frozen=True)
class Motion:
    """All that goes one way, from the first grey picture to the second."""

    way: Similarity
    start: Flow
    end: Flow


def measure(start: Plane, end: Plane, way: Similarity) -> Motion:
    """Follow everything from one grey picture to the other, `way` being undone first."""
    forth, back = _stray(start, end, way), _stray(end, start, way.inverse)
    mine = _trust(start, end, way, forth, back)
    theirs = _trust(end, start, way.inverse, back, forth)
    return Motion(way, Flow(_carried(forth, mine), mine), Flow(_carried(back, theirs), theirs))


def refined(start: Plane, end: Plane, way: Similarity) -> Similarity:
    """To a small part of a pixel: from what thousands of places say instead of some corners."""
    here = grid(start.shape)[_EDGE:-_EDGE:_STEP, _EDGE:-_EDGE:_STEP]
    stray = _stray(start, end, way)[_EDGE:-_EDGE:_STEP, _EDGE:-_EDGE:_STEP]
    there = way(here + stray)
    seen = inside(there, end.shape)
    better, agree = fit(here[seen], there[seen], _REFINED_WITHIN)
    return better if better and agree > _MOST * np.count_nonzero(seen) else way


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


def _trust(here: Plane, there: Plane, way: Similarity, mine: Places, theirs: Places) -> Share:
    """Per place: does it come back from there, and does it look alike there?"""
    places = grid(here.shape)
    found = way(places + mine)
    at = parts(found)
    back = way.inverse(found + drift(parts(theirs), at))
    seen = inside(found, there.shape)
    returns = np.exp(-((np.abs(back - places) / _ASTRAY) ** 2))
    alike = _alike(here.astype(np.float32), level(there, at), seen)
    return np.where(seen, returns * alike, 0).astype(np.float32)


def _alike(one: Share, other: Share, seen: NDArray[np.bool_]) -> Share:
    """How much of the shapes and the light around each place are the same."""
    mean_one, mean_other = _around(one), _around(other)
    spread = _around(one * one) - mean_one**2 + _around(other * other) - mean_other**2
    common = 2 * (_around(one * other) - mean_one * mean_other)
    shapes = ((common + _GRAIN**2) / (spread + _GRAIN**2)).clip(0, 1)
    lighter = mean_other - mean_one
    # All of a scene may have become lighter.
    lighter = lighter - (np.median(lighter[seen]) if seen.any() else 0)
    return np.asarray(shapes * np.exp(-((lighter / _LIGHT) ** 2)), np.float32)


def detail(picture: Plane) -> Share:
    """How much there is to be seen around each place, beyond a little grain."""
    grey = picture.astype(np.float32)
    spread = np.sqrt(np.maximum(_around(grey * grey) - _around(grey) ** 2, 0))
    return np.asarray(np.maximum(spread - _GRAIN / 3, 0), np.float32)


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
