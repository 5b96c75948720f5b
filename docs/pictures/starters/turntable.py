"""A turntable: one painted jug seen from five sides as the disc beneath it turns."""

from __future__ import annotations

import numpy as np
from paint import Array, Canvas, curve, ramp, smooth
from PIL import Image

from starters.dusk import blank, finish

# Height above the foot (0 to 1) and half the width there.
PROFILE = (
    (0.0, 0.21), (0.03, 0.235), (0.16, 0.33), (0.34, 0.39), (0.5, 0.37), (0.66, 0.27), (0.78, 0.185),
    (0.88, 0.17), (0.96, 0.2), (1.0, 0.215),
)  # fmt: skip


def _round(values: Array) -> Array:
    heights, halves = np.array(PROFILE).T
    line = curve([*zip(heights, halves, strict=True)], steps=24)
    return np.interp(values, line[:, 0], line[:, 1]).astype(np.float32)


def _pattern(azimuth: Array, high: Array) -> Array:
    """Return the glaze's colour at a place on the jug's own skin."""
    colour = ramp(high, (0, "#e6d3bd"), (0.5, "#f6e8d4"), (1, "#fff2e0"))
    turn = (azimuth + np.pi) % (2 * np.pi) - np.pi
    wave = 0.205 + 0.035 * np.cos(azimuth * 6)
    low = smooth(0.006, -0.006, high - wave)[..., None]
    colour = colour * (1 - low) + np.array([0.17, 0.27, 0.44], np.float32) * low
    for middle, size in ((0.0, 0.13), (2.1, 0.1), (-2.1, 0.1)):
        off = (turn - middle + np.pi) % (2 * np.pi) - np.pi
        disc = smooth(1.05, 0.95, np.hypot(off * 0.4 / size, (high - 0.43) / size))[..., None]
        warm = np.array([0.86, 0.36, 0.22] if middle == 0 else [0.93, 0.62, 0.3], np.float32)
        colour = colour * (1 - disc) + warm * disc
    for at in (0.635, 0.665, 0.93):
        band = smooth(0.009, 0.004, np.abs(high - at))[..., None]
        colour = colour * (1 - band) + np.array([0.17, 0.27, 0.44], np.float32) * band
    return colour


def _shade(nx: Array, ny: Array, nz: Array) -> Array:
    key = np.clip(0.62 * nx + 0.3 * ny + 0.58 * nz + 0.08, 0, 1)
    fill = np.clip(-0.75 * nx + 0.2 * ny + 0.4 * nz, 0, 1)
    edge = np.clip(1 - nz, 0, 1) ** 2.2
    return (
        key[..., None] * np.array([0.98, 0.8, 0.64])
        + fill[..., None] * np.array([0.17, 0.22, 0.4])
        + (edge * (nx > 0))[..., None] * np.array([0.9, 0.48, 0.26])
        + (edge * (nx < 0))[..., None] * np.array([0.1, 0.16, 0.32])
        + np.array([0.15, 0.13, 0.2])
    ).astype(np.float32)


def _handle(canvas: Canvas, x: float, foot: float, tall: float, angle: float, solid: float) -> None:
    arc = curve([(0.2, 0.9), (0.36, 0.93), (0.5, 0.8), (0.5, 0.6), (0.43, 0.46), (0.34, 0.4)])
    side, near = np.sin(angle), np.cos(angle)
    path = [(x + r * side * tall, foot - (h - 0.05 * near * r) * tall) for r, h in arc]
    thick = 0.062 * tall
    mask = canvas.stroke(path, thick)
    canvas.fill(
        mask,
        ramp((canvas.x - x) / tall, (-0.5, "#62648a"), (0, "#c9b3a6"), (0.5, "#f0d2b2")),
        solid,
    )
    inner = canvas.stroke([(a + 0.2 * thick, b - 0.1 * thick) for a, b in path], thick * 0.4)
    canvas.screen(canvas.soft(inner, 0.5), "#ffd9ae", 0.55 * solid)
    out = canvas.stroke([(a - 0.38 * thick, b + 0.1 * thick) for a, b in path], thick * 0.3)
    canvas.multiply(canvas.soft(out, 0.6) * mask, "#4a4870", 0.7 * solid)


