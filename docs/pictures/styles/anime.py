"""The anime manner: clean tapering lines, flat colour, hard shadows, eyes full of light."""

from __future__ import annotations

import numpy as np
from figure import OUTLINES, Figure, Outline, shifted
from paint import Array, Canvas, curve, ramp, smooth
from PIL import Image

FOX = Figure(1.72, 78, 42)
LINE = "#3a1733"
HEAD = FOX


def _sky(canvas: Canvas) -> None:
    canvas.rgb = ramp(
        canvas.y / canvas.height,
        (0, "#3b3fb4"), (0.35, "#7d5fd6"), (0.65, "#f08bc0"), (0.9, "#ffc9a8"),
    )  # fmt: skip
    canvas.screen(canvas.glow(110, 84, 95, 3), "#ffd9f0", 0.35)
    canvas.fill(canvas.oval(110, 84, 76), "#fff3c9")
    canvas.fill(canvas.oval(110, 84, 76) * (1 - canvas.oval(98, 74, 76)), "#ffdfa6")
    _cloud(canvas, [(-6, 196, 44), (34, 186, 30), (64, 204, 30), (4, 222, 60), (92, 220, 26)])
    _cloud(canvas, [(300, 132, 26), (326, 116, 32), (276, 148, 18), (322, 152, 34)])
    _cloud(canvas, [(262, 34, 11), (280, 28, 15), (300, 34, 11), (281, 38, 12)])
    rng = np.random.default_rng(12)
    for _ in range(26):
        x, y = rng.uniform(0, 320), rng.uniform(0, 120)
        _spark(canvas, x, y, rng.choice([1.2, 1.6, 3.2, 4.6], p=[0.4, 0.35, 0.15, 0.1]))


def _cloud(canvas: Canvas, balls: list[tuple[float, float, float]]) -> None:
    whole = np.zeros(canvas.shape, np.float32)
    for x, y, r in balls:
        whole = np.maximum(whole, canvas.oval(x, y, r))
    lit = np.zeros(canvas.shape, np.float32)
    for x, y, r in balls:
        lit = np.maximum(lit, canvas.oval(x - r * 0.1, y - r * 0.2, r * 0.86))
    canvas.fill(whole, "#d98ad0")
    canvas.fill(whole * lit, "#ffd6e6")
    top = whole * (1 - shifted(whole, canvas, 1.2, 1.6))
    canvas.fill(top, "#ffffff")


def _spark(canvas: Canvas, x: float, y: float, r: float) -> None:
    thin = r * 0.16
    star = [(x, y - r), (x + thin, y - thin), (x + r, y), (x + thin, y + thin),
            (x, y + r), (x - thin, y + thin), (x - r, y), (x - thin, y - thin)]  # fmt: skip
    canvas.fill(canvas.area(star), "#ffffff", 0.95)


def _ink(canvas: Canvas, points: Outline, width: float) -> None:
    line = curve(FOX.put(points))
    canvas.fill(canvas.stroke(line, lambda t: 0.5 + width * 4 * t * (1 - t)), LINE)


def _edge(canvas: Canvas, name: str, width: float = 2.1) -> None:
    line = FOX.line(name)
    canvas.fill(canvas.stroke(np.concatenate([line, line[:2]]), width), LINE)


def _cel(canvas: Canvas, mask: Array, base: str, shade: str, x: float, y: float) -> None:
    canvas.fill(mask, base)
    canvas.fill(mask * (1 - shifted(mask, canvas, x, y)), shade)


def _body(canvas: Canvas) -> None:
    tail = FOX.mask(canvas, "tail")
    _edge(canvas, "tail", 2.6)
    _cel(canvas, tail, "#ff8a3c", "#d4552f", -9, -7)
    _cel(canvas, FOX.mask(canvas, "tail_tip"), "#fff8ef", "#d9c3ea", -6, -5)
    _edge(canvas, "body", 2.6)
    body = FOX.mask(canvas, "body")
    _cel(canvas, body, "#ff8a3c", "#d4552f", -10, -4)
    bib = FOX.mask(canvas, "bib")
    canvas.fill(bib, "#fff8ef")
    drop = shifted(FOX.mask(canvas, "head"), canvas, 5, 13)
    canvas.fill(body * drop, "#d4552f")
    canvas.fill(bib * drop, "#d3b5e2")
    _ink(canvas, [(29, 92), (32, 88), (35, 101), (39, 94), (43, 106)], 0.5)
    _ink(canvas, [(47, 94), (52, 100), (54, 87), (59, 88), (61, 76)], 0.5)


