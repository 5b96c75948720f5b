"""A woman seen from the front, whose face goes from calm to a smile by one number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from paint import Array, Canvas, curve, place, ramp, smooth

Outline = list[tuple[float, float]]

# In the head's own units: the face is about 100 tall, (0, 0) is between the eyes.
FACE: Outline = [
    (-35, -22), (-36, 0), (-33, 20), (-25, 38), (-12, 51), (0, 55), (12, 51), (25, 38), (33, 20),
    (36, 0), (35, -22), (22, -44), (0, -50), (-22, -44),
]  # fmt: skip
HAIR_BACK: Outline = [
    (0, -64), (-26, -60), (-44, -40), (-49, -8), (-48, 26), (-46, 50), (-46, 50), (-30, 58),
    (0, 56), (30, 58), (46, 50), (46, 50), (48, 26), (49, -8), (44, -40), (26, -60),
]  # fmt: skip
FRINGE: Outline = [
    (0, -64), (-26, -60), (-44, -40), (-48, -8), (-48, 24), (-47, 46), (-47, 46), (-39, 40),
    (-35, 18), (-35, -4), (-30, -20), (-30, -20), (-12, -22), (8, -30), (18, -42), (18, -42),
    (27, -28), (34, -10), (36, 16), (39, 40), (47, 46), (47, 46), (48, 24), (48, -8), (44, -40),
    (26, -60),
]  # fmt: skip
NECK: Outline = [
    (-15, 34), (-15, 34), (-15, 60), (-20, 74), (-20, 74), (0, 84), (20, 74), (20, 74), (15, 60),
    (15, 34), (15, 34),
]  # fmt: skip
CLOTH: Outline = [
    (-20, 66), (-20, 66), (-38, 76), (-66, 88), (-80, 112), (-86, 170), (-86, 170), (86, 170),
    (86, 170), (80, 112), (66, 88), (38, 76), (20, 66), (20, 66), (12, 73), (0, 76), (-12, 73),
]  # fmt: skip


@dataclass(frozen=True)
class Portrait:
    """Where the head is, how large, how far it leans (degrees), how much it smiles (0 to 1)."""

    x: float
    y: float
    scale: float
    turn: float
    smile: float

    def put(self, points: Outline) -> npt.NDArray[np.float64]:
        """Return points of the head's own as points of the picture."""
        return place(points, self.scale, self.x, self.y, self.turn)

    def mask(self, canvas: Canvas, points: Outline) -> Array:
        """Return what a smooth closed shape of the head covers."""
        return canvas.area(self.put([(p[0], p[1]) for p in curve(points, closed=True)]))

    def line(self, canvas: Canvas, points: Outline, thin: float, thick: float) -> Array:
        """Return a line that swells in its middle."""
        path = self.put([(p[0], p[1]) for p in curve(points)])
        return canvas.stroke(path, lambda t: (thin + (thick - thin) * 4 * t * (1 - t)) * self.scale)

    def draw(self, canvas: Canvas, warm: float) -> None:
        """Paint the portrait in a light that is cool (0) or warm (1)."""
        hair = self.mask(canvas, HAIR_BACK)
        canvas.fill(hair, "#1f1a30")
        self._shoulders(canvas, warm)
        face = self.mask(canvas, FACE)
        side = (canvas.x - self.x) / (36 * self.scale)
        cool = ramp(side, (-1.1, "#8e6a7c"), (-0.3, "#c99a93"), (0.6, "#ecc3a8"), (1, "#f7d9bd"))
        glad = ramp(side, (-1.1, "#b8706a"), (-0.3, "#eaa884"), (0.6, "#ffd0a4"), (1, "#ffe6c4"))
        canvas.fill(face, cool * (1 - warm) + glad * warm)
        self._features(canvas, face)
        self._hair(canvas, warm)

    def _shoulders(self, canvas: Canvas, warm: float) -> None:
        neck = self.mask(canvas, NECK)
        canvas.fill(
            neck, ramp((canvas.x - self.x) / (18 * self.scale), (-1, "#8d5a64"), (1, "#d99b84"))
        )
        drop = canvas.soft(self.mask(canvas, [(x * 0.9, y + 9) for x, y in FACE]), 2.5 * self.scale)
        canvas.multiply(drop * neck, "#8f5560", 0.75)
        cloth = self.mask(canvas, CLOTH)
        side = (canvas.x - self.x) / (80 * self.scale)
        canvas.fill(cloth, ramp(side, (-1, "#172a45"), (0.1, "#2f5a6c"), (1, "#6f9a90")))
        collar: Outline = [(-21, 66), (-12, 75), (0, 78.5), (12, 75), (21, 66)]
        canvas.fill(
            self.line(canvas, collar, 5, 7), ramp(side, (-0.3, "#1d3a54"), (0.3, "#5b8a88"))
        )
        canvas.screen(_edge(canvas, cloth, 2.4, -2.2, 1.2), "#ffc08a", 0.35 + 0.4 * warm)

    def _features(self, canvas: Canvas, face: Array) -> None:
        s = self.scale
        for x in (-21, 21):
            blush = canvas.soft(
                self.mask(canvas, [(x - 9, 21), (x, 15), (x + 9, 21), (x, 27)]), 4 * s
            )
            canvas.fill(blush * face, "#e8695c", 0.16 + 0.42 * self.smile)
        shade: Outline = [(-3, -8), (-7, 8), (-9, 17), (-2, 20), (-1, 8)]
        canvas.multiply(canvas.soft(self.mask(canvas, shade), 1.6 * s) * face, "#b06a66", 0.55)
        canvas.fill(self.line(canvas, [(-6, 17.5), (-1, 20.4), (5, 18)], 0.6, 2.2), "#9c5552", 0.85)
        gleam = canvas.soft(self.mask(canvas, [(0.5, 8), (2.6, 12), (1, 16), (-1, 12)]), 0.8 * s)
        canvas.screen(gleam, "#fff0dc", 0.7)
        for out in (-1, 1):
            self._eye(canvas, 16.5 * out, out)
        self._mouth(canvas)

    def _eye(self, canvas: Canvas, x: float, out: int) -> None:
        glad = self.smile
        open_ = 1.0 if glad < 0.75 else 0.0
        lift = -1.5 - 2.5 * glad
        brow: Outline = [
            (x - 9 * out, -14 + lift), (x + 1 * out, -18 + lift), (x + 11 * out, -13.5 + lift * 0.6)
        ]  # fmt: skip
        canvas.fill(self.line(canvas, brow, 0.9, 3.1), "#2b2035", 0.92)
        if not open_:
            arc: Outline = [(x - 9, 4), (x - 4.5, -2.2), (x, -3.6), (x + 4.5, -2.2), (x + 9, 4)]
            canvas.fill(self.line(canvas, arc, 0.9, 3.3), "#231a2e")
            tail: Outline = [(x + 7.5 * out, 1.2), (x + 11.5 * out, 0.2)]
            canvas.fill(self.line(canvas, tail, 1, 1.6), "#231a2e")
            return
        tall = 6.6 - 1.6 * glad
        white: Outline = [
            (x - 9.5, 1.6), (x - 9.5, 1.6), (x - 4, -tall + 1), (x + 3, -tall + 0.6), (x + 9.5, 0.6),
            (x + 9.5, 0.6), (x + 4, 5 - 1.6 * glad), (x - 4, 5 - 1.6 * glad),
        ]  # fmt: skip
        if out < 0:
            white = [(2 * x - a, b) for a, b in white]
        eye = self.mask(canvas, white)
        canvas.fill(eye, "#fff3e8")
        ex, ey = self.put([(x + 0.6, -0.6)])[0]
        s = self.scale
        iris = canvas.oval(ex, ey, 5.0 * s, 5.4 * s) * eye
        canvas.fill(iris, ramp((canvas.y - ey) / (5 * s), (-1, "#2b1a1e"), (1, "#a8663c")))
        canvas.fill(canvas.oval(ex, ey, 2.3 * s) * eye, "#150e16")
        canvas.fill(canvas.oval(ex + 1.7 * s, ey - 1.9 * s, 1.35 * s) * eye, "#ffffff")
        lid: Outline = [
            (x - 9.6 * out, 1.8), (x - 3.5 * out, -tall + 0.8), (x + 4 * out, -tall + 0.2),
            (x + 12 * out, -0.8),
        ]  # fmt: skip
        canvas.fill(self.line(canvas, lid, 1.0, 2.9), "#231a2e")
        crease: Outline = [(x - 7 * out, -tall - 1), (x, -tall - 3), (x + 8 * out, -tall + 0.4)]
        canvas.fill(self.line(canvas, crease, 0.4, 1.0), "#9c5f60", 0.7)

    def _mouth(self, canvas: Canvas) -> None:
        g = self.smile
        half, rise = 9.5 + 7.5 * g, 5.4 * g
        left, right = (-half, 34 - rise), (half, 34 - rise)
        if g > 0.75:
            lips: Outline = [
                left, left, (-8, 33), (0, 34), (8, 33), right, right, (9, 41.5), (0, 45), (-9, 41.5)
            ]  # fmt: skip
            inside = self.mask(canvas, lips)
            canvas.fill(inside, "#7c2638")
            teeth: Outline = [
                left, left, (-8, 32), (0, 33), (8, 32), right, right, (8, 37), (0, 38.4), (-8, 37)
            ]  # fmt: skip
            canvas.fill(self.mask(canvas, teeth) * inside, "#fff6ea")
            canvas.fill(
                canvas.soft(self.mask(canvas, [(-7, 43), (0, 40.5), (7, 43), (0, 46)]), 0.4)
                * inside,
                "#dc6a68",
            )
            lower: Outline = [left, (-9, 41.8), (0, 45.4), (9, 41.8), right]
            canvas.fill(self.line(canvas, lower, 0.8, 2.4), "#c4504f")
            upper: Outline = [left, (-8, 33), (0, 34), (8, 33), right]
            canvas.fill(self.line(canvas, upper, 0.8, 1.6), "#a53e46")
        else:
            upper = [left, left, (-4, 31.2), (0, 32.4), (4, 31.2), right, right, (0, 35 + 1.2 * g)]
            lower = [
                left,
                left,
                (0, 34.6 + 1.4 * g),
                right,
                right,
                (5, 39 + g),
                (0, 40.4 + g),
                (-5, 39 + g),
            ]
            canvas.fill(self.mask(canvas, lower), "#d9706a")
            canvas.fill(self.mask(canvas, upper), "#b9504f")
            canvas.fill(self.line(canvas, [left, (0, 35 + 1.6 * g), right], 0.7, 1.5), "#7c2f3c")
            shine = canvas.soft(
                self.mask(canvas, [(-3, 37.6 + g), (0, 37 + g), (3, 37.6 + g), (0, 38.6 + g)]), 0.5
            )
            canvas.screen(shine, "#ffe2d6", 0.6)
        for out in (-1, 1):
            fold: Outline = [
                (out * (half + 2), 29 - rise),
                (out * (half + 3.6), 33 - rise),
                (out * (half + 1.6), 37 - rise),
            ]
            canvas.fill(self.line(canvas, fold, 0.3, 1.1), "#a85a55", 0.7 * g)

    def _hair(self, canvas: Canvas, warm: float) -> None:
        hair = self.mask(canvas, FRINGE)
        drop = canvas.soft(hair, 1.8 * self.scale)
        face = self.mask(canvas, FACE)
        by = round(5 * self.scale * canvas.scale)
        canvas.multiply(np.roll(drop, by, axis=0) * face * (1 - hair), "#a0626a", 0.6)
        side = (canvas.x - self.x) / (48 * self.scale)
        canvas.fill(
            hair, ramp(side, (-1, "#1a1830"), (0.2, "#33253c"), (0.8, "#5e3a44"), (1, "#8a5248"))
        )
        for spread, power in ((0.80, 0.5), (0.66, 0.35), (0.9, 0.3)):
            strand: Outline = [
                (6, -62), (46 * spread * 0.7, -50), (48 * spread, -28), (47 * spread + 5, 6), (44 * spread + 8, 34)
            ]  # fmt: skip
            canvas.screen(
                canvas.soft(self.line(canvas, strand, 0.5, 2.6), 0.7) * hair,
                "#ffb27c",
                power * (0.4 + 0.6 * warm),
            )
            strand = [(-x * 0.96, y) for x, y in strand]
            canvas.screen(
                canvas.soft(self.line(canvas, strand, 0.5, 2.2), 0.7) * hair, "#6f7cb4", power * 0.7
            )
        canvas.screen(_edge(canvas, hair, 2.6, -1.4, 0.9), "#ffc896", 0.45 + 0.45 * warm)


def _edge(canvas: Canvas, mask: Array, x: float, y: float, soft: float) -> Array:
    even = canvas.soft(mask, soft)
    moved = np.roll(even, (round(-y * canvas.scale), round(-x * canvas.scale)), axis=(0, 1))
    return mask * np.clip(even - moved, 0, 1) * smooth(0, 4, canvas.x)