def jug(canvas: Canvas, x: float, foot: float, tall: float, angle: float, solid: float) -> None:
    """Stand the jug on its foot, turned by an angle, as solid as said (0 to 1)."""
    near = np.cos(angle) > 0
    if not near:
        _handle(canvas, x, foot, tall, angle, solid)
    high = (foot - canvas.y + 0.02 * tall) / tall
    half = _round(high) * tall
    u = (canvas.x - x) / np.maximum(half, 1e-3)
    # Seen a little from above: foot and lip are shallow bows, not straight cuts.
    bow = np.sqrt(np.clip(1 - u * u, 0, 1))
    skin = high - 0.045 * bow * (0.5 - 0.2 * high)
    inside = (np.abs(u) < 1) & (skin > -0.018) & (high < 1.0 - 0.0 * bow)
    mask = canvas.soft(inside.astype(np.float32), 0.25)
    slope = np.gradient(_round(np.linspace(0, 1, 400, dtype=np.float32)), 1 / 399)
    ny = -np.interp(high, np.linspace(0, 1, 400), slope) * 0.7
    nz = np.sqrt(np.clip(1 - u * u, 0.0, 1))
    long = np.sqrt(1 + ny * ny)
    light = _shade(u / long, ny / long, nz / long)
    azimuth = np.arcsin(np.clip(u, -1, 1)) - angle
    canvas.fill(mask, np.clip(_pattern(azimuth + np.pi, skin) * light, 0, 1), solid)
    gleam = canvas.soft(
        canvas.oval(x + 0.15 * tall, foot - 0.47 * tall, 0.035 * tall, 0.1 * tall), 2
    )
    canvas.screen(gleam * mask, "#fff3de", 0.75 * solid)
    lip = canvas.oval(x, foot - 0.985 * tall, 0.213 * tall, 0.042 * tall)
    canvas.fill(lip, "#fff0dc", solid)
    hole = canvas.oval(x, foot - 0.98 * tall, 0.188 * tall, 0.031 * tall)
    canvas.fill(hole, ramp((canvas.x - x) / tall, (-0.2, "#6d5a68"), (0.2, "#2a2438")), solid)
    if near:
        _handle(canvas, x, foot, tall, angle, solid)


def _disc(canvas: Canvas) -> None:
    canvas.multiply(canvas.soft(canvas.oval(240, 236, 225, 30), 8), "#0a0d1c", 0.75)
    canvas.fill(canvas.oval(240, 226, 208, 36), "#20263f")
    top = canvas.oval(240, 220, 208, 36)
    canvas.fill(top, ramp(canvas.x / 480, (0.05, "#2e3658"), (0.5, "#5d4d70"), (0.95, "#b97b74")))
    canvas.screen(canvas.soft(canvas.oval(262, 216, 110, 17), 8), "#ffb27e", 0.35)
    ring = top * (1 - canvas.oval(240, 220.8, 206.6, 35.2))
    canvas.screen(ring, "#ffd0a0", 0.7)
    for i in range(72):
        a = i * np.pi / 36
        near, far = (0.955, 0.915) if i % 6 else (0.955, 0.88)
        ends = [(240 + 208 * k * np.cos(a), 220 + 36 * k * np.sin(a)) for k in (near, far)]
        canvas.screen(canvas.stroke(ends, 0.8), "#ffe0c0", 0.5)
    t = np.linspace(np.pi * 0.70, np.pi * 0.34, 50)
    arc = [(240 + 208 * 0.8 * np.cos(a), 220 + 36 * 0.8 * np.sin(a)) for a in t]
    canvas.fill(canvas.stroke(arc, lambda k: 0.4 + 2.0 * k), "#ffc07c")
    end, before = np.array(arc[-1]), np.array(arc[-4])
    way = (end - before) / np.hypot(*(end - before))
    side = np.array([-way[1], way[0]])
    head = [end + way * 9, end - way * 2 + side * 4.4, end - way * 2 - side * 4.4]
    canvas.fill(canvas.area([tuple(p) for p in head]), "#ffc07c")


def _ghost(
    canvas: Canvas, veil: Array, at: tuple[float, float, float], angle: float, solid: float
) -> None:
    """Stand a jug that is half forgotten: the room shows through it, the disc does not."""
    x, foot, tall = at
    before = canvas.rgb.copy()
    jug(canvas, x, foot, tall, angle, 1.0)
    drawn = canvas.soft((np.abs(canvas.rgb - before).max(axis=-1) > 0.004).astype(np.float32), 0.3)
    canvas.fill(drawn, veil, 1 - solid)


def draw() -> Image.Image:
    """Draw the jug on its turntable."""
    canvas = blank()
    canvas.rgb = ramp(
        canvas.x / 480 + 0.2 * (canvas.y / 270 - 0.5),
        (0, "#182440"), (0.45, "#3e3a60"), (0.8, "#86597a"), (1.05, "#b9727a"),
    )  # fmt: skip
    canvas.screen(canvas.glow(330, 96, 130, 2.2), "#ff9f70", 0.5)
    canvas.fill(
        canvas.soft(canvas.oval(240, 112, 92), 0.8),
        ramp(canvas.y, (20, "#ffd9a8"), (205, "#e58a74")),
        0.5,
    )
    veil = canvas.rgb.copy()
    _disc(canvas)
    for x, foot, tall, angle, solid in (
        (84, 209, 92, -2.3, 0.42), (396, 209, 92, 2.3, 0.42), (150, 215, 118, -1.25, 0.72),
        (330, 215, 118, 1.5, 0.72),
    ):  # fmt: skip
        canvas.multiply(
            canvas.soft(canvas.oval(x - 9, foot, tall * 0.34, 5), 2.5), "#14142a", solid
        )
        _ghost(canvas, veil, (x, foot, tall), angle, solid)
    canvas.multiply(canvas.soft(canvas.oval(226, 229, 66, 8), 3), "#12122a", 0.85)
    jug(canvas, 240, 228, 178, 0.55, 1.0)
    return finish(canvas)
