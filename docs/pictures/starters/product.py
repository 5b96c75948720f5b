"""A product close up: a bottle of scent on stone, the low sun shining through it."""

from __future__ import annotations

import numpy as np
from paint import Array, Canvas, curve, ramp, smooth
from PIL import Image

from starters.dusk import blank, finish

MIDDLE, LEFT, RIGHT, TOP, FLOOR = 240.0, 192.0, 288.0, 98.0, 216.0


def _box(canvas: Canvas, left: float, top: float, right: float, low: float, round_: float) -> Array:
    """Return the mask of a box with rounded corners, as a distance would give it."""
    cx, cy = (left + right) / 2, (top + low) / 2
    qx = np.abs(canvas.x - cx) - (right - left) / 2 + round_
    qy = np.abs(canvas.y - cy) - (low - top) / 2 + round_
    far = np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0)
    return np.clip((round_ - far) * canvas.scale + 0.5, 0, 1).astype(np.float32)


def _room(canvas: Canvas) -> None:
    canvas.rgb = ramp(
        canvas.x / canvas.width + 0.25 * (canvas.y / canvas.height - 0.5),
        (0, "#1a2540"), (0.4, "#4c4065"), (0.72, "#96607a"), (1, "#5a4467"),
    )  # fmt: skip
    canvas.screen(canvas.glow(278, 118, 120, 2.2), "#ff9d68", 0.5)
    disc = canvas.soft(canvas.oval(280, 112, 84), 0.7)
    canvas.fill(disc, ramp(canvas.y, (28, "#ffe9c4"), (112, "#ffc98d"), (200, "#f08f70")))
    for x, w in ((58, 26), (110, 12), (398, 30), (446, 12)):
        beam = smooth(w, w * 0.6, np.abs(canvas.x - x - (canvas.y - 130) * 0.22))
        canvas.screen(canvas.soft(beam, 3), "#ff9f76", 0.10)
    top = canvas.y > 205
    stone = canvas.soft(canvas.cloud(34, 5, 5, stretch=3), 0.5)
    face = ramp(canvas.y, (205, "#6a5470"), (228, "#41395a"), (270, "#1a2138"))
    canvas.fill(top.astype(np.float32), face)
    canvas.screen(top * smooth(0.5, 0.75, stone), "#c79a9a", 0.16)
    canvas.fill(canvas.stroke([(0, 205.4), (480, 205.4)], 0.8), "#f2b48b", 0.4)
    light = canvas.soft(canvas.oval(292, 208, 120, 10), 7) * top
    canvas.screen(light, "#ffb27c", 0.75)


def _glass(canvas: Canvas) -> None:
    shell = _box(canvas, LEFT, TOP, RIGHT, FLOOR, 15)
    inner = _box(canvas, LEFT + 9, TOP + 10, RIGHT - 9, FLOOR - 15, 9)
    u = (canvas.x - MIDDLE) / ((RIGHT - LEFT) / 2)
    body = ramp(
        np.abs(u),
        (0, "#f7b98a"),
        (0.6, "#d98a72"),
        (0.84, "#7c4e66"),
        (0.95, "#2f2a4a"),
        (1, "#20213c"),
    )
    canvas.fill(shell, body, 0.94)
    canvas.screen(shell * smooth(TOP + 40, TOP, canvas.y), "#ffd9b0", 0.25)
    level = TOP + 30 + 1.5 * np.sin(canvas.x / 9)
    juice = inner * smooth(-0.4, 0.4, canvas.y - level)
    depth = (canvas.y - TOP - 30) / (FLOOR - TOP - 45)
    colour = ramp(
        np.clip(0.55 * np.abs(u + 0.12) + 0.5 * depth, 0, 1),
        (0, "#ffe3a8"), (0.35, "#ffb45e"), (0.7, "#e2703f"), (1, "#93364a"),
    )  # fmt: skip
    canvas.fill(juice, colour)
    canvas.screen(canvas.soft(canvas.oval(262, 156, 24, 34), 8) * juice, "#fff0c0", 0.75)
    canvas.fill(inner * (1 - smooth(-0.4, 0.4, canvas.y - level)), "#ffd9b8", 0.35)
    line = inner * smooth(1.1, 0.2, np.abs(canvas.y - level))
    canvas.screen(line, "#fff3d6", 0.9)
    rim = inner * (1 - canvas.soft(inner, 1.4)) * 2
    canvas.multiply(np.clip(rim, 0, 1), "#7d3c4c", 0.55)
    base = shell * smooth(FLOOR - 15, FLOOR - 11, canvas.y)
    canvas.fill(base, ramp(np.abs(u), (0, "#ffcf9a"), (0.5, "#c27b74"), (1, "#30294a")), 0.85)
    canvas.screen(shell * smooth(1.3, 0.3, np.abs(canvas.y - FLOOR + 12)), "#ffe6c0", 0.7)
    for at, wide, soft, power in (
        (RIGHT - 2.6, 1.6, 0.5, 1.0), (RIGHT - 7.6, 1.0, 0.5, 0.5), (LEFT + 2.4, 1.1, 0.5, 0.75),
        (LEFT + 15, 4.4, 1.0, 0.5), (LEFT + 22.5, 1.2, 0.6, 0.45),
    ):  # fmt: skip
        streak = canvas.soft(canvas.stroke([(at, TOP + 15), (at, FLOOR - 20)], wide), soft)
        canvas.screen(streak * shell, "#fff1dc", power)
    top = canvas.soft(canvas.stroke([(LEFT + 14, TOP + 1.8), (RIGHT - 14, TOP + 1.8)], 1.3), 0.4)
    canvas.screen(top * shell, "#fff4e0", 0.9)


