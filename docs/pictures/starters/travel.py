"""A journey: an evening train on a stone viaduct above the sea."""

from __future__ import annotations

import numpy as np
from paint import Array, Canvas, curve, ramp, smooth
from PIL import Image

from starters.dusk import HIGH, WIDE, blank, boat, finish, ridge, sea, sky, sun

HORIZON, DECK = 150.0, 146.0


def _deck(x: float) -> float:
    return DECK + 26 * ((WIDE - x) / WIDE) ** 2 - 20


def _headland(canvas: Canvas) -> None:
    shape = curve(
        [
            (300, 300),
            (322, 196),
            (352, 172),
            (384, 146),
            (410, 128),
            (446, 112),
            (490, 96),
            (490, 300),
        ]
    )
    rough = (canvas.cloud(22, 5, 4) - 0.5) * 10
    top = np.interp(canvas.x + rough, shape[:, 0], shape[:, 1])
    mask = canvas.soft(((canvas.y > top) & (canvas.x > 304)).astype(np.float32), 0.3)
    rock = canvas.cloud(18, 7, 5, stretch=0.5)
    tone = np.clip(0.75 * rock + 0.35 * smooth(480, 310, canvas.x), 0, 1)
    canvas.fill(
        mask, ramp(tone, (0.2, "#2c2a4a"), (0.55, "#5a4766"), (0.8, "#a96f72"), (1, "#e0a07c"))
    )
    turf = mask * smooth(12, 3, canvas.y - top + 9 * (canvas.cloud(8, 9, 3) - 0.5))
    canvas.fill(turf, ramp(canvas.x, (330, "#8f8a5c"), (480, "#3d5358")))
    canvas.screen(mask * smooth(2.2, 0.4, np.abs(canvas.y - top - 0.8)), "#ffcf94", 0.55)
    canvas.fill(mask * smooth(225, 268, canvas.y), "#252c52", 0.6)


def _viaduct(canvas: Canvas) -> None:
    deck = canvas.x * 0
    deck = DECK + 26 * ((WIDE - canvas.x) / WIDE) ** 2 - 20
    wall = ((canvas.y > deck) & (canvas.x < 404)).astype(np.float32)
    holes = np.zeros(canvas.shape, np.float32)
    edges: list[tuple[float, float]] = []
    x, wide = -66.0, 74.0
    while x < 392:
        edges.append((x, wide))
        x += wide
        wide *= 0.895
    for left, wide in edges:
        pier = wide * 0.2
        a, b = left + pier / 2, left + wide - pier / 2
        spring = _deck(left + wide / 2) + 0.30 * wide + 7
        r = (b - a) / 2
        arch = canvas.oval((a + b) / 2, spring, r, r * 1.0)
        below = ((canvas.x > a) & (canvas.x < b) & (canvas.y > spring)).astype(np.float32)
        holes = np.maximum(holes, np.maximum(arch, below))
    stone = canvas.soft(wall, 0.2) * (1 - holes)
    grain = canvas.cloud(7, 3, 3)
    colour = ramp(
        canvas.x / WIDE + 0.12 * (grain - 0.5), (0, "#4a3c5e"), (0.45, "#86606f"), (0.8, "#b98375")
    )
    canvas.fill(stone, colour)
    # The thickness of every arch, lit from the sun behind it.
    inside = np.clip(holes - _moved(holes, canvas, 5, 2), 0, 1) * canvas.soft(wall, 0.2)
    canvas.fill(
        inside * smooth(HIGH + 60, 150, canvas.y),
        ramp(canvas.x / WIDE, (0, "#e89a70"), (0.8, "#ffcb92")),
        0.85,
    )
    for course in range(1, 24):
        line = smooth(0.55, 0.15, np.abs((canvas.y - deck) - course * 6.5))
        canvas.multiply(line * stone, "#5a4460", 0.28)
    canvas.fill(stone * smooth(190, 262, canvas.y), "#2e3158", 0.8)
    ledge = wall * smooth(3.4, 2.8, canvas.y - deck)
    canvas.fill(ledge, ramp(canvas.x / WIDE, (0, "#8d6470"), (0.8, "#f0bd90")))
    canvas.multiply(
        wall * smooth(6, 3.2, canvas.y - deck) * (canvas.y > deck + 3.3) * (1 - holes),
        "#4b3a58",
        0.6,
    )


def _moved(mask: Array, canvas: Canvas, x: float, y: float) -> Array:
    return np.roll(mask, (round(-y * canvas.scale), round(x * canvas.scale)), axis=(0, 1))


