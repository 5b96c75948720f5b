"""The general manner: a quiet film frame at dusk, soft light, nothing exaggerated."""

from __future__ import annotations

import numpy as np
from figure import Figure, rim
from paint import Canvas, curve, ramp, smooth
from PIL import Image

FOX = Figure(1.16, 92, 53)
MOON = (132, 92, 72)


def _sky(canvas: Canvas) -> None:
    t = canvas.y / canvas.height
    canvas.rgb = ramp(
        t, (0, "#10243f"), (0.28, "#1f4560"), (0.52, "#4f7480"), (0.7, "#c59a7c"), (0.82, "#efb27c")
    )
    rng = np.random.default_rng(4)
    for _ in range(70):
        x, y = rng.uniform(0, 320), rng.uniform(0, 105) ** 1.0
        dot = canvas.oval(x, y, rng.uniform(0.3, 0.75))
        canvas.screen(dot, "#dfeaf2", rng.uniform(0.25, 0.9) * (1 - y / 130))
    streaks = smooth(0.5, 0.72, canvas.cloud(34, 8, 4, stretch=5))
    band = smooth(60, 110, canvas.y) * smooth(185, 130, canvas.y)
    canvas.screen(streaks * band, "#f2a274", 0.4)


def _moon(canvas: Canvas) -> None:
    x, y, r = MOON
    canvas.screen(canvas.glow(x, y, r * 1.05, 3.2), "#e9c59a", 0.5)
    disc = canvas.oval(x, y, r)
    shade = canvas.soft(canvas.cloud(40, 14, 4), 1)
    face = ramp(smooth(0.4, 0.66, shade), (0, "#fff0d2"), (1, "#f0d2a4"))
    canvas.fill(disc, face)
    canvas.fill(disc * smooth(110, 180, canvas.y), "#f3b27e", 0.75)


def _hills(canvas: Canvas) -> None:
    rng = np.random.default_rng(2)
    rows = (
        (166, 20, "#5f7f8c", "#d9a988", 120),
        (180, 20, "#375b6c", "#b9917f", 90),
        (194, 16, "#203f50", "#6c6f74", 70),
    )
    for base, tall, colour, mist, cell in rows:
        ridge = base - tall * (canvas.cloud(cell, int(rng.integers(99)), 4)[3] - 0.5) * 2.2
        mask = np.clip((canvas.y - ridge[None, :]) * canvas.scale, 0, 1)
        low = smooth(base - tall, base + 30, canvas.y)[..., None]
        canvas.fill(mask, ramp(low[..., 0], (0, colour), (1, mist)))


def _ground(canvas: Canvas) -> None:
    top = 206 + 9 * ((canvas.x - 165) / 160) ** 2
    mask = np.clip((canvas.y - top) * canvas.scale, 0, 1)
    canvas.fill(mask, ramp(canvas.y, (204, "#24404a"), (240, "#0b1a26")))
    rng = np.random.default_rng(6)
    blades = np.zeros(canvas.shape, np.float32)
    for _ in range(420):
        x = rng.uniform(0, 320)
        y = 207 + 9 * ((x - 165) / 160) ** 2 + rng.uniform(-0.5, 3)
        high, lean = rng.uniform(2, 7.5), rng.normal(1.2, 1.4)
        points = [(x, y), (x + lean * 0.3, y - high * 0.6), (x + lean, y - high)]
        blades = canvas.stroke(points, lambda t: 0.9 * (1 - t) + 0.15, blades)
    canvas.fill(blades, ramp(canvas.y, (198, "#54767a"), (212, "#1d3843")))


def _fox(canvas: Canvas) -> None:
    whole = FOX.whole(canvas)
    coat = ramp(canvas.y, (50, "#d9743a"), (150, "#b4532c"), (215, "#7a3526"))
    for name in ("tail", "body", "haunch", "head"):
        mask = FOX.mask(canvas, name)
        canvas.multiply(canvas.soft(mask, 2.4) * whole, "#5b2b2b", 0.6)
        canvas.fill(mask, coat)
        if name == "tail":
            canvas.fill(FOX.mask(canvas, "tail_tip"), "#f1dcc4")
        if name == "body":
            canvas.fill(FOX.mask(canvas, "bib"), "#ecd3b8")
            canvas.fill(FOX.mask(canvas, "left_sock", "right_sock"), "#33212b")
        if name == "haunch":
            canvas.fill(FOX.mask(canvas, "hind_sock"), "#33212b")
        if name == "head":
            canvas.fill(FOX.mask(canvas, "mask"), "#f6e4cd")
            canvas.fill(FOX.mask(canvas, "left_ear", "right_ear"), "#5c3036")
            canvas.fill(FOX.mask(canvas, "left_tip", "right_tip"), "#33212b")
        # Turned from the moon, every form falls away into cool shade at its lower right.
        shade = rim(mask, canvas, 7, 9, 6.0)
        canvas.multiply(shade, "#3a3a5c", 0.75)
        canvas.screen(rim(mask, canvas, -2.2, -2.4, 1.4), "#ffcf9a", 0.85)
    under = canvas.soft(FOX.mask(canvas, "head"), 5)
    drop = np.roll(under, 9 * canvas.scale, axis=0) * FOX.mask(canvas, "body")
    canvas.multiply(drop * (1 - FOX.mask(canvas, "head")), "#4a3048", 0.65)
    _face(canvas)


def _face(canvas: Canvas) -> None:
    for x in (27, 58):
        eye = canvas.shape_of(
            FOX.put(
                [(x - 6, 44), (x - 2, 40.5), (x + 3, 40.5), (x + 6, 44), (x + 2, 48), (x - 3, 48)]
            )
        )
        canvas.fill(eye, "#24151c")
        cx, cy = FOX.at(x, 44)
        canvas.fill(canvas.oval(cx, cy, 3.3, 3.6) * eye, "#c98532")
        canvas.fill(canvas.oval(cx, cy, 1.6, 3.0) * eye, "#150c12")
        canvas.fill(canvas.oval(cx - 1.6, cy - 1.7, 1.2), "#fff3dd")
    canvas.fill(FOX.mask(canvas, "nose"), "#21141b")
    nx, ny = FOX.at(38, 63)
    canvas.screen(canvas.soft(canvas.oval(nx, ny, 2.4, 1.1), 0.4), "#c9a79a", 0.7)
    mouth = curve(FOX.put([(30, 71), (35, 73), (40, 69.5), (45, 73), (51, 71)]))
    canvas.fill(canvas.stroke(mouth, lambda t: 0.4 + 2.4 * t * (1 - t)), "#6b4038", 0.8)


def draw() -> Image.Image:
    """Draw the fox as a frame of a film."""
    canvas = Canvas(320, 240, 4)
    _sky(canvas)
    _moon(canvas)
    _hills(canvas)
    _ground(canvas)
    _fox(canvas)
    canvas.screen(canvas.glow(132, 92, 90, 2.5), "#f0a868", 0.14)
    canvas.vignette(0.4, "#06101c")
    canvas.grain(0.035, 3, 0.6)
    return canvas.finish()
