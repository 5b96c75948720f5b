"""An expression that changes: the same face calm, warming, laughing."""

from __future__ import annotations

from paint import Canvas, ramp
from PIL import Image

from starters.dusk import HIGH, blank, finish
from starters.people import Portrait


def _panel(left: int, right: int, smile: float) -> Canvas:
    canvas = blank()
    middle = (left + right) / 2
    t = canvas.y / HIGH
    cool = ramp(t, (0, "#1c2a4c"), (0.6, "#4a4f7c"), (1, "#6d5f86"))
    warm = ramp(t, (0, "#8a4f74"), (0.55, "#e58a72"), (1, "#ffc58a"))
    canvas.rgb = cool * (1 - smile) + warm * smile
    disc = canvas.soft(canvas.oval(middle + 16, 110, 70), 0.8)
    canvas.fill(disc, ramp(canvas.y, (40, "#ffe9c0"), (180, "#ffb57e")), 0.16 + 0.74 * smile)
    Portrait(middle - 1, 122, 1.24, (-1, 1, 4)[round(smile * 2)], smile).draw(canvas, smile)
    return canvas


def draw() -> Image.Image:
    """Draw the three faces."""
    canvas = blank("#0f1526")
    for (left, right), smile in zip(
        ((0, 158), (161, 319), (322, 480)), (0.0, 0.5, 1.0), strict=True
    ):
        part = canvas.area([(left, 0), (right, 0), (right, HIGH), (left, HIGH)])
        canvas.fill(part, _panel(left, right, smile).rgb)
    return finish(canvas, 0.2)
