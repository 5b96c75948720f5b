"""The American manner: fat ink, flat loud colour, a body made of rubber."""

from __future__ import annotations

import numpy as np
from figure import Figure, Outline
from paint import Array, Canvas, curve
from PIL import Image

FOX = Figure(1.36, 90, 44)
INK = "#161224"
FUR, CREAM, DARK = "#ff7a1a", "#fff1cf", "#7a2a1a"

HEAD: Outline = [
    (46, 12), (60, 14), (76, 24), (84, 38), (84, 38), (104, 40), (104, 40), (94, 52), (94, 52),
    (106, 62), (106, 62), (90, 68), (90, 68), (92, 78), (92, 78), (74, 80), (48, 86), (22, 80),
    (4, 78), (4, 78), (6, 68), (6, 68), (-10, 62), (-10, 62), (2, 52), (2, 52), (-8, 40), (-8, 40),
    (10, 38), (10, 38), (18, 24), (32, 14),
]  # fmt: skip
FACE: Outline = [
    (48, 50), (64, 44), (82, 46), (94, 52), (94, 52), (106, 62), (106, 62), (90, 68), (90, 68),
    (92, 78), (92, 78), (74, 80), (48, 86), (22, 80), (4, 78), (4, 78), (6, 68), (6, 68),
    (-10, 62), (-10, 62), (2, 52), (2, 52), (14, 46), (32, 44),
]  # fmt: skip
LEFT_EAR: Outline = [(14, 36), (2, 14), (2, -18), (2, -18), (22, -8), (40, 18), (40, 18)]
RIGHT_EAR: Outline = [
    (56, 18), (66, -6), (84, -16), (98, -10), (110, 6), (110, 6), (96, 6), (88, 14), (82, 34),
    (82, 34),
]  # fmt: skip
LEFT_INSIDE: Outline = [(18, 30), (9, 12), (8, -6), (8, -6), (20, 2), (30, 19), (30, 19)]
RIGHT_INSIDE: Outline = [(64, 22), (72, 2), (84, -6), (84, -6), (82, 10), (76, 26), (76, 26)]
BODY: Outline = [
    (34, 76), (28, 92), (25, 110), (27, 126), (24, 136), (34, 142), (70, 142), (88, 140), (94, 124),
    (86, 104), (72, 88), (64, 76),
]  # fmt: skip
BELLY: Outline = [(36, 80), (34, 94), (38, 112), (46, 118), (54, 112), (60, 96), (60, 80)]
TAIL: Outline = [
    (78, 134), (104, 142), (128, 132), (132, 112), (118, 98), (116, 78), (130, 58), (156, 46),
    (156, 46), (152, 62), (164, 76), (166, 104), (154, 132), (128, 148), (98, 148), (78, 142),
]  # fmt: skip
TIP: Outline = [
    (156, 46), (156, 46), (152, 62), (164, 76), (165, 84), (165, 84), (155, 80), (152, 90),
    (152, 90), (142, 80), (136, 88), (136, 88), (130, 74), (119, 74), (119, 74), (130, 58),
]  # fmt: skip
LEFT_FOOT: Outline = [(20, 138), (24, 130), (34, 128), (44, 132), (47, 140), (40, 145), (26, 145)]
RIGHT_FOOT: Outline = [(52, 138), (56, 130), (66, 128), (76, 132), (79, 140), (72, 145), (58, 145)]
TUFT: Outline = [
    (38, 22), (34, 4), (34, 4), (43, 9), (43, 9), (48, -4), (48, -4), (54, 8), (54, 8), (63, 3),
    (63, 3), (60, 22), (60, 22), (38, 22),
]  # fmt: skip
GRIN: Outline = [
    (20, 62), (20, 62), (34, 69), (48, 70), (62, 69), (78, 60), (78, 60), (72, 74), (58, 81),
    (44, 81), (28, 75),
]  # fmt: skip


def _shape(canvas: Canvas, points: Outline, colour: str, line: float) -> Array:
    edge = FOX.put([(p[0], p[1]) for p in curve(points, closed=True)])
    ring = np.concatenate([edge, edge[:2]])
    # Ink is heavier underneath than on top, as a loaded brush leaves it.
    canvas.fill(canvas.stroke((*ring, 0.5, 0.8), line), INK)
    mask = canvas.area(edge)
    canvas.fill(mask, colour)
    canvas.fill(canvas.stroke(ring, line * 0.42), INK)
    return mask


def _patch(canvas: Canvas, points: Outline, colour: str, within: Array) -> None:
    mask = canvas.area(FOX.put([(p[0], p[1]) for p in curve(points, closed=True)]))
    canvas.fill(mask * within, colour)


def _ink(canvas: Canvas, points: Outline, width: float) -> None:
    line = curve(FOX.put(points))
    canvas.fill(
        canvas.stroke(line, lambda t: 0.8 + width * max(np.sin(np.pi * t), 0.0) ** 0.6), INK
    )


