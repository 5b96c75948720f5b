"""Places in a picture as complex numbers, x + iy: many at once, and what a picture shows there."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Share = NDArray[np.float32]
Places = NDArray[np.complex64]

# Its types ask for two maps; with pairs there is one, and an empty second is not the same as none.
_remap: Any = cv2.remap


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


def inside(places: Places, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    height, width = shape
    x, y = places.real, places.imag
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1))


def level(field: NDArray[Any], at: Places) -> Share:
    """`field` at places between its own; beyond its edge as at its edge."""
    x, y = (np.ascontiguousarray(part) for part in (at.real, at.imag))
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=edge), np.float32)


def drift(field: Places, at: Places) -> Places:
    """The same for a field that is itself of complex numbers."""
    # Two fields of one number each are looked up in half the time of one of two.
    right, down = (level(np.ascontiguousarray(part), at) for part in (field.real, field.imag))
    return right + np.complex64(1j) * down


def taken(plane: Plane, way: Share) -> Plane:
    """What `plane` shows at each pair of `way`; beyond its edge it is mirrored."""
    return np.asarray(
        _remap(plane, way, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def soft(values: Share, reach: float) -> Share:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), reach), np.float32)
