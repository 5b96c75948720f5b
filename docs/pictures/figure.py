"""The sitting fox as a drawing: outlines in its own units, 150 wide and 140 tall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from paint import Array, Canvas, curve, place

Outline = list[tuple[float, float]]

# A point given twice is a sharp corner.
OUTLINES: dict[str, Outline] = {
    "head": [
        (19, 38), (15, 18), (15, -5), (15, -5), (27, 5), (34, 15), (40, 17.4), (46, 18),
        (52, 17.4), (58, 15), (64, 5), (76, -6), (76, -6), (78, 16), (73, 36),
        (79, 47), (91, 57), (91, 57), (81, 59), (84, 68), (84, 68),
        (72, 68), (60, 72), (48, 79), (40, 80), (33, 77),
        (24, 71), (9, 69), (9, 69), (12, 60), (1, 58), (1, 58), (12, 48), (19, 38),
    ],
    "mask": [
        (1, 58), (1, 58), (10, 52), (20, 51), (29, 56), (36, 63), (36, 63), (40, 64),
        (45, 63), (45, 63), (52, 56), (62, 51), (76, 51), (91, 57), (91, 57), (81, 59),
        (84, 68), (84, 68), (72, 68), (60, 72), (48, 79), (40, 80), (33, 77), (24, 71),
        (9, 69), (9, 69), (12, 60), (1, 58),
    ],
    "left_ear": [(20, 29), (18, 14), (18, 3), (18, 3), (27, 11), (33, 20), (33, 20), (27, 22)],
    "right_ear": [(72, 27), (74, 14), (73, 2), (73, 2), (64, 11), (58, 20), (58, 20), (64, 21)],
    "left_tip": [(15, 14), (15, -5), (15, -5), (27, 4), (27, 4), (22, 10), (20, 7), (18, 13)],
    "right_tip": [(77, 13), (76, -6), (76, -6), (63, 4), (63, 4), (68, 10), (71, 6), (73, 12)],
    "body": [
        (26, 64), (23, 80), (27, 96), (30, 112), (30, 128), (27, 138), (30, 141), (43, 141),
        (46, 138), (49, 141), (62, 141), (66, 138), (72, 141), (92, 141), (99, 130), (97, 112),
        (88, 94), (76, 80), (66, 66), (66, 66), (46, 58),
    ],
    "bib": [
        (27, 66), (25, 78), (29, 92), (32, 88), (35, 101), (39, 94), (43, 106), (47, 94),
        (52, 100), (54, 87), (59, 88), (61, 74), (63, 68), (63, 68), (45, 62),
    ],
    "haunch": [
        (60, 128), (60, 112), (70, 100), (84, 98), (94, 108), (99, 124), (96, 138), (88, 141),
        (70, 141), (63, 137),
    ],
    "left_sock": [
        (30, 116), (33, 119), (37, 116), (41, 120), (45, 117), (46, 130), (45, 138), (43, 141),
        (30, 141), (26.5, 138), (30, 130),
    ],
    "right_sock": [
        (48, 117), (52, 120), (56, 116), (60, 119), (62, 117), (64, 130), (65, 138), (62, 141),
        (49, 141), (46, 138), (48, 130),
    ],
    "hind_sock": [(68, 136), (74, 134), (80, 136), (86, 134), (92, 138), (92, 141), (70, 141)],
    "tail": [
        (84, 138), (100, 142), (122, 141), (140, 128), (148, 106), (144, 86), (132, 70),
        (132, 70), (131, 86), (122, 100), (110, 108), (98, 118), (92, 126),
    ],
    "tail_tip": [
        (132, 70), (132, 70), (144, 86), (148, 104), (148, 104), (143, 99), (140, 106),
        (135, 98), (130, 102), (127, 94), (127, 94), (131, 86),
    ],
    "nose": [(34, 62), (40, 60.5), (46, 62), (45, 66), (40, 69), (35, 66)],
}  # fmt: skip


# A marking never runs over the edge of what it is on.
ON = {
    "mask": "head", "left_ear": "head", "right_ear": "head", "left_tip": "head",
    "right_tip": "head", "bib": "body", "left_sock": "body", "right_sock": "body",
    "tail_tip": "tail",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """The fox set into a picture: its size, and where its own corner (0, 0) falls."""

    scale: float
    x: float
    y: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place on the fox is in the picture."""
        return self.x + x * self.scale, self.y + y * self.scale

    def put(self, points: Outline) -> npt.NDArray[np.float64]:
        """Return points of the fox's own as points of the picture."""
        return place(points, self.scale, self.x, self.y)

    def line(self, name: str) -> npt.NDArray[np.float64]:
        """Return the smooth outline of a part."""
        return self.put([(p[0], p[1]) for p in curve(OUTLINES[name], closed=True)])

    def mask(self, canvas: Canvas, *names: str) -> Array:
        """Return what the named parts cover together."""
        out = np.zeros(canvas.shape, np.float32)
        for name in names:
            part = canvas.area(self.line(name))
            if name in ON:
                part = part * canvas.area(self.line(ON[name]))
            out = np.maximum(out, part)
        return out

    def whole(self, canvas: Canvas) -> Array:
        """Return what the whole fox covers."""
        return self.mask(canvas, "tail", "body", "haunch", "head")


def shifted(mask: Array, canvas: Canvas, x: float, y: float) -> Array:
    """Return a mask moved by picture units."""
    by = (round(y * canvas.scale), round(x * canvas.scale))
    pads = [(max(b, 0), max(-b, 0)) for b in by]
    wide = np.pad(mask, pads, mode="edge")
    rows, columns = mask.shape
    return wide[max(-by[0], 0) :, max(-by[1], 0) :][:rows, :columns]


def rim(mask: Array, canvas: Canvas, x: float, y: float, soft: float) -> Array:
    """Return the edge of a shape that faces the light at (x, y) from it."""
    even = canvas.soft(mask, soft)
    return mask * np.clip((even - shifted(even, canvas, -x, -y)) * 1.6, 0, 1)
