"""The Japanese manner: a painted summer sky, a tower of cloud, a hill of wind and grass."""

from __future__ import annotations

import numpy as np
from figure import Figure, rim, shifted
from paint import Array, Canvas, blur, curve, ink, ramp, smooth
from PIL import Image, ImageDraw

FOX = Figure(0.86, 112, 84)


def _sky(canvas: Canvas) -> None:
    canvas.rgb = ramp(
        canvas.y / canvas.height,
        (0, "#1565b8"), (0.3, "#3d93d8"), (0.6, "#8fcbea"), (0.85, "#d8eff0"),
    )  # fmt: skip
    wash = canvas.soft(canvas.cloud(60, 5, 4, stretch=2), 2)[..., None] - 0.5
    canvas.rgb = canvas.rgb + wash * np.array([0.16, 0.1, 0.04], np.float32)
    moon = canvas.oval(52, 46, 17)
    seas = smooth(0.42, 0.62, canvas.cloud(16, 9, 3))
    canvas.screen(moon * (1 - 0.55 * seas), "#f3fbff", 0.62)
    wisps = smooth(0.52, 0.8, canvas.cloud(26, 15, 5, stretch=6)) * smooth(130, 20, canvas.y)
    canvas.screen(wisps, "#ffffff", 0.5)


def _cumulus(canvas: Canvas, puffs: list[tuple[float, float, float]], seed: int) -> None:
    """Paint a heap of balls as one cloud, lit from the upper left in a few gouache tones."""
    warp_x = (canvas.cloud(11, seed, 3) - 0.5) * 7
    warp_y = (canvas.cloud(11, seed + 1, 3) - 0.5) * 7
    x, y = canvas.x + warp_x, canvas.y + warp_y
    high = np.full(canvas.shape, -1.0, np.float32)
    for px, py, r in puffs:
        far = (x - px) ** 2 + (y - py) ** 2
        ball = np.sqrt(np.maximum(r * r - far, 0)) + 0.3 * (py - 100)
        high = np.where(far < r * r, np.maximum(high, ball + 60), high)
    body = canvas.soft((high > 0).astype(np.float32), 0.35)
    relief = blur(np.maximum(high, 20), 1.5 * canvas.scale)
    down, right = np.gradient(relief, 1 / canvas.scale)
    light = (0.55 * right + 0.75 * down + 0.6) / np.sqrt(1 + right**2 + down**2)
    light = light + (canvas.cloud(7, seed + 4, 3) - 0.5) * 0.28
    low = smooth(70, 205, canvas.y)
    tone = np.clip(light * 0.62 + 0.34 - 0.16 * low, 0, 1)
    steps = blur((np.floor(tone * 5) / 5 + 0.1).astype(np.float32), 0.5 * canvas.scale)
    tone = 0.4 * tone + 0.6 * steps
    colour = ramp(
        tone, (0, "#7ba6d6"), (0.3, "#a9c6e8"), (0.5, "#d5e0f2"), (0.66, "#fff3e4"), (1, "#ffffff")
    )
    fade = ramp(low, (0, "#ffffff"), (1, "#bfe0ee"))
    canvas.fill(body, colour * (1 - 0.5 * low[..., None]) + fade * 0.5 * low[..., None])


def _tower(
    rng: np.random.Generator, x: float, base: float, top: float, wide: float
) -> list[tuple[float, float, float]]:
    puffs = []
    for _ in range(110):
        t = rng.uniform(0, 1)
        y = base + (top - base) * t
        half = wide * (1 - t) ** 0.6 * (1 + 0.22 * np.sin(t * 8 + x))
        r = rng.uniform(0.1, 0.26) * wide * (1.15 - 0.5 * t)
        puffs.append((x + rng.uniform(-1, 1) * half, y + r * 0.5, r))
    return puffs


def _trees(canvas: Canvas) -> None:
    for base, tall, colour, low, cell in (
        (196, 20, "#7fb4c4", "#b4d8d4", 110),
        (204, 15, "#3f8585", "#7fbb9a", 60),
    ):
        ridge = base - tall * canvas.cloud(cell, int(cell), 3)[7]
        leaf = canvas.cloud(5, 3, 3)
        mask = smooth(-0.6, 0.6, canvas.y - ridge[None, :] - (leaf - 0.5) * 8)
        canvas.fill(mask, ramp(canvas.y, (base - tall, colour), (base + 8, low)))
        canvas.screen(mask * smooth(0.5, 0.7, leaf), "#bfe0a0", 0.25)


