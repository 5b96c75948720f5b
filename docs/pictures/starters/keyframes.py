"""From one frame to the next: a boat crosses the evening between a first and a last picture."""

from __future__ import annotations

import numpy as np
from paint import Array, Canvas, ramp, smooth
from PIL import Image

from starters.dusk import blank, boat, finish, ridge

FIRST, LAST = (26, 52, 196, 218), (284, 52, 454, 218)
HORIZON = 140.0


def _inside(canvas: Canvas, frame: tuple[int, int, int, int]) -> Array:
    left, top, right, low = frame
    return canvas.area([(left, top), (right, top), (right, low), (left, low)])


def _evening(canvas: Canvas) -> None:
    """Paint one view whose hour goes from late afternoon at the left to dusk at the right."""
    t = canvas.y / HORIZON
    day = ramp(t, (0, "#6ea6cf"), (0.5, "#b9d3d6"), (0.85, "#fbdcb0"), (1, "#ffe6bd"))
    dusk = ramp(t, (0, "#1e2350"), (0.45, "#6a4680"), (0.8, "#dd6f72"), (1, "#ffb075"))
    late = smooth(90, 390, canvas.x)[..., None]
    canvas.rgb = day * (1 - late) + dusk * late
    streaks = smooth(0.5, 0.75, canvas.cloud(36, 8, 4, stretch=6)) * smooth(140, 60, canvas.y)
    canvas.screen(streaks, ramp(canvas.x, (90, "#fff0dd"), (390, "#ff8f86")), 0.5)
    for x, y, r, power in ((96, 86, 12, 1.0), (240, 100, 12, 0.4), (372, 127, 13, 1.0)):
        canvas.screen(canvas.glow(x, y, r * 2.6, 2.2), "#ffc98c", 0.6 * power)
        canvas.fill(canvas.oval(x, y, r), "#fff4da", power)
    ridge(canvas, 142, 30, 120, 4, "#7f8fae", "#d9b3a2")
    ridge(canvas, 143, 17, 70, 12, "#56658c", "#b18b93")
    depth = (canvas.y - HORIZON) / 130
    water = smooth(-0.3, 0.3, canvas.y - HORIZON)
    day = ramp(depth, (0, "#f7dcb6"), (0.25, "#a9c6cd"), (1, "#3f7ba3"))
    dusk = ramp(depth, (0, "#f7a577"), (0.25, "#a5607f"), (1, "#26285a"))
    canvas.fill(water, day * (1 - late) + dusk * late)
    rng = np.random.default_rng(4)
    bright = np.zeros(canvas.shape, np.float32)
    dark = np.zeros(canvas.shape, np.float32)
    for i in range(420):
        d = rng.uniform(0.02, 1) ** 1.2
        y = HORIZON + d * 130
        long = (2 + 13 * d) * rng.uniform(0.4, 1.2)
        x = (96, 372)[i % 2] + rng.normal(0, 8 + 14 * d)
        wide = (0.4 + 1.9 * d) * 4
        bright = canvas.stroke(
            [(x - long, y), (x, y), (x + long, y)], lambda t, w=wide: w * t * (1 - t), bright
        )
        x = rng.uniform(0, 480)
        dark = canvas.stroke(
            [(x - long, y), (x, y), (x + long, y)], lambda t, w=wide: w * t * (1 - t) * 0.8, dark
        )
    canvas.multiply(dark, "#4d5f92", 0.28)
    canvas.screen(bright * water, "#ffe2b0", 0.7)


def _mark(canvas: Canvas, frame: tuple[int, int, int, int]) -> None:
    """Draw a frame's hairline and its four corners."""
    left, top, right, low = frame
    box = [(left, top), (right, top), (right, low), (left, low), (left, top)]
    canvas.fill(canvas.stroke(box, 1.5), "#fff3e0", 0.9)
    for x, y, dx, dy in (
        (left, top, 1, 1), (right, top, -1, 1), (right, low, -1, -1), (left, low, 1, -1)
    ):  # fmt: skip
        corner = [(x + 17 * dx, y), (x, y), (x, y + 17 * dy)]
        canvas.fill(canvas.stroke(corner, 3.6), "#fff3e0")


def draw() -> Image.Image:
    """Draw the two frames and the way between them."""
    canvas = blank()
    _evening(canvas)
    ways = [(112, 186, 1.5), (180, 176, 1.3), (228, 172, 1.24), (276, 172, 1.24), (322, 178, 1.34)]
    for (x, y, size), solid in zip(ways[1:], (0.3, 0.4, 0.4, 0.3), strict=True):
        boat(canvas, x, y, size, solid)
    boat(canvas, 104, 188, 1.55)
    boat(canvas, 376, 190, 1.55)
    shown = np.maximum(_inside(canvas, FIRST), _inside(canvas, LAST))
    canvas.multiply(1 - shown, "#3c4468", 0.72)
    canvas.multiply(canvas.soft(shown, 4) * (1 - shown), "#0d1122", 0.5)
    path = [(204 + i * 4.0, 235 + 0 * i) for i in range(19)]
    for i in range(0, 18, 2):
        canvas.fill(canvas.stroke([path[i], path[i + 1]], 1.9), "#ffc07c")
    canvas.fill(canvas.area([(286, 235), (275, 229.6), (275, 240.4)]), "#ffc07c")
    for x in (111, 369):
        key = [(x, 226), (x + 8, 235), (x, 244), (x - 8, 235)]
        canvas.fill(canvas.area(key), "#ffc07c")
        canvas.fill(canvas.stroke([(x - 60, 235), (x - 14, 235)], 0.9), "#fff3e0", 0.35)
        canvas.fill(canvas.stroke([(x + 14, 235), (x + 60, 235)], 0.9), "#fff3e0", 0.35)
    _mark(canvas, FIRST)
    _mark(canvas, LAST)
    return finish(canvas, 0.25)
