"""A conversation: two people at their microphones, the evening in the window between them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from paint import Array, Canvas, curve, place, ramp, smooth
from PIL import Image

from starters.dusk import blank, finish, ridge

Outline = list[tuple[float, float]]

# Profiles look to the right; (0, 0) is about the ear, the head some 100 tall.
HIS_HEAD: Outline = [
    (-30, -8), (-26, -34), (-6, -48), (18, -46), (33, -32), (36, -16), (36, -16), (35.5, -9),
    (41, 2), (46, 9), (46, 9), (44, 13), (38, 14), (38, 14), (38.5, 18), (42, 21), (40, 24),
    (38.5, 25.5), (38.5, 25.5), (41, 28), (39.5, 32), (37, 34.5), (38, 40), (35, 47), (27, 50),
    (14, 47), (4, 40), (4, 40), (4, 62), (14, 78), (-44, 78), (-34, 60), (-30, 40), (-32, 16),
]  # fmt: skip
HIS_HAIR: Outline = [
    (34, -27), (30, -40), (18, -54), (-4, -59), (-26, -50), (-38, -30), (-38, -4), (-32, 22),
    (-26, 28), (-26, 28), (-17, 20), (-14, 6), (-14, 6), (-10, -2), (-2, -6), (1, -18), (10, -26),
    (24, -26),
]  # fmt: skip
HIS_BEARD: Outline = [
    (2, 14), (2, 14), (8, 24), (20, 30), (30, 29), (37, 35), (37, 35), (38, 40), (35, 48), (26, 53),
    (12, 50), (2, 41), (-2, 28),
]  # fmt: skip
HER_HEAD: Outline = [
    (-28, -6), (-24, -32), (-6, -46), (16, -45), (31, -33), (35, -17), (35, -17), (34, -9),
    (39, 1), (44.5, 7), (44.5, 7), (42.5, 11.5), (37, 13), (37, 13), (37.5, 17), (41.5, 20.5),
    (39.5, 23.5), (38, 24.5), (38, 24.5), (40.5, 27.5), (38.5, 31), (36, 33), (36.5, 38), (32, 44.5),
    (24, 46), (12, 41), (3, 34), (3, 34), (1, 56), (8, 76), (-36, 76), (-26, 56), (-26, 36),
    (-30, 14),
]  # fmt: skip
HER_HAIR: Outline = [
    (34, -24), (30, -40), (16, -55), (-8, -58), (-30, -46), (-40, -24), (-40, 4), (-33, 24),
    (-24, 30), (-24, 30), (-12, 22), (-8, 8), (-8, 8), (2, -4), (16, -12), (30, -18),
]  # fmt: skip
BODY: Outline = [
    (-40, 58), (-40, 58), (-66, 76), (-88, 98), (-98, 140), (-102, 200), (-102, 200), (70, 200),
    (70, 200), (66, 160), (58, 120), (40, 92), (14, 68), (14, 68), (-12, 74),
]  # fmt: skip


class Speaker:
    """One of the two: where the ear is, how large, and which way the face looks."""

    def __init__(self, canvas: Canvas, x: float, y: float, scale: float, flip: bool) -> None:
        self.canvas, self.x, self.y, self.scale, self.flip = canvas, x, y, scale, flip

    def put(self, points: Outline) -> npt.NDArray[np.float64]:
        """Return points of the person's own as points of the picture."""
        return place(points, self.scale, self.x, self.y, 0, self.flip)

    def mask(self, points: Outline) -> Array:
        """Return what a smooth closed shape covers."""
        return self.canvas.area(self.put([(p[0], p[1]) for p in curve(points, closed=True)]))

    def line(self, points: Outline, thin: float, thick: float) -> Array:
        """Return a line that swells in its middle."""
        path = self.put([(p[0], p[1]) for p in curve(points)])
        width = self.scale
        return self.canvas.stroke(path, lambda t: (thin + (thick - thin) * 4 * t * (1 - t)) * width)

    def across(self) -> Array:
        """Return how far each pixel is towards where the face looks."""
        way = (self.canvas.x - self.x) / self.scale
        return -way if self.flip else way

    def lit(self, mask: Array, reach: float, soft: float) -> Array:
        """Return the edge of a shape on the side of the light."""
        canvas = self.canvas
        even = canvas.soft(mask, soft)
        x = reach if self.flip else -reach
        moved = np.roll(even, (round(1.0 * canvas.scale), round(x * canvas.scale)), axis=(0, 1))
        return mask * np.clip(even - moved, 0, 1)

    def cloth(self, dark: str, mid: str, light: str) -> None:
        """Paint the shoulders."""
        mask = self.mask(BODY)
        self.canvas.fill(mask, ramp(self.across(), (-90, dark), (-10, mid), (60, light)))
        sleeve: Outline = [(-22, 200), (-16, 150), (-24, 118), (-40, 104)]
        self.canvas.multiply(self.canvas.soft(self.line(sleeve, 2, 5), 1.5) * mask, dark, 0.8)
        self.canvas.screen(self.lit(mask, 2.6, 1.2), "#ffb980", 0.75)

    def skin(self, head: Outline, dark: str, mid: str, light: str) -> Array:
        """Paint the head and neck, and return what it covers."""
        canvas = self.canvas
        mask = self.mask(head)
        canvas.fill(mask, ramp(self.across(), (-26, dark), (8, mid), (36, light)))
        jaw: Outline = [
            (-4, 30),
            (6, 42),
            (16, 47),
            (34, 50),
            (22, 70),
            (4, 82),
            (-30, 82),
            (-28, 40),
        ]
        canvas.multiply(canvas.soft(self.mask(jaw), 2.4) * mask, "#7a4a5c", 0.75)
        cheek = canvas.soft(self.mask([(14, 12), (24, 8), (30, 14), (22, 22)]), 4)
        canvas.screen(cheek * mask, "#ff9d70", 0.3)
        canvas.screen(self.lit(mask, 2.2, 0.8), "#fff0d0", 0.9)
        return mask

    def face(self, lash: str, lip: str) -> None:
        """Draw the eye, the brow, the ear and the lips."""
        canvas = self.canvas
        canvas.fill(
            self.mask([(25, -2), (25, -2), (29, -6), (34, -5), (32.5, 0), (29, 0.6)]), "#fff0e2"
        )
        canvas.fill(self.mask([(30, -5.8), (33.6, -5.2), (32.8, -0.2), (30, -0.4)]), "#23151c")
        canvas.fill(self.line([(23.5, -2), (28.5, -6.6), (35, -5.6)], 0.9, 2.6), lash)
        canvas.fill(self.line([(20, -14), (28, -18), (36, -15)], 1.0, 3.4), lash)
        lips: Outline = [
            (31.5, 24.6),
            (31.5, 24.6),
            (37, 20.6),
            (41.6, 21),
            (38.4, 24.8),
            (40.4, 28),
            (37, 29.6),
        ]
        canvas.fill(self.mask(lips), lip, 0.85)
        canvas.fill(self.line([(30.5, 24.4), (35, 25), (39, 24.8)], 0.5, 1.2), "#5d2430")
        ear = self.mask([(-7, -4), (1, -6), (4, 2), (1, 11), (-4, 15), (-8, 6)])
        canvas.fill(ear, "#c98570")
        canvas.fill(self.line([(-4, 8), (-5, 0), (0, -2), (1.5, 4)], 0.6, 1.8), "#8a4b50")