def _head(canvas: Canvas) -> None:
    _edge(canvas, "head", 2.8)
    head = FOX.mask(canvas, "head")
    canvas.fill(head, "#ff9442")
    canvas.fill(head * (1 - shifted(head, canvas, -8, -3)) * (canvas.x > 190), "#dd5a33")
    white = FOX.mask(canvas, "mask")
    canvas.fill(white, "#fffaf2")
    canvas.fill(white * (1 - shifted(white, canvas, -7, -8)), "#d9c3ea")
    for ear, tip in (("left_ear", "left_tip"), ("right_ear", "right_tip")):
        inside = FOX.mask(canvas, ear)
        _cel(canvas, inside, "#ffb7b0", "#c85f78", 3, -7)
        canvas.fill(FOX.mask(canvas, tip), "#55254a")
    # A hard band of light across the brow, broken as hair is.
    shine = FOX.put([(27, 26), (34, 23), (38, 29), (41, 22), (46, 30), (50, 22), (56, 28), (63, 25),
                     (57, 22), (46, 19), (35, 20)])  # fmt: skip
    canvas.fill(canvas.area(shine) * head, "#ffd08a")
    for points in (
        [(12, 60), (18, 59), (24, 60)], [(81, 59), (75, 59), (68, 61)],
        [(38, 17), (41, 23), (43, 29)], [(46, 15), (46, 21), (45, 27)],
    ):  # fmt: skip
        _ink(canvas, points, 0.7)
    edge = head * (1 - shifted(head, canvas, 2.2, 1.2)) * (canvas.x < 150)
    canvas.fill(edge, "#fff0c0", 0.95)


def _eye(canvas: Canvas, x: float, y: float, out: int) -> None:
    shape = [(-9.5, -1), (-6, -8), (0, -10.5), (6, -8.5), (9.5, -2), (8, 5), (3, 9.5), (-3, 9.5),
             (-8, 5)]  # fmt: skip
    eye = canvas.shape_of(FOX.put([(x + dx * 0.88 * out, y + dy) for dx, dy in shape]))
    canvas.fill(eye, "#ffffff")
    canvas.fill(eye * (canvas.y < FOX.at(0, y - 5)[1]), "#c9b5e6")
    cx, cy = FOX.at(x - 0.4, y + 0.3)
    iris = canvas.oval(cx, cy, 12.6, 15.6) * eye
    tone = (canvas.y - cy + 15) / 30
    canvas.fill(iris, ramp(tone, (0, "#0d3f6e"), (0.45, "#0f8fb0"), (1, "#7df3dc")))
    canvas.fill(iris * (1 - canvas.oval(cx, cy, 10.9, 13.8)), "#0b2b52")
    canvas.fill(canvas.oval(cx, cy - 1, 4.8, 7.4) * eye, "#0a1838")
    canvas.fill(canvas.oval(cx, cy + 8.5, 7.2, 4.2) * iris, "#c8fff0", 0.85)
    canvas.fill(canvas.oval(cx - 4.6, cy - 6.6, 4.3, 5.0), "#ffffff")
    canvas.fill(canvas.oval(cx + 5.2, cy + 4.8, 2.1), "#ffffff")
    lid = [(x - 11 * out, y - 0.5), (x - 6 * out, y - 8.4), (x, y - 11), (x + 6 * out, y - 9),
           (x + 10 * out, y - 3), (x + 13.5 * out, y - 6)]  # fmt: skip
    lash = canvas.stroke(curve(FOX.put(lid)), lambda t: 1.0 + 4.4 * np.sin(np.pi * min(t, 0.86)))
    canvas.fill(lash, LINE)
    low = [(x - 4 * out, y + 10), (x + 2 * out, y + 10.2), (x + 7 * out, y + 6.6)]
    canvas.fill(canvas.stroke(curve(FOX.put(low)), lambda t: 0.5 + 1.5 * t), LINE)
    brow = [(x - 5 * out, y - 16.5), (x + 1 * out, y - 18.4), (x + 7 * out, y - 16)]
    canvas.fill(canvas.stroke(curve(FOX.put(brow)), lambda t: 2.2 - 1.6 * t), LINE)


def _face(canvas: Canvas) -> None:
    _eye(canvas, 24.5, 44, -1)
    _eye(canvas, 59.5, 44, 1)
    for x in (17, 67):
        cx, cy = FOX.at(x, 58)
        canvas.fill(canvas.soft(canvas.oval(cx, cy, 7.5, 3.6), 0.8), "#ff8f9c", 0.6)
    nose = [(p[0] * 0.72 + 11.2, p[1] * 0.72 + 17.6) for p in OUTLINES["nose"]]
    canvas.fill(canvas.shape_of(FOX.put(nose)), LINE)
    cx, cy = FOX.at(39, 62)
    canvas.fill(canvas.oval(cx, cy, 1.5, 0.9), "#ffffff")
    _ink(canvas, [(33, 69.5), (36.5, 71.6), (40, 68), (44, 71.6), (48, 69.5)], 0.4)
    mouth = canvas.shape_of(FOX.put([(37, 71), (40, 69.6), (43.6, 71), (42, 75), (39, 75)]))
    canvas.fill(mouth, "#b8324f")


def draw() -> Image.Image:
    """Draw the fox as a frame of anime."""
    canvas = Canvas(320, 240, 4)
    _sky(canvas)
    _body(canvas)
    _head(canvas)
    _face(canvas)
    for x, y, r in ((214, 52, 9), (54, 38, 6), (288, 92, 5), (30, 140, 5)):
        _spark(canvas, x, y, r)
    canvas.screen(smooth(240, 120, canvas.y) * smooth(320, 60, canvas.x), "#ff9fd0", 0.05)
    return canvas.finish()
