"""What the six starters have in common: one dusk, its sky, hills and water, and one finish."""

from __future__ import annotations

import numpy as np
from paint import Array, Canvas, ramp, smooth
from PIL import Image

WIDE, HIGH, SCALE = 480, 270, 3
NIGHT, BLUE, PLUM, ROSE = "#131c30", "#27395c", "#5b4468", "#b96f78"
AMBER, PALE = "#f4ab68", "#ffe7c6"


def blank(paper: str = NIGHT) -> Canvas:
    """Return an empty starter."""
    return Canvas(WIDE, HIGH, SCALE, paper)


def sky(canvas: Canvas, horizon: float, warm: float = 1.0) -> None:
    """Paint the evening down to the horizon."""
    t = canvas.y / horizon
    canvas.rgb = ramp(
        t, (0, "#1b2a4a"), (0.35, "#43507c"), (0.62, "#93688c"), (0.84, "#e08f78"), (1, "#f9c68b")
    )
    streaks = smooth(0.5, 0.75, canvas.cloud(40, 8, 4, stretch=6))
    band = smooth(0.15, 0.5, t) * smooth(1.0, 0.75, t)
    canvas.screen(streaks * band, "#ffab86", 0.45 * warm)
    canvas.multiply(smooth(0.55, 0.8, canvas.cloud(50, 9, 4, stretch=7)) * band, "#6b5382", 0.5)


def sun(canvas: Canvas, x: float, y: float, r: float) -> None:
    """Hang the low sun."""
    canvas.screen(canvas.glow(x, y, r * 2.4, 2.2), "#ffb472", 0.7)
    canvas.fill(canvas.soft(canvas.oval(x, y, r), 0.4), "#fff2d6")


def ridge(
    canvas: Canvas, base: float, tall: float, cell: float, seed: int, top: str, foot: str
) -> Array:
    """Lay a range of hills whose feet are in mist; return what it covers."""
    line = base - tall * (canvas.cloud(cell, seed, 4)[5] - 0.25)
    mask = np.clip((canvas.y - line[None, :]) * canvas.scale, 0, 1).astype(np.float32)
    canvas.fill(mask, ramp(canvas.y, (base - tall * 0.6, top), (base + 2, foot)))
    return mask


def sea(canvas: Canvas, horizon: float, sun_x: float) -> None:
    """Lay water from the horizon down, with the sun's road upon it."""
    depth = (canvas.y - horizon) / (HIGH - horizon)
    mask = smooth(-0.3, 0.3, canvas.y - horizon)
    canvas.fill(
        mask, ramp(depth, (0, "#f0b287"), (0.22, "#b77f8c"), (0.6, "#5a5684"), (1, "#27345c"))
    )
    rng = np.random.default_rng(3)
    bright = np.zeros(canvas.shape, np.float32)
    dark = np.zeros(canvas.shape, np.float32)
    for _ in range(420):
        d = rng.uniform(0.01, 1) ** 1.3
        y = horizon + d * (HIGH - horizon)
        long = (2 + 16 * d) * rng.uniform(0.4, 1.2)
        x = sun_x + rng.normal(0, 9 + 26 * d)
        bright = canvas.stroke(
            [(x - long, y), (x, y), (x + long, y)],
            lambda t, d=d: (0.4 + 2.0 * d) * 4 * t * (1 - t),
            bright,
        )
        x = rng.uniform(0, WIDE)
        dark = canvas.stroke(
            [(x - long, y), (x, y), (x + long, y)],
            lambda t, d=d: (0.3 + 1.6 * d) * 4 * t * (1 - t),
            dark,
        )
    canvas.multiply(dark * mask, "#4a4a7c", 0.3)
    canvas.screen(bright * mask, "#ffd9a0", 0.75)


def boat(canvas: Canvas, x: float, y: float, size: float, opacity: float = 1.0) -> None:
    """Set a small sailing boat on the water, its keel at (x, y)."""
    s = size
    hull = canvas.shape_of(
        [(x - 11 * s, y - 5 * s), (x - 11 * s, y - 5 * s), (x, y - 4 * s), (x + 12 * s, y - 6 * s),
         (x + 12 * s, y - 6 * s), (x + 8 * s, y), (x - 7 * s, y)]
    )  # fmt: skip
    main = canvas.shape_of(
        [(x + 1 * s, y - 38 * s), (x + 1 * s, y - 38 * s), (x + 9 * s, y - 20 * s),
         (x + 12 * s, y - 8 * s), (x + 12 * s, y - 8 * s), (x + 1 * s, y - 7 * s),
         (x + 1 * s, y - 7 * s)]
    )  # fmt: skip
    jib = canvas.shape_of(
        [(x - 0.6 * s, y - 34 * s), (x - 0.6 * s, y - 34 * s), (x - 5 * s, y - 18 * s),
         (x - 11 * s, y - 7 * s), (x - 11 * s, y - 7 * s), (x - 1 * s, y - 7 * s),
         (x - 1 * s, y - 7 * s)]
    )  # fmt: skip
    canvas.multiply(
        canvas.soft(canvas.oval(x, y + 1.5 * s, 12 * s, 2 * s), 1.2), "#2b2f55", opacity
    )
    lit = ramp((canvas.x - x) / (12 * s), (-1, "#fff1d8"), (0, "#f6d3ae"), (1, "#c9919a"))
    canvas.fill(np.maximum(main, jib), lit, opacity)
    canvas.fill(canvas.stroke([(x, y - 40 * s), (x, y - 5 * s)], 0.9 * s), "#3a2a38", opacity)
    canvas.fill(hull, ramp(canvas.y, (y - 6 * s, "#b8443c"), (y, "#5e2334")), opacity)


def finish(canvas: Canvas, vignette: float = 0.32) -> Image.Image:
    """Give the picture its grain and its corners."""
    canvas.vignette(vignette, "#0b1020")
    canvas.grain(0.03, 3, 0.7)
    return canvas.finish()