def _room(canvas: Canvas) -> None:
    canvas.rgb = ramp(canvas.x / 480, (0, "#1a2440"), (0.5, "#33355a"), (1, "#1d2342"))
    left, top, right, low = 140, 16, 340, 190
    pane = canvas.area([(left, top), (right, top), (right, low), (left, low)])
    view = Canvas(480, 270, canvas.scale)
    view.rgb = ramp(
        canvas.y / 176, (0, "#36406e"), (0.35, "#7d5f8c"), (0.65, "#e08a7c"), (1, "#ffcd92")
    )
    view.screen(view.glow(240, 118, 60, 2.2), "#ffbe80", 0.7)
    view.fill(view.soft(view.oval(240, 118, 34), 0.5), "#fff0d0")
    ridge(view, 178, 44, 90, 4, "#8d6588", "#e59a80")
    ridge(view, 192, 40, 60, 21, "#4e4470", "#9a6478")
    canvas.fill(pane, view.rgb)
    frame = [(left, top), (right, top), (right, low), (left, low), (left, top)]
    canvas.fill(canvas.stroke(frame, 5), "#151c34")
    canvas.fill(canvas.stroke([(240, top), (240, low)], 2.4), "#1a2240")
    canvas.fill(canvas.stroke([(left, 66), (right, 66)], 2.4), "#1a2240")
    canvas.screen(canvas.soft(pane, 16) * (1 - pane), "#ff9c70", 0.28)
    table = smooth(222, 223, canvas.y)
    canvas.fill(table, ramp(canvas.y, (222, "#7d4f58"), (236, "#44304f"), (270, "#1d1c38")))
    canvas.screen(canvas.soft(canvas.oval(240, 226, 110, 9), 5) * table, "#ffb67c", 0.7)


