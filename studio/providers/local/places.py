"""Places in a picture as complex numbers, x + iy: many at once, and what a picture shows there."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Share = NDArray[np.float32]
Places = NDArray[np.complex64]
Parts = tuple[Share, Share]


def grid(shape: tuple[int, ...]) -> Places:
    """Each pixel's own place."""
    height, width = shape
    return (np.arange(width) + 1j * np.arange(height)[:, None]).astype(np.complex64)


def pairs(places: Places) -> Share:
    """The same numbers as OpenCV takes them: x and y side by side."""
    return np.ascontiguousarray(places).view(np.float32).reshape(*places.shape, 2)


def complexes(numbers: NDArray[Any]) -> Places:
    """And back."""
    return np.ascontiguousarray(numbers, np.float32).view(np.complex64)[..., 0]


def parts(places: Places) -> Parts:
    """Their x and their y, each by itself."""
    return np.ascontiguousarray(places.real), np.ascontiguousarray(places.imag)


def inside(places: Places, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    height, width = shape
    x, y = places.real, places.imag
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1))


def level(field: NDArray[Any], at: Parts) -> Share:
    """`field` at places between its own; beyond its edge as at its edge."""
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.remap(field, *at, cv2.INTER_LINEAR, borderMode=edge), np.float32)


def drift(field: Parts, at: Parts) -> Places:
    """The same for a field of places."""
    # Two fields of one number each are looked up in half the time of one of two.
    right, down = (level(part, at) for part in field)
    return right + np.complex64(1j) * down


def taken(plane: Plane, x: Share, y: Share) -> Plane:
    """What `plane` shows at those places; beyond its edge it is mirrored."""
    mirrored = cv2.BORDER_REFLECT
    return np.asarray(cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=mirrored), np.uint8)


def soft(values: Share, reach: float) -> Share:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), reach), np.float32)
