"""The Chinese manner: ink and water on rice paper, mist between mountains, one red seal."""

from __future__ import annotations

import numpy as np
from figure import Figure, Outline
from paint import Array, Canvas, curve, smooth
from PIL import Image, ImageDraw

FOX = Figure(0.98, 116, 72)
BLACK = "#1c1d22"


def _paper(canvas: Canvas) -> None:
    canvas.rgb[:] = (0.957, 0.93, 0.868)
    fibre = canvas.cloud(2.2, 1, 3, stretch=3)[..., None] - 0.5
    tea = canvas.soft(canvas.cloud(120, 2, 3), 2)[..., None] - 0.5
    canvas.rgb = canvas.rgb + fibre * 0.05 + tea * np.array([0.05, 0.07, 0.1], np.float32)


def _mountain(canvas: Canvas, ridge: Outline, dark: float, deep: float, seed: int) -> None:
    """Lay one range: wet dark at the ridge, gone into mist below, with a few dry texture lines."""
    line = curve(ridge)
    top = np.interp(canvas.x[0], line[:, 0], line[:, 1])[None, :]
    top = top + (canvas.cloud(14, seed, 4) - 0.5) * 9
    below = canvas.y - top
    wet = canvas.cloud(30, seed + 1, 5)
    body = smooth(-0.5, 0.9, below) * np.exp(-np.maximum(below, 0) / (deep * (0.6 + 0.8 * wet)))
    edge = smooth(-0.4, 0.4, below) * np.exp(-np.maximum(below, 0) / 2.4)
    down, right = np.gradient(canvas.soft(canvas.cloud(11, seed + 2, 4, stretch=0.45), 0.6))
    rock = smooth(0.0, 0.012, right + 0.4 * down) * smooth(deep * 1.5, 2, below)
    dry = smooth(0.36, 0.55, canvas.cloud(2, seed + 3, 2))
    ink_ = np.clip(body * (0.55 + 0.35 * wet) + edge * 0.35 + rock * body * dry * 0.6, 0, 1) * dark
    canvas.multiply(ink_, "#2b323c")


def brush(
    canvas: Canvas,
    points: Outline,
    width: float,
    seed: int,
    load: float = 1.0,
    dry: float = 0.3,
    press: tuple[float, float, float] = (0.5, 1.0, 0.15),
) -> Array:
    """Return the mark of a hair brush: bristles side by side that run dry towards the end."""
    rng = np.random.default_rng(seed)
    line = curve(points, steps=22)
    step = np.gradient(line, axis=0)
    side = np.stack([-step[:, 1], step[:, 0]], axis=1)
    side /= np.maximum(np.hypot(*side.T), 1e-6)[:, None]
    t = np.linspace(0, 1, len(line))
    wide = np.interp(t, (0, 0.35, 1), press) * width / 2
    sheet = Image.new("L", (canvas.shape[1], canvas.shape[0]))
    pen = ImageDraw.Draw(sheet)
    count = max(5, int(width * canvas.scale * 0.9))
    for s in rng.permutation(np.linspace(-1, 1, count)):
        wet = load * rng.uniform(0.72, 1.0)
        gap = rng.uniform(0.25, 1.1) / max(dry, 0.01)
        wave = 0.06 * np.sin(t * rng.uniform(3, 9) + rng.uniform(0, 6))
        hair = (line + side * ((s + wave) * wide)[:, None]) * canvas.scale
        skip = rng.random(len(t)) < np.clip((t - gap * 0.6) * 1.6, 0, 0.8)
        for a, b, lost in zip(hair, hair[1:], skip, strict=False):
            if not lost:
                pen.line([tuple(a), tuple(b)], fill=int(255 * wet), width=2)
    return canvas.soft(np.asarray(sheet, np.float32) / 255, 0.16)


def _wash(canvas: Canvas, names: list[str], colour: str, strength: float, seed: int) -> None:
    """Let colour run inside the parts: uneven, bleeding over the edge, pooled at the rim."""
    mask = FOX.mask(canvas, *names)
    wander = canvas.cloud(9, seed, 3)
    soft = canvas.soft(mask, 2.2)
    wet = smooth(0.32, 0.62, soft + (wander - 0.5) * 0.5)
    pool = wet * (1 - canvas.soft(wet, 1.8)) * 1.1
    tone = canvas.soft(canvas.cloud(20, seed + 1, 4), 0.6)
    canvas.multiply(np.clip(wet * (0.35 + 0.75 * tone) + pool * 0.5, 0, 1) * strength, colour)


