"""Solid shapes as distance fields, and a small camera that walks rays into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from paint import Array

Vector: TypeAlias = tuple[float, float, float]
Field: TypeAlias = Callable[[Array], Array]


def _length(p: Array) -> Array:
    return np.sqrt(np.einsum("...i,...i->...", p, p))


def unit(p: Array) -> Array:
    """Return vectors of length one."""
    return p / np.maximum(_length(p), 1e-9)[..., None]


def ball(p: Array, at: Vector, radius: float) -> Array:
    """Return the distance to a sphere."""
    return _length(p - np.array(at, np.float32)) - radius


def egg(p: Array, at: Vector, radii: Vector) -> Array:
    """Return about the distance to an ellipsoid."""
    r = np.array(radii, np.float32)
    q = p - np.array(at, np.float32)
    outer = _length(q / r)
    return outer * (outer - 1) / np.maximum(_length(q / (r * r)), 1e-6)


def limb(p: Array, a: Vector, b: Vector, ra: float, rb: float) -> Array:
    """Return the distance to a line that is ra thick at a and rb thick at b."""
    start, end = np.array(a, np.float32), np.array(b, np.float32)
    axis = end - start
    long = float(axis @ axis)
    less = ra - rb
    side = long - less * less
    q = p - start
    y = q @ axis
    z = y - long
    cross = q * long - y[..., None] * axis
    x2 = np.einsum("...i,...i->...", cross, cross)
    y2, z2 = y * y * long, z * z * long
    k = np.sign(less) * less * less * x2
    out = (np.sqrt(x2 * side / long) + y * less) / long - ra
    out = np.where(np.sign(y) * side * y2 < k, np.sqrt(x2 + y2) / long - ra, out)
    return np.where(np.sign(z) * side * z2 > k, np.sqrt(x2 + z2) / long - rb, out)


def melt(a: Array, b: Array, k: float) -> Array:
    """Join two shapes with a soft fillet of size k."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h * h * k * 0.25


@dataclass(frozen=True)
class Camera:
    """Where the eye is, what it looks at, and how long its lens is."""

    eye: Vector
    target: Vector
    lens: float

    def rays(self, width: int, height: int) -> Array:
        """Return one direction for each pixel, rows from the top."""
        eye, target = np.array(self.eye), np.array(self.target)
        ahead = (target - eye) / np.linalg.norm(target - eye)
        right = np.cross(ahead, (0, 1, 0))
        right /= np.linalg.norm(right)
        up = np.cross(right, ahead)
        rows, columns = np.mgrid[0:height, 0:width]
        u = (columns + 0.5 - width / 2) / height * 2
        v = (height / 2 - rows - 0.5) / height * 2
        way = u[..., None] * right + v[..., None] * up + self.lens * ahead
        return unit(way.astype(np.float32))

    def project(self, p: Array, width: int, height: int) -> Array:
        """Return where points in space fall on the picture, in pixels."""
        eye, target = np.array(self.eye), np.array(self.target)
        ahead = (target - eye) / np.linalg.norm(target - eye)
        right = np.cross(ahead, (0, 1, 0))
        right /= np.linalg.norm(right)
        up = np.cross(right, ahead)
        q = p - eye
        deep = np.maximum(q @ ahead, 1e-3)
        u, v = q @ right / deep * self.lens, q @ up / deep * self.lens
        flat = np.stack([u * height / 2 + width / 2, height / 2 - v * height / 2], axis=-1)
        return flat.astype(np.float32)


def walk(field: Field, start: Array, way: Array, far: float, near: float = 0.0) -> Array:
    """Follow rays until they touch; what never touches comes back as infinity."""
    travelled = np.full(len(way), near, np.float32)
    live = np.arange(len(way))
    hit = np.zeros(len(way), bool)
    for _ in range(90):
        gap = field(start[live] + way[live] * travelled[live, None])
        travelled[live] += gap * 0.9
        touched = gap < 0.0015
        hit[live[touched]] = True
        live = live[~touched & (travelled[live] < far)]
        if not len(live):
            break
    hit[live] = True
    return np.where(hit & (travelled < far), travelled, np.inf)


def normals(field: Field, p: Array, step: float = 0.002) -> Array:
    """Return the way the surface faces at points upon it."""
    signs = ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1))
    total = np.zeros_like(p)
    for sign in signs:
        e = np.array(sign, np.float32)
        total += e * field(p + e * step)[:, None]
    return unit(total)


def shadow(field: Field, p: Array, to_light: Array, soft: float, reach: float = 3.0) -> Array:
    """Return how much of a broad light reaches each point, 0 to 1."""
    out = np.ones(len(p), np.float32)
    t = np.full(len(p), 0.02, np.float32)
    for _ in range(34):
        gap = field(p + to_light * t[:, None])
        out = np.minimum(out, np.clip(0.5 + 0.5 * soft * gap / t, 0, 1))
        t += np.clip(gap, 0.02, 0.2)
        if (t > reach).all():
            break
    return out * out * (3 - 2 * out)


def closeness(field: Field, p: Array, n: Array, reach: float = 0.5) -> Array:
    """Return how open to the sky each point is, 1 where nothing stands near."""
    dark = np.zeros(len(p), np.float32)
    weight = 1.0
    for i in range(1, 6):
        step = reach * (i / 5) ** 1.5
        dark += (step - field(p + n * step)) * weight
        weight *= 0.65
    return np.clip(1 - 1.1 * dark / reach, 0, 1)