def _backdrop(canvas: Canvas) -> None:
    canvas.rgb[:] = (0.07, 0.68, 0.72)
    angle = np.arctan2(canvas.y - 118, canvas.x - 156)
    rays = np.clip(np.sin(angle * 14 + 0.3) * 60, -0.5, 0.5) + 0.5
    canvas.fill(rays.astype(np.float32), "#3fd0c9")
    canvas.fill(canvas.oval(136, 102, 97), INK)
    canvas.fill(canvas.oval(136, 102, 93.5), "#ffd92e")
    for x, y, r in ((66, 92, 12), (84, 150, 8), (206, 74, 9), (74, 58, 5), (196, 142, 13)):
        canvas.fill(canvas.oval(x, y, r, r * 0.92), "#f2b40f")
    hills = [(-10, 250), (-10, 204), (40, 186), (96, 200), (150, 208), (230, 196), (286, 178),
             (330, 190), (330, 250)]  # fmt: skip
    line = curve(hills)
    canvas.fill(canvas.stroke(line, 5), INK)
    canvas.fill(canvas.area(line), "#8c3fd1")
    front = curve(
        [(-10, 260), (-10, 226), (70, 214), (170, 210), (260, 216), (330, 230), (330, 260)]
    )
    canvas.fill(canvas.stroke(front, 5), INK)
    canvas.fill(canvas.area(front), "#5fd13c")
    for x in (28, 52, 272, 298):
        tuft = [(x - 5, 226), (x - 3, 218), (x, 225), (x + 2, 215), (x + 4, 225), (x + 8, 219)]
        canvas.fill(canvas.stroke(tuft, 2.2), "#2b8f2a")


def _face(canvas: Canvas) -> None:
    for x, out in ((33, -1), (61, 1)):
        white = [(x - 13, 34), (x - 9, 18), (x, 13), (x + 9, 18), (x + 13, 34), (x + 9, 46),
                 (x, 50), (x - 9, 46)]  # fmt: skip
        eye = _shape(canvas, white, "#ffffff", 4.4)
        cx, cy = FOX.at(x - 3 - out * 1.4, 34)
        pupil = canvas.oval(cx, cy, 9.4, 13.4) * eye
        pie = canvas.area([(cx, cy), (cx - 16, cy - 13), (cx - 3, cy - 20)])
        canvas.fill(pupil * (1 - pie), INK)
        _ink(
            canvas,
            [(x - 12 - out * 2, 8 + out), (x - out * 2, 2), (x + 11 - out * 2, 7 - out)],
            4.2,
        )
    grin = _shape(canvas, GRIN, "#7d1230", 4.2)
    cx, cy = FOX.at(50, 82)
    canvas.fill(canvas.oval(cx, cy, 22, 11) * grin, "#ff5d7a")
    _patch(canvas, [(20, 60), (34, 69), (48, 70), (62, 69), (78, 58), (74, 68), (48, 76), (24, 69)],
           "#ffffff", grin)  # fmt: skip
    _ink(canvas, [(15, 65), (19, 61), (22, 58)], 3)
    _ink(canvas, [(83, 63), (79, 59), (76, 56)], 3)
    nose = [(36, 54), (40, 48), (48, 46.5), (56, 48), (60, 54), (55, 60), (48, 63), (41, 60)]
    _shape(canvas, nose, INK, 3)
    nx, ny = FOX.at(43, 51)
    canvas.fill(canvas.oval(nx, ny, 5, 2.8), "#ffffff")


def _fox(canvas: Canvas) -> None:
    tail = _shape(canvas, TAIL, FUR, 5.4)
    _patch(canvas, TIP, CREAM, tail)
    _ink(canvas, [(119, 74), (130, 74), (136, 88), (142, 80), (152, 90), (155, 80), (165, 84)], 2)
    body = _shape(canvas, BODY, FUR, 5.4)
    _patch(canvas, BELLY, CREAM, body)
    _patch(canvas, [(30, 70), (30, 88), (48, 95), (76, 90), (80, 70)], "#d4510c", body)
    _ink(canvas, [(84, 138), (66, 132), (62, 116), (72, 106)], 3)
    _ink(canvas, [(44, 114), (46, 128), (46, 138)], 3)
    for foot in (LEFT_FOOT, RIGHT_FOOT):
        _shape(canvas, foot, DARK, 5)
    for x in (30, 38, 62, 70):
        _ink(canvas, [(x, 138), (x - 0.5, 141.5), (x, 144)], 2.2)
    for ear, inside in ((LEFT_EAR, LEFT_INSIDE), (RIGHT_EAR, RIGHT_INSIDE)):
        mask = _shape(canvas, ear, FUR, 5.4)
        _patch(canvas, inside, "#ffb38a", mask)
    tips = canvas.area(FOX.put([(p[0], p[1]) for p in curve(RIGHT_EAR, closed=True)]))
    _patch(canvas, [(92, -14), (96, 8), (88, 16), (120, 20), (120, -20)], DARK, tips)
    tips = canvas.area(FOX.put([(p[0], p[1]) for p in curve(LEFT_EAR, closed=True)]))
    _patch(canvas, [(-4, 4), (4, 0), (8, -7), (16, -4), (24, -12), (0, -30)], DARK, tips)
    _shape(canvas, TUFT, FUR, 5)
    head = _shape(canvas, HEAD, FUR, 5.4)
    _patch(canvas, FACE, CREAM, head)
    edge = FOX.put([(p[0], p[1]) for p in curve(HEAD, closed=True)])
    canvas.fill(canvas.stroke(np.concatenate([edge, edge[:2]]), 3.2), INK)


def draw() -> Image.Image:
    """Draw the fox as a cartoon."""
    canvas = Canvas(320, 240, 4)
    _backdrop(canvas)
    _fox(canvas)
    _face(canvas)
    return canvas.finish()