def _fox(canvas: Canvas) -> None:
    light = FOX.mask(canvas, "mask", "bib", "tail_tip")
    canvas.fill(canvas.soft(FOX.whole(canvas), 0.8), "#f6eedd", 0.85)
    keep = canvas.rgb.copy()
    _wash(canvas, ["tail"], "#bf5a2a", 0.95, 5)
    _wash(canvas, ["body", "haunch"], "#c26432", 0.9, 7)
    _wash(canvas, ["head"], "#c05a28", 0.95, 9)
    spare = canvas.soft(light, 0.9)[..., None] * 0.92
    canvas.rgb = canvas.rgb * (1 - spare) + keep * spare
    _wash(canvas, ["left_sock", "right_sock"], "#2c2b30", 0.95, 11)
    _wash(canvas, ["left_tip", "right_tip"], "#26262c", 0.95, 13)
    _wash(canvas, ["left_ear", "right_ear"], "#7b5a52", 0.7, 15)
    strokes: list[tuple[Outline, float, float, float]] = [
        ([(88, 136), (108, 140), (130, 134), (145, 116), (146, 92), (132, 69)], 6.5, 0.85, 0.5),
        ([(132, 70), (131, 86), (121, 101), (104, 113)], 3.2, 0.7, 0.6),
        ([(66, 68), (78, 82), (90, 97), (99, 118), (97, 138)], 5.6, 0.9, 0.45),
        ([(62, 130), (60, 113), (70, 101), (83, 98)], 3.6, 0.75, 0.5),
        ([(25, 68), (23, 82), (29, 106), (30, 128), (27, 139)], 3.4, 0.85, 0.35),
        ([(46, 110), (47, 126), (46, 139)], 2.6, 0.8, 0.4),
        ([(28, 141), (36, 142.5), (44, 141)], 3, 0.9, 0.2),
        ([(49, 141), (56, 142.5), (64, 141)], 3, 0.9, 0.2),
        ([(66, 140), (80, 142.5), (94, 140)], 3.6, 0.9, 0.3),
        ([(18, 38), (14, 20), (15, -4)], 3.2, 0.95, 0.2),
        ([(15, -5), (26, 4), (35, 16)], 3.0, 0.9, 0.3),
        ([(57, 16), (65, 4), (76, -6)], 3.0, 0.9, 0.3),
        ([(76, -5), (78, 16), (73, 36)], 3.8, 0.95, 0.25),
        ([(73, 36), (80, 47), (91, 57)], 3.0, 0.85, 0.4),
        ([(90, 58), (84, 62), (84, 68)], 2.0, 0.75, 0.4),
        ([(83, 68), (68, 70), (50, 78), (38, 80), (26, 73)], 2.6, 0.8, 0.5),
        ([(19, 38), (12, 48), (1, 58)], 2.8, 0.85, 0.4),
        ([(2, 58), (10, 62), (9, 69)], 2.0, 0.75, 0.4),
        ([(9, 69), (18, 70), (26, 73)], 2.0, 0.7, 0.5),
    ]
    for number, (points, width, load, dry) in enumerate(strokes):
        mark = brush(canvas, [FOX.at(*p) for p in points], width, 200 + number, load, dry)
        canvas.multiply(mark, BLACK, 0.9)
    rng = np.random.default_rng(6)
    for x, y in ((36, 88), (42, 92), (48, 90), (55, 84), (32, 80), (140, 92), (134, 88)):
        end = (x + rng.normal(1, 1.5), y + 9)
        canvas.multiply(brush(canvas, [FOX.at(x, y), FOX.at(*end)], 1.1, int(x), 0.5, 0.4), BLACK)
    _face(canvas)


def _face(canvas: Canvas) -> None:
    for x, out in ((27, -1), (57, 1)):
        lid = [FOX.at(x - 6 * out, 46), FOX.at(x, 42), FOX.at(x + 7 * out, 43)]
        canvas.multiply(brush(canvas, lid, 2.6, 60 + x, 1.0, 0.0, (0.4, 1, 0.3)), BLACK)
        cx, cy = FOX.at(x + 0.5 * out, 45.5)
        canvas.multiply(canvas.soft(canvas.oval(cx, cy, 2.5, 2.8), 0.2), BLACK)
        canvas.fill(canvas.oval(cx - 0.8, cy - 0.9, 0.8), "#f7f0e0")
    canvas.multiply(canvas.soft(FOX.mask(canvas, "nose"), 0.25), BLACK, 0.95)
    mouth = [FOX.at(33, 71), FOX.at(36.5, 73), FOX.at(40, 70), FOX.at(44, 73), FOX.at(48, 71)]
    canvas.multiply(brush(canvas, mouth, 1.2, 71, 0.8, 0.1, (0.6, 1, 0.5)), BLACK)


