"""The sitting fox as a solid: one body that clay and fur are both put upon."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from march import Vector, ball, egg, limb, melt
from paint import Array, ink, smooth

TAIL: tuple[tuple[Vector, float], ...] = (
    ((0.42, 0.17, -0.26), 0.10),
    ((0.66, 0.14, -0.12), 0.15),
    ((0.90, 0.20, 0.02), 0.195),
    ((1.06, 0.42, 0.06), 0.215),
    ((1.06, 0.68, 0.04), 0.17),
    ((0.96, 0.92, 0.02), 0.035),
)


@dataclass(frozen=True)
class Build:
    """How a fox is proportioned: a toy has a big head and eyes, an animal has not."""

    head: float = 1.0
    eye: float = 0.074
    eye_apart: float = 0.165
    muzzle: float = 0.5
    ear: float = 1.0
    slim: float = 1.0
    yaw: float = -0.22
    tilt: float = 0.1


@dataclass(frozen=True)
class Fox:
    """A fox that sits on the ground at y = 0, its face towards +z."""

    build: Build = Build()
    head_at: Vector = (-0.14, 1.2, 0.2)

    def in_head(self, p: Array) -> Array:
        """Return points as the head sees them (its own middle, its own front)."""
        q = (p - np.array(self.head_at, np.float32)) / self.build.head
        c, s = np.cos(self.build.yaw), np.sin(self.build.yaw)
        x, z = q[..., 0] * c - q[..., 2] * s, q[..., 0] * s + q[..., 2] * c
        c, s = np.cos(self.build.tilt), np.sin(self.build.tilt)
        return np.stack([x * c + q[..., 1] * s, q[..., 1] * c - x * s, z], axis=-1)

    def from_head(self, at: Vector) -> Vector:
        """Return where a place on the head is in the room."""
        c, s = np.cos(self.build.tilt), np.sin(self.build.tilt)
        x, y, z = at[0] * c - at[1] * s, at[0] * s + at[1] * c, at[2]
        c, s = np.cos(self.build.yaw), np.sin(self.build.yaw)
        q = np.array([x * c + z * s, y, -x * s + z * c]) * self.build.head
        return tuple(float(v) for v in q + self.head_at)  # type: ignore[return-value]

    def _ears(self, q: Array) -> Array:
        w = np.stack([np.abs(q[..., 0]), q[..., 1], q[..., 2] * 1.7 + 0.08], axis=-1)
        tall = 0.24 + 0.36 * self.build.ear
        shell = limb(w, (0.21, 0.2, 0), (0.35, tall, 0), 0.145, 0.022)
        hollow = limb(w, (0.22, 0.2, 0.17), (0.345, tall - 0.06, 0.13), 0.13, 0.03)
        return np.maximum(shell, -hollow) / 1.35

    def head(self, p: Array) -> Array:
        """Return the distance to the head without its eyes and nose."""
        q = self.in_head(p)
        w = np.stack([np.abs(q[..., 0]), q[..., 1], q[..., 2]], axis=-1)
        reach = self.build.muzzle
        out = egg(q, (0, 0.03, 0), (0.36, 0.31, 0.31))
        out = melt(out, limb(w, (0.16, -0.1, 0.07), (0.42, -0.17, -0.02), 0.17, 0.035), 0.12)
        out = melt(out, limb(q, (0, -0.09, 0.2), (0, -0.135, reach), 0.155, 0.07), 0.13)
        out = melt(out, self._ears(q), 0.07)
        socket = ball(w, (self.build.eye_apart, 0.035, 0.33), self.build.eye * 0.9)
        out = np.maximum(out, -socket)
        return out * self.build.head

    def body(self, p: Array) -> Array:
        """Return the distance to all that is below the head."""
        slim = self.build.slim
        out = egg(p, (-0.08, 0.62, 0.1), (0.27 * slim, 0.37, 0.27 * slim))
        out = melt(out, limb(p, (-0.05, 0.58, 0.04), (0.22, 0.36, -0.16), 0.25, 0.34 * slim), 0.2)
        out = melt(out, limb(p, (-0.08, 0.76, 0.08), self.head_at, 0.21 * slim, 0.2), 0.15)
        for x in (-0.2, 0.04):
            leg = limb(p, (x, 0.5, 0.22), (x, 0.08, 0.33), 0.115, 0.075)
            leg = melt(leg, egg(p, (x, 0.06, 0.4), (0.095, 0.068, 0.13)), 0.06)
            out = melt(out, leg, 0.08)
        hind = egg(p, (0.32, 0.31, 0.03), (0.21 * slim, 0.3, 0.3))
        hind = melt(hind, egg(p, (0.34, 0.06, 0.33), (0.105, 0.07, 0.19)), 0.08)
        return melt(out, hind, 0.06)

    def tail(self, p: Array) -> Array:
        """Return the distance to the brush."""
        out = np.full(p.shape[:-1], 9.0, np.float32)
        for (a, ra), (b, rb) in itertools.pairwise(TAIL):
            out = melt(out, limb(p, a, b, ra, rb), 0.06)
        return out

    def features(self, p: Array) -> tuple[Array, Array]:
        """Return the distances to the eyes and to the nose."""
        q = self.in_head(p)
        w = np.stack([np.abs(q[..., 0]), q[..., 1], q[..., 2]], axis=-1)
        eyes = ball(w, (self.build.eye_apart, 0.035, 0.262), self.build.eye)
        nose = egg(q, (0, -0.1, self.build.muzzle + 0.055), (0.066, 0.05, 0.045))
        return eyes * self.build.head, nose * self.build.head

    def field(self, p: Array) -> Array:
        """Return the distance to the whole fox."""
        eyes, nose = self.features(p)
        skin = melt(self.head(p), self.body(p), 0.08)
        return np.minimum(np.minimum(melt(skin, self.tail(p), 0.08), eyes), nose)

    def coat(self, p: Array, fur: str, cream: str, dark: str, inner: str) -> Array:
        """Return the colour of the coat at points upon it."""
        q = self.in_head(p)
        x, y, z = np.abs(q[..., 0]), q[..., 1], q[..., 2]
        near = smooth(0.03, -0.05, self.head(p) - self.body(p))
        near = np.maximum(near, smooth(0.02, 0.0, np.abs(self.head(p))))
        cheek = smooth(-0.035, -0.065, y - 0.35 * np.maximum(x - 0.2, 0) + 0.1 * (x < 0.1))
        bridge = smooth(0.085, 0.055, x) * smooth(0.1, 0.2, z) * smooth(-0.16, -0.1, y)
        face = np.clip(cheek * (1 - bridge), 0, 1)
        bib = smooth(0.24, 0.15, np.hypot((p[..., 0] + 0.09) * 1.15, (p[..., 1] - 0.7) * 0.6))
        bib *= smooth(0.1, 0.2, p[..., 2])
        tip = smooth(0.66, 0.76, p[..., 1] + 0.05 * np.sin(p[..., 0] * 40)) * (p[..., 0] > 0.6)
        light = np.maximum(np.maximum(face * near, bib * (1 - near)), tip)[..., None]
        sock = smooth(0.34, 0.2, p[..., 1]) * (p[..., 0] < 0.2) * (p[..., 2] > 0.1)
        sock = np.maximum(sock, smooth(0.16, 0.1, p[..., 1]) * (p[..., 2] > 0.2))
        ear_top = smooth(0.42, 0.5, y) * near
        deep = np.maximum(sock * (p[..., 0] < 0.6), ear_top * (z > -0.5))[..., None]
        inside = (smooth(0.2, 0.24, y) * smooth(0.0, -0.015, self._hollow(q)) * near)[..., None]
        out = ink(fur) * (1 - light) + ink(cream) * light
        out = out * (1 - deep) + ink(dark) * deep
        return out * (1 - inside) + ink(inner) * inside

    def _hollow(self, q: Array) -> Array:
        w = np.stack([np.abs(q[..., 0]), q[..., 1], q[..., 2] * 1.7 + 0.08], axis=-1)
        tall = 0.24 + 0.36 * self.build.ear
        return limb(w, (0.22, 0.2, 0.17), (0.345, tall - 0.06, 0.13), 0.13, 0.03) - 0.012