def _car(canvas: Canvas, left: float, right: float, nose: bool) -> None:
    def tall(x: float) -> float:
        return 30 - 14.5 * x / 404

    def at(x: float, share: float) -> tuple[float, float]:
        return x, _deck(x) - 1.6 - tall(x) * share

    if nose:
        body = [at(left, 0.06), at(left, 0.06), at(left, 1), at(left, 1), at(right - 17, 1),
                at(right - 6, 0.72), at(right, 0.28), at(right - 1, 0.06), at(right - 1, 0.06)]  # fmt: skip
    else:
        body = [at(left, 0.06), at(left, 0.06), at(left, 1), at(left, 1), at((left + right) / 2, 1),
                at(right, 1), at(right, 1), at(right, 0.06), at(right, 0.06)]  # fmt: skip
    mask = canvas.shape_of(body)
    middle = (left + right) / 2
    share = (_deck(middle) - 1.6 - canvas.y + (canvas.x - middle) * 0.06) / tall(middle)
    canvas.fill(
        mask,
        ramp(
            share,
            (0, "#571f36"),
            (0.4, "#a5363f"),
            (0.62, "#d9573f"),
            (0.9, "#f08a58"),
            (1, "#ffd9a4"),
        ),
    )
    stripe = [at(left, 0.36), at(middle, 0.36), at(right - (2 if nose else 0), 0.36)]
    canvas.fill(canvas.stroke(stripe, 1.7) * mask, "#ffe6c4", 0.95)
    step = tall(left) * 0.56
    x = left + step * 0.3
    last = right - (22 if nose else step * 0.6)
    while x < last:
        w = step * 0.66
        pane = [at(x, 0.5), at(x, 0.5), at(x, 0.8), at(x, 0.8), at(x + w, 0.8), at(x + w, 0.8),
                at(x + w, 0.5), at(x + w, 0.5)]  # fmt: skip
        canvas.fill(canvas.shape_of(pane), ramp(share, (0.48, "#ffd98c"), (0.8, "#fff3cc")))
        x += step
    if nose:
        glass = [at(right - 16, 0.82), at(right - 16, 0.82), at(right - 9.5, 0.8), at(right - 9.5, 0.8),
                 at(right - 3.4, 0.5), at(right - 3.4, 0.5), at(right - 15, 0.5), at(right - 15, 0.5)]  # fmt: skip
        canvas.fill(canvas.shape_of(glass), "#2c2a4e")
        lx, ly = at(right - 1.6, 0.24)
        canvas.screen(canvas.glow(lx + 2, ly, 9, 2), "#ffe9b8", 0.95)
        canvas.fill(canvas.oval(lx, ly, 1.7), "#fffbe8")


def _train(canvas: Canvas) -> None:
    for left, right, nose in (
        (-20, 62, False),
        (66, 142, False),
        (146, 216, False),
        (220, 288, True),
    ):
        _car(canvas, left, right, nose)
    posts = (40.0, 128.0, 206.0, 274.0, 332.0, 380.0)
    for x in posts:
        tall = 44 - 20 * x / 404
        y = _deck(x)
        canvas.fill(canvas.stroke([(x, y), (x, y - tall)], 1.3), "#33294a")
        canvas.fill(canvas.stroke([(x, y - tall * 0.93), (x + 9, y - tall * 0.93)], 0.9), "#33294a")
    for share in (0.93, 0.8):
        wire = [(x + 9, _deck(x) - (44 - 20 * x / 404) * share) for x in (-60.0, *posts)]
        canvas.fill(canvas.stroke(curve(wire), 0.6), "#33294a", 0.85)


def _pines(canvas: Canvas) -> None:
    rng = np.random.default_rng(31)
    for x, y, tall in ((436, 122, 40), (458, 116, 54), (474, 110, 44), (418, 132, 28)):
        tiers = np.zeros(canvas.shape, np.float32)
        for i in range(9):
            t = i / 8
            half = (1.2 + tall * 0.2 * t) * rng.uniform(0.85, 1.15)
            level = y - tall + tall * 0.92 * t
            tiers = np.maximum(tiers, canvas.area(
                [(x, level - tall * 0.1), (x + half, level + tall * 0.07), (x, level + tall * 0.03),
                 (x - half, level + tall * 0.07)]))  # fmt: skip
        canvas.fill(canvas.stroke([(x, y + 4), (x, y - tall * 0.5)], 2), "#231f38")
        canvas.fill(
            tiers,
            ramp((canvas.x - x) / (tall * 0.2), (-1, "#7d6a5c"), (-0.2, "#33415a"), (1, "#1c2740")),
        )


def draw() -> Image.Image:
    """Draw the train."""
    canvas = blank()
    sky(canvas, HORIZON)
    sun(canvas, 250, 112, 19)
    ridge(canvas, 152, 38, 120, 4, "#8f7296", "#e0a08a")
    ridge(canvas, 152, 22, 70, 14, "#6a5580", "#c78a86")
    sea(canvas, HORIZON, 250)
    boat(canvas, 214, 206, 0.75)
    _headland(canvas)
    _viaduct(canvas)
    _train(canvas)
    _pines(canvas)
    for x, y, r in ((150, 52, 5), (168, 45, 4), (138, 42, 3.4), (182, 56, 3)):
        wing = curve([(x - r, y - 1.4), (x - r * 0.4, y - r * 0.55), (x, y), (x + r * 0.4, y - r * 0.55),
                      (x + r, y - 1.4)])  # fmt: skip
        canvas.fill(canvas.stroke(wing, lambda t: 0.4 + 2.2 * t * (1 - t)), "#3a3358", 0.85)
    return finish(canvas)