def _pine(canvas: Canvas) -> None:
    bough = brush(
        canvas, [(330, 18), (300, 30), (276, 28), (252, 40), (236, 38)], 7, 90, 0.95, 0.45
    )
    twig = brush(canvas, [(290, 29), (278, 44), (264, 52)], 3.4, 91, 0.9, 0.4)
    canvas.multiply(np.maximum(bough, twig), BLACK, 0.92)
    rng = np.random.default_rng(8)
    sheet = Image.new("L", (canvas.shape[1], canvas.shape[0]))
    pen = ImageDraw.Draw(sheet)
    for cx, cy, many in (
        (236, 36, 20), (254, 34, 26), (274, 24, 26), (296, 22, 26), (264, 52, 22), (280, 42, 18),
        (314, 16, 22), (310, 34, 18),
    ):  # fmt: skip
        for _ in range(many):
            a = rng.uniform(np.pi * 0.96, np.pi * 2.04)
            r = rng.uniform(7, 13)
            tip = (cx + np.cos(a) * r, cy + np.sin(a) * r * 0.75)
            at = [(cx * 4, cy * 4), (tip[0] * 4, tip[1] * 4)]
            pen.line(at, fill=int(rng.uniform(120, 250)), width=3)
    needles = canvas.soft(np.asarray(sheet, np.float32) / 255, 0.2)
    canvas.multiply(needles, "#20262a", 0.85)
    haze = canvas.soft(needles, 4)
    canvas.multiply(haze, "#51645f", 0.45)


def _seal(canvas: Canvas, x: float, y: float, size: float) -> None:
    worn = smooth(0.30, 0.42, canvas.cloud(2.4, 55, 3))
    square = canvas.area(
        curve(
            [(x, y + 1), (x, y + 1), (x + size, y), (x + size, y), (x + size - 0.6, y + size * 1.1),
             (x + size - 0.6, y + size * 1.1), (x + 0.4, y + size * 1.12),
             (x + 0.4, y + size * 1.12)],
            closed=True,
        )
    )  # fmt: skip
    cut = np.zeros(canvas.shape, np.float32)
    s = size / 10
    for line in (
        [(2, 2), (8, 2)], [(2, 2), (2, 5), (8, 5)], [(5, 2), (5, 9.4)],
        [(2, 7), (2, 9.4), (8, 9.4)], [(8, 5), (8, 9.4)],
    ):  # fmt: skip
        cut = canvas.stroke([(x + a * s, y + b * s) for a, b in line], s * 1.05, cut)
    canvas.multiply(square * worn * (1 - cut * 0.9), "#c3201c", 0.95)


def draw() -> Image.Image:
    """Draw the fox in ink."""
    canvas = Canvas(320, 240, 4)
    _paper(canvas)
    sun = canvas.oval(104, 84, 47)
    stain = 0.7 + 0.5 * (canvas.cloud(26, 70, 4) - 0.4)
    fade = smooth(150, 70, canvas.y) * 0.75 + 0.25
    canvas.multiply(canvas.soft(sun, 0.5) * stain * fade, "#d8402a", 0.92)
    _mountain(
        canvas, [(0, 108), (26, 84), (44, 96), (70, 118), (112, 132), (150, 120), (186, 96),
                 (214, 66), (232, 84), (262, 104), (292, 88), (320, 104)], 0.42, 30, 20,
    )  # fmt: skip
    _mountain(
        canvas, [(0, 134), (18, 116), (36, 136), (64, 152), (110, 168), (200, 166), (244, 140),
                 (268, 116), (284, 124), (304, 146), (320, 140)], 0.72, 24, 30,
    )  # fmt: skip
    _mountain(
        canvas, [(0, 176), (24, 160), (50, 178), (90, 196), (140, 206), (320, 206)], 0.9, 14, 40
    )
    mist = canvas.soft(canvas.cloud(60, 44, 4, stretch=4), 3)
    band = smooth(150, 180, canvas.y) * smooth(216, 190, canvas.y)
    canvas.fill(smooth(0.35, 0.65, mist) * band, "#f1e9d8", 0.8)
    ground: Outline = [(70, 216), (110, 209), (180, 211), (240, 208), (300, 218)]
    canvas.multiply(brush(canvas, ground, 17, 300, 0.6, 0.7, (0.3, 1, 0.3)), "#3a3f44", 0.75)
    canvas.multiply(
        brush(canvas, [(96, 220), (180, 218), (262, 222)], 8, 301, 0.9, 0.6), BLACK, 0.8
    )
    _fox(canvas)
    _pine(canvas)
    for x, y, r in ((42, 58, 5), (56, 51, 4), (30, 48, 3.4)):
        wing: Outline = [(x - r, y - 1.6), (x - r * 0.4, y - r * 0.5), (x, y),
                         (x + r * 0.5, y - r * 0.6), (x + r, y - 2.2)]  # fmt: skip
        canvas.multiply(brush(canvas, wing, 1.5, int(x), 0.9, 0.0, (0.3, 1, 0.2)), BLACK)
    _seal(canvas, 20, 196, 20)
    return canvas.finish()