def _label(canvas: Canvas) -> None:
    paper = _box(canvas, 219, 152, 261, 186, 2)
    canvas.fill(paper, "#fff3df", 0.92)
    canvas.fill(canvas.oval(240, 163, 5.4), "#c9693f")
    canvas.fill(canvas.oval(242.4, 161.6, 5.0) * paper, "#fff3df")
    for y, half in ((173.5, 11), (178, 7)):
        canvas.fill(canvas.stroke([(240 - half, y), (240 + half, y)], 1.1), "#8a4a44")


def _cap(canvas: Canvas) -> None:
    neck = _box(canvas, 225, 86, 255, 101, 2)
    cap = _box(canvas, 217, 44, 263, 88, 4)
    metal = ramp(
        (canvas.x - 217) / 46,
        (0, "#2a2338"), (0.1, "#d9a070"), (0.2, "#fff0cf"), (0.34, "#b87a55"), (0.58, "#4a3142"),
        (0.78, "#7b4a4c"), (0.92, "#ffd9a4"), (1, "#ff9f68"),
    )  # fmt: skip
    canvas.fill(neck, metal * 0.82)
    for y in (89.5, 94, 98):
        canvas.multiply(neck * smooth(1.2, 0.3, np.abs(canvas.y - y)), "#4a2f38", 0.7)
    canvas.fill(cap, metal)
    canvas.screen(cap * smooth(48, 44.5, canvas.y), "#ffe9c8", 0.6)
    canvas.multiply(cap * smooth(80, 88, canvas.y), "#51323f", 0.6)


def _sprig(canvas: Canvas) -> None:
    stem = curve([(70, 226), (104, 216), (140, 214), (178, 222)])
    canvas.multiply(canvas.soft(canvas.stroke(stem + np.array((2, 7)), 9), 4), "#12132a", 0.75)
    for x, y, turn, size in (
        (92, 220, -2.75, 34), (104, 217, -2.2, 34), (122, 215, -1.9, 33), (142, 214, -1.55, 29),
        (112, 217, 2.55, 34), (132, 216, 2.2, 31), (152, 216, 1.9, 25), (74, 225, 2.95, 30),
    ):  # fmt: skip
        c, s = np.cos(turn), np.sin(turn) * 0.72
        leaf = [(0, 0), (0, 0), (0.4, -0.2), (1, 0), (1, 0), (0.4, 0.2)]
        out = [(x + size * (a * c - b * s), y + size * (a * s + b * c)) for a, b in leaf]
        half = [out[0], out[0], out[2], out[3], out[3], (x + size * 0.5 * c, y + size * 0.5 * s)]
        canvas.multiply(canvas.soft(canvas.shape_of(out), 1.5), "#1c1c38", 0.5)
        canvas.fill(canvas.shape_of(out), ramp(canvas.x, (50, "#2c4a5c"), (170, "#5f7a76")))
        canvas.fill(canvas.shape_of(half), ramp(canvas.x, (50, "#5f7f84"), (170, "#d9b58c")), 0.75)
    canvas.fill(canvas.stroke(stem, 1.7), ramp(canvas.x, (70, "#3f5566"), (175, "#c79a7c")))


def draw() -> Image.Image:
    """Draw the bottle."""
    canvas = blank()
    _room(canvas)
    canvas.multiply(canvas.soft(canvas.oval(222, 217, 64, 5), 2.4), "#141326", 0.85)
    shade = canvas.shape_of([(192, 216), (288, 216), (236, 262), (96, 262)])
    canvas.multiply(canvas.soft(shade, 5) * smooth(275, 210, canvas.y), "#17162b", 0.6)
    _sprig(canvas)
    _glass(canvas)
    _label(canvas)
    _cap(canvas)
    spill = canvas.shape_of([(214, 218), (272, 218), (232, 250), (150, 250)])
    canvas.screen(canvas.soft(spill, 4) * smooth(255, 216, canvas.y), "#ff9a4e", 0.55)
    canvas.screen(canvas.glow(289, 106, 16, 2.4), "#ffe3b4", 0.5)
    return finish(canvas)
