"""The 3D manner: a clay fox on a round hill, lit by one broad lamp and marched ray by ray."""

from __future__ import annotations

import numpy as np
from creature import Build, Fox
from march import Camera, ball, closeness, egg, melt, normals, shadow, unit, walk
from paint import Array, Canvas, ink, ramp, smooth
from PIL import Image

SCALE = 3
FOX = Fox(Build(head=1.12, eye=0.088, eye_apart=0.172, muzzle=0.44, ear=0.92))
CAMERA = Camera(eye=(-0.25, 1.25, 6.2), target=(0.06, 0.93, 0.0), lens=4.6)
MOON, ROUND = (-0.5, 1.52, -2.0), 0.98


def _hills(p: Array) -> Array:
    near = ball(p, (0.1, -5.0, 0.0), 5.0)
    far = egg(p, (-2.3, -1.3, -3.2), (1.9, 2.0, 1.4))
    return melt(near, np.minimum(far, egg(p, (2.5, -1.4, -3.6), (1.9, 2.5, 1.4))), 0.05)


def _puffs(p: Array) -> Array:
    out = np.full(p.shape[:-1], 9.0, np.float32)
    for x, y, z, r in (
        (-1.86, 0.86, -0.9, 0.2),
        (-1.6, 0.94, -0.9, 0.26),
        (-1.3, 0.84, -0.9, 0.18),
        (0.98, 1.84, -1.7, 0.18),
        (1.26, 1.92, -1.7, 0.26),
        (1.56, 1.83, -1.7, 0.19),
    ):
        out = melt(out, ball(p, (x, y, z), r), 0.1)
    return out


def _scene(p: Array) -> Array:
    rest = np.minimum(_hills(p), np.minimum(ball(p, MOON, ROUND), _puffs(p)))
    return np.minimum(FOX.field(p), rest)


def _casts(p: Array) -> Array:
    return np.minimum(FOX.field(p), _hills(p))


def _paint(p: Array) -> tuple[Array, Array]:
    eyes, nose = FOX.features(p)
    parts = np.stack([FOX.field(p), _hills(p), ball(p, MOON, ROUND), _puffs(p)])
    which = parts.argmin(axis=0)
    colour = FOX.coat(p, "#ec7a35", "#fff0dc", "#5b2f2f", "#f4b2a0")
    dark = (np.minimum(eyes, nose) < 0.004) & (which == 0)
    colour = np.where(dark[:, None], ink("#1d1420"), colour)
    ground = ramp(smooth(-3.5, -0.5, p[:, 2]), (0, "#7fb8b0"), (1, "#5fb098"))
    colour = np.where((which == 1)[:, None], ground, colour)
    colour = np.where((which == 2)[:, None], ink("#ffe3a6"), colour)
    colour = np.where((which == 3)[:, None], ink("#fff4ee"), colour)
    return colour.astype(np.float32), dark


def _light(p: Array, way: Array) -> Array:
    n = normals(_scene, p)
    colour, dark = _paint(p)
    colour = colour**2.2
    key = unit(np.array([[-0.62, 0.95, 0.75]], np.float32))
    rim = unit(np.array([[0.9, 0.35, -0.75]], np.float32))
    lit = np.clip((n @ key[0] + 0.18) / 1.18, 0, 1)
    lit *= shadow(_casts, p + n * 0.01, key, 7.0)
    open_ = closeness(_casts, p, n)
    sky = (0.5 + 0.5 * n[:, 1]) * open_
    bounce = (0.5 - 0.5 * n[:, 1]) * open_
    edge = np.clip(1 + np.einsum("ij,ij->i", n, way), 0, 1) ** 3
    back = np.clip(n @ rim[0], 0, 1) ** 1.2
    total = (
        lit[:, None] * np.array([2.35, 2.05, 1.72])
        + sky[:, None] * np.array([0.5, 0.58, 0.82])
        + bounce[:, None] * np.array([0.46, 0.34, 0.3])
        + back[:, None] * np.array([0.9, 0.5, 0.42]) * open_[:, None]
    )
    out = colour * total * 0.62 + edge[:, None] * open_[:, None] * np.array([0.16, 0.13, 0.13])
    half = unit(key - way)
    shine = np.clip(np.einsum("ij,ij->i", n, half), 0, 1)
    wet = np.where(dark, shine**90 * 2.4, shine**14 * 0.05)
    return out + wet[:, None]


def draw() -> Image.Image:
    """Draw the fox in clay."""
    canvas = Canvas(320, 240, SCALE)
    rows, columns = canvas.shape
    way = CAMERA.rays(columns, rows).reshape(-1, 3)
    start = np.broadcast_to(np.array(CAMERA.eye, np.float32), way.shape)
    far = walk(_scene, start, way, 16.0, near=4.5)
    hit = np.isfinite(far)
    back = ramp(canvas.y / canvas.height, (0, "#f6a58b"), (0.55, "#fbcfae"), (1, "#ffe6cc"))
    flat = back.reshape(-1, 3).copy()
    p = start[hit] + way[hit] * far[hit, None]
    light = _light(p, way[hit])
    light = light * (1 + light / 6) / (1 + light * 0.42) * 1.12
    tone = np.clip(light, 0, 1) ** (1 / 2.2)
    haze = smooth(2.0, 13.0, far[hit] - 4.0)[:, None] * 0.65
    flat[hit] = tone * (1 - haze) + flat[hit] * haze
    canvas.rgb = flat.reshape(rows, columns, 3).astype(np.float32)
    x, y = CAMERA.project(np.array([MOON]), 320, 240)[0]
    canvas.screen(canvas.glow(x, y, 70, 3), "#ffdf9e", 0.25)
    canvas.vignette(0.12, "#7a2f3f")
    return canvas.finish()
