"""One move, turn and change of size that lays one picture on another, found or refused.

With places as complex numbers it is `turn * place + move`, and a part of its way is a power.
"""

import cmath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.providers.local.places import Places, Plane, pairs

_FEATURES = 2000
# How much nearer the best match must be than the next one, to be one.
_DISTINCT = 0.78
# Fewer matches that agree, or a smaller share of all of them, are chance. For a thing that goes
# its own way a few are enough: it is looked at again before it is believed.
_ENOUGH, _SHARE, _FEW = 16, 0.25, 5
_THINGS = 3
# How far, in pixels, a match may lie beside the way that the others go.
_CLOSE = 3.0
# A change of size beyond this, a turn beyond this: nobody cuts between two frames like that.
_LARGEST, _WIDEST = 4.0, 0.7


@dataclass(frozen=True)
class Similarity:
    turn: complex
    move: complex

    def __call__(self, places: Places) -> Places:
        return places * np.complex64(self.turn) + np.complex64(self.move)

    @property
    def inverse(self) -> "Similarity":
        return Similarity(1 / self.turn, -self.move / self.turn)

    def after(self, first: "Similarity") -> "Similarity":
        return Similarity(self.turn * first.turn, self.turn * first.move + self.move)

    def part(self, share: float) -> "Similarity":
        """`share` of the way, 0 to 1, at an even pace: growing as a camera that comes nearer."""
        if abs(self.turn - 1) < 1e-9:
            return Similarity(1, self.move * share)
        turn = cmath.exp(share * cmath.log(self.turn))
        return Similarity(turn, self.move * (turn - 1) / (self.turn - 1))

    def enlarged(self, factor: float) -> "Similarity":
        """The same one between pictures `factor` times as large."""
        # A pixel's own middle is half a pixel from its corner, at every size.
        half = 0.5 + 0.5j
        move = self.move + half - self.turn * half
        return Similarity(self.turn, move * factor - half + self.turn * half)

    @property
    def plausible(self) -> bool:
        size, angle = cmath.polar(self.turn)
        return 1 / _LARGEST < size < _LARGEST and abs(angle) < _WIDEST

    @property
    def matrix(self) -> NDArray[np.float64]:
        a, b = self.turn.real, self.turn.imag
        return np.array([[a, -b, self.move.real], [b, a, self.move.imag]], np.float64)


STILL = Similarity(1 + 0j, 0j)


def ways(start: Plane, end: Plane) -> tuple[Similarity | None, list[Similarity]]:
    """What lays the grey picture `start` on `end`, and what lays single things of it there.

    The first is None where nothing speaks clearly for one.
    """
    here, there = _matches(start, end)
    common = _common(here, there)
    others: list[Similarity] = []
    here, there = _rest(here, there, common or STILL)
    while len(others) < _THINGS and len(here) >= _FEW:
        found, agree = fit(here, there, _CLOSE)
        if found is None or agree < _FEW:
            break
        if found.plausible:
            others.append(found)
        here, there = _rest(here, there, found)
    return common, others


def _common(here: Places, there: Places) -> Similarity | None:
    if len(here) < _ENOUGH:
        return None
    found, agree = fit(here, there, _CLOSE)
    clear = agree >= max(_ENOUGH, _SHARE * len(here))
    return found if found and clear and found.plausible else None


def _rest(here: Places, there: Places, way: Similarity) -> tuple[Places, Places]:
    """The matches that do not go that way."""
    stray = np.abs(way(here) - there) > 2 * _CLOSE
    return here[stray], there[stray]


def fit(here: Places, there: Places, close: float) -> tuple[Similarity | None, int]:
    """The similarity that most of the pairs agree on within `close`, and how many do."""
    matrix, agree = cv2.estimateAffinePartial2D(
        pairs(here), pairs(there), method=cv2.RANSAC, ransacReprojThreshold=close
    )
    if matrix is None:
        return None, 0
    found = Similarity(complex(matrix[0, 0], matrix[1, 0]), complex(matrix[0, 2], matrix[1, 2]))
    return found, int(np.count_nonzero(agree))


def _matches(start: Plane, end: Plane) -> tuple[Places, Places]:
    # Drawn pictures have soft edges and few corners: the threshold is half the usual one.
    sift = cv2.SIFT.create(_FEATURES, contrastThreshold=0.02)
    (here, mine), (there, theirs) = (sift.detectAndCompute(p, None) for p in (start, end))
    if min(len(here), len(there)) < _FEW:
        return np.empty(0, np.complex64), np.empty(0, np.complex64)
    nearest: Sequence[Any] = cv2.BFMatcher.create().knnMatch(mine, theirs, k=2)
    clear = [best for best, next_one in nearest if best.distance < _DISTINCT * next_one.distance]
    return (
        np.array([complex(*here[match.queryIdx].pt) for match in clear], np.complex64),
        np.array([complex(*there[match.trainIdx].pt) for match in clear], np.complex64),
    )