def _meadow(canvas: Canvas) -> Array:
    top = 203 + 20 * ((canvas.x - 176) / 160) ** 2 - 3 * np.sin(canvas.x / 37)
    mask = smooth(-0.5, 0.5, canvas.y - top)
    canvas.fill(mask, ramp(canvas.y - top, (0, "#a8d35c"), (14, "#69b04a"), (42, "#2f7d46")))
    rng = np.random.default_rng(21)
    data = (np.clip(canvas.rgb, 0, 1) * 255).astype(np.uint8)
    sheet = Image.fromarray(data)
    pen = ImageDraw.Draw(sheet)
    greens = ["#c8e46e", "#8fcb55", "#5aa84b", "#3a8d4a", "#e6f08a", "#2c7848"]
    for depth in np.sort(rng.uniform(0, 1, 2600)):
        x = rng.uniform(-5, 325)
        y = 203 + 20 * ((x - 176) / 160) ** 2 - 3 * np.sin(x / 37) + depth * 44
        pick = int(np.clip(rng.normal(1 + depth * 3, 1.2), 0, 5))
        shade = tuple(int(v * 255) for v in ink(greens[pick]))
        high, lean = (2.2 + 5 * depth) * rng.uniform(0.6, 1.2), rng.normal(1.6, 0.9) * (0.6 + depth)
        s = canvas.scale
        pen.line(
            [(x * s, y * s), ((x + lean) * s, (y - high) * s)], fill=shade, width=2 + int(3 * depth)
        )
    for _ in range(70):
        x, depth = rng.uniform(0, 320), rng.uniform(0.1, 1)
        y = 203 + 20 * ((x - 176) / 160) ** 2 + depth * 38
        r = (0.5 + 0.9 * depth) * canvas.scale
        shade = [(255, 255, 255), (255, 240, 190), (255, 158, 140)][int(rng.integers(3))]
        at = (x * canvas.scale, y * canvas.scale)
        pen.ellipse((at[0] - r, at[1] - r, at[0] + r, at[1] + r), fill=shade)
    canvas.rgb = np.asarray(sheet, np.float32) / 255
    return mask


def _fox(canvas: Canvas) -> None:
    ground = canvas.soft(canvas.oval(186, 208, 62, 5), 2)
    canvas.multiply(ground, "#2f6d5a", 0.7)
    for name in ("tail", "body", "haunch", "head"):
        mask = FOX.mask(canvas, name)
        canvas.fill(canvas.soft(mask, 0.3), ramp(canvas.y, (84, "#f19048"), (205, "#d8662f")))
        if name == "tail":
            canvas.fill(FOX.mask(canvas, "tail_tip"), "#fff4e2")
        if name == "body":
            canvas.fill(FOX.mask(canvas, "bib"), "#fff4e2")
            canvas.fill(FOX.mask(canvas, "left_sock", "right_sock"), "#5d3a35")
        if name == "head":
            canvas.fill(FOX.mask(canvas, "mask"), "#fff8ea")
            canvas.fill(FOX.mask(canvas, "left_ear", "right_ear"), "#a85546")
            canvas.fill(FOX.mask(canvas, "left_tip", "right_tip"), "#5d3a35")
        soft = canvas.soft(mask, 0.6)
        canvas.multiply(mask * np.clip(soft - shifted(soft, canvas, -6, -7), 0, 1), "#8a78b8", 0.8)
        canvas.screen(rim(mask, canvas, -1.6, -2.0, 0.5), "#ffe9b0", 0.75)
    head = canvas.soft(FOX.mask(canvas, "head"), 0.8)
    drop = shifted(head, canvas, 3, 8) * FOX.mask(canvas, "body")
    canvas.multiply(drop * (1 - FOX.mask(canvas, "head")), "#8f74a8", 0.85)
    for x in (27, 58):
        cx, cy = FOX.at(x, 45)
        canvas.fill(canvas.oval(cx, cy, 3.0, 3.7), "#33211f")
        canvas.fill(canvas.oval(cx - 0.9, cy - 1.4, 1.0), "#ffffff")
    canvas.fill(FOX.mask(canvas, "nose"), "#3a2422")
    mouth = curve(FOX.put([(33, 71), (36.5, 73), (40, 70), (44, 73), (48, 71)]))
    canvas.fill(canvas.stroke(mouth, 0.9), "#6d4238")


def draw() -> Image.Image:
    """Draw the fox on a painted summer background."""
    canvas = Canvas(320, 240, 4)
    rng = np.random.default_rng(17)
    _sky(canvas)
    _cumulus(canvas, _tower(rng, 318, 205, 110, 52), 60)
    _cumulus(canvas, _tower(rng, 190, 212, 14, 118), 40)
    _cumulus(canvas, _tower(rng, 14, 212, 140, 70), 50)
    _trees(canvas)
    _meadow(canvas)
    _fox(canvas)
    rng = np.random.default_rng(3)
    blades = np.zeros(canvas.shape, np.float32)
    for _ in range(70):
        x = rng.uniform(128, 250)
        y = 206 + rng.uniform(0, 5)
        blades = canvas.stroke(
            [(x, y), (x + rng.normal(1.8, 1), y - rng.uniform(3, 7))], lambda t: 1.3 - t, blades
        )
    canvas.fill(blades, ramp(canvas.y, (198, "#d4ea7c"), (212, "#5aa84b")))
    paper = canvas.cloud(1.6, 88, 2)[..., None] - 0.5
    pools = canvas.soft(canvas.cloud(22, 89, 4), 0.5)[..., None] - 0.5
    canvas.rgb = canvas.rgb * (1 + paper * 0.09 + pools * 0.12)
    return canvas.finish()