def _microphone(canvas: Canvas, x: float, y: float, way: int) -> None:
    foot = (x - 46 * way, 236)
    canvas.multiply(canvas.soft(canvas.oval(foot[0], 237, 20, 4), 1.5), "#10122a", 0.8)
    canvas.fill(canvas.oval(foot[0], 234, 15, 3.6), "#171a34")
    bend = (x - 50 * way, y + 44)
    for a, b in ((foot, bend), (bend, (x - 8 * way, y + 8))):
        canvas.fill(canvas.stroke([a, b], 3), "#161a33")
        canvas.screen(
            canvas.stroke([(a[0] - 0.6 * way, a[1] - 0.6), (b[0] - 0.6 * way, b[1] - 0.6)], 0.7),
            "#ffb27c",
            0.6,
        )
    canvas.fill(canvas.oval(*bend, 3), "#161a33")
    a, b = (x + 9 * way, y - 3.6), (x - 11 * way, y + 5.4)
    body = canvas.stroke([a, b], 15)
    t = (canvas.y - y) + 0.42 * way * (canvas.x - x)
    canvas.fill(body, ramp(t, (-8, "#ffd6a4"), (-4, "#6b6488"), (2, "#2a2c4c"), (8, "#14172e")))
    cap = canvas.stroke([a, (x + 1.5 * way, y - 0.4)], 16.4)
    canvas.fill(cap, ramp(t, (-8, "#ffe6bf"), (-3, "#94809a"), (3, "#45426a"), (8, "#20223f")))
    mesh = (np.sin(canvas.x * 3.1) * np.sin(canvas.y * 3.1) > 0.25).astype(np.float32)
    canvas.multiply(cap * mesh, "#2a2748", 0.4)
    band = canvas.stroke(
        [(x - 0.6 * way - 3.4, y + 0.4 - 7.4 * way * way), (x - 0.6 * way + 3.4 * way, y + 8)], 1.7
    )
    canvas.fill(band * body, "#f4ab68", 0.95)


def _voice(canvas: Canvas) -> None:
    rng = np.random.default_rng(9)
    for i in range(-9, 10):
        x = 240 + i * 5.2
        high = (3 + 15 * rng.random()) * np.exp(-((i / 6.5) ** 2)) + 1.5
        bar = canvas.stroke([(x, 204 - high), (x, 204 + high)], 2.3)
        canvas.fill(bar, "#ffd08e", 0.95 - 0.055 * abs(i))


def draw() -> Image.Image:
    """Draw the two at their table."""
    canvas = blank()
    _room(canvas)
    he = Speaker(canvas, 96, 112, 1.06, False)
    he.cloth("#141d38", "#2a4560", "#5d7c86")
    he.skin(HIS_HEAD, "#5e3c50", "#c07f68", "#f5bb8e")
    beard = he.mask(HIS_BEARD)
    canvas.fill(canvas.soft(beard, 0.8), ramp(he.across(), (0, "#241c2e"), (38, "#5a3838")), 0.94)
    he.face("#241a2a", "#c4685c")
    hair = he.mask(HIS_HAIR)
    canvas.fill(hair, ramp(he.across(), (-38, "#151527"), (0, "#2b2236"), (34, "#6b4440")))
    canvas.screen(he.lit(hair, 2.0, 0.9), "#ffbe8a", 0.6)
    she = Speaker(canvas, 384, 114, 1.04, True)
    bun = canvas.oval(384 + 40, 114 - 40, 21, 20)
    canvas.fill(bun, ramp(she.across(), (-60, "#1d1426"), (-24, "#4a2a34")))
    canvas.screen(she.lit(bun, 1.6, 0.9), "#ffbe8a", 0.5)
    she.cloth("#3a1a38", "#9a4450", "#e58a68")
    she.skin(HER_HEAD, "#7a4a5c", "#dd9c84", "#ffd4ac")
    she.face("#2b1a28", "#c9484e")
    hair = she.mask(HER_HAIR)
    canvas.fill(hair, ramp(she.across(), (-40, "#1f1526"), (0, "#43262f"), (34, "#8a5040")))
    for lift in (0, 9, 18):
        strand: Outline = [
            (30 - lift * 0.3, -24 - lift),
            (10, -30 - lift),
            (-16, -24 - lift * 0.8),
            (-34, -6 - lift),
        ]
        canvas.screen(canvas.soft(she.line(strand, 0.5, 2.2), 0.6) * hair, "#ff9f70", 0.35)
    canvas.screen(she.lit(hair, 2.0, 0.9), "#ffc896", 0.65)
    _voice(canvas)
    _microphone(canvas, 170, 150, -1)
    _microphone(canvas, 310, 150, 1)
    return finish(canvas)
