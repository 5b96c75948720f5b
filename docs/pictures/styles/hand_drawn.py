"""The hand-drawn manner: coloured pencil on toothed paper, lines gone over twice, open hatching."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from figure import Figure
from paint import Array, Canvas, Points, curve, smooth
from PIL import Image, ImageDraw

FOX = Figure(1.22, 86, 50)
GRAPHITE = "#3b3a40"


class Sheet:
    """A page with a tooth: pencil catches on its hills and misses its hollows."""

    def __init__(self, canvas: Canvas, seed: int) -> None:
        self.canvas = canvas
        self.rng = np.random.default_rng(seed)
        fine = canvas.cloud(1.1, 7, 2) * 0.65 + canvas.cloud(2.6, 8, 2) * 0.35
        self.tooth: Array = fine

    def rub(self, mark: Array, colour: str, press: float) -> None:
        """Lay pencil where the mark is, as hard as press says (0 to 1)."""
        reach = 0.62 - 0.42 * press
        caught = smooth(reach - 0.09, reach + 0.09, self.tooth)
        self.canvas.multiply(mark * caught, colour, 0.35 + 0.62 * press)

    def line(self, points: Points, colour: str, width: float = 1.5, press: float = 0.8) -> None:
        """Draw a line the way a hand does: twice, never quite in the same place."""
        path = np.array([p[:2] for p in points], float)
        for again in range(2):
            wobble = self._wobble(len(path), 0.65 + 0.35 * again)
            mark = self.canvas.stroke(path + wobble, self._pressure(width * (1 - 0.35 * again)))
            self.rub(mark, colour, press * (1 - 0.25 * again))

    def _pressure(self, width: float):  # type: ignore[no-untyped-def]
        beat, start = self.rng.uniform(8, 16), self.rng.uniform(0, 6)
        return lambda t: width * (0.78 + 0.3 * np.sin(t * beat + start))

    def _wobble(self, count: int, size: float) -> npt.NDArray[np.float64]:
        knots = max(3, count // 12)
        places = np.linspace(0, 1, knots)
        along = np.linspace(0, 1, count)
        return np.stack(
            [np.interp(along, places, self.rng.normal(0, size, knots)) for _ in range(2)], axis=1
        )

    def hatch(
        self,
        mask: Array,
        colour: str,
        angle: float,
        gap: float = 2.2,
        width: float = 1.5,
        press: float = 0.6,
    ) -> None:
        """Shade an area with near-parallel strokes that overrun its edge a little."""
        canvas = self.canvas
        sheet = Image.new("L", (canvas.shape[1], canvas.shape[0]))
        pen = ImageDraw.Draw(sheet)
        way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        side = np.array([-way[1], way[0]])
        middle = np.array([canvas.width, canvas.height]) / 2
        offset = -220.0
        while offset < 220:
            offset += gap * self.rng.uniform(0.6, 1.4)
            start = -220 + self.rng.uniform(0, 30)
            while start < 220:
                long = self.rng.uniform(26, 60)
                a = middle + side * offset + way * start
                b = a + way * long + side * self.rng.normal(0, 1.3)
                bow = (a + b) / 2 + side * self.rng.normal(0, 0.8)
                points = [tuple(p * canvas.scale) for p in (a, bow, b)]
                wide = max(1, int(width * canvas.scale * self.rng.uniform(0.7, 1.2)))
                pen.line(points, fill=int(self.rng.uniform(190, 255)), width=wide)
                start += long * self.rng.uniform(0.75, 0.98)
        edge = smooth(
            0.35, 0.65, canvas.soft(mask, 0.8) + (canvas.cloud(5, int(angle) % 97, 2) - 0.5) * 0.5
        )
        mark = canvas.soft(np.asarray(sheet, np.float32) / 255, 0.3)
        # Beneath the strokes lies a thin even layer, as when the side of the lead is used first.
        self.rub(np.maximum(mark, 0.34) * edge, colour, press)


def _background(sheet: Sheet) -> None:
    canvas = sheet.canvas
    fox = FOX.whole(canvas)
    moon = canvas.oval(122, 92, 70)
    ridge_far = canvas.area(
        [
            *curve(
                [(-5, 176), (40, 148), (84, 172), (150, 186), (226, 168), (272, 140), (330, 170)]
            ).tolist(),
            (330, 260),
            (-5, 260),
        ]
    )
    near = canvas.area(
        [
            *curve([(-5, 212), (80, 203), (170, 205), (250, 202), (330, 210)]).tolist(),
            (330, 260),
            (-5, 260),
        ]
    )
    page = canvas.area([(12, 12), (308, 10), (310, 228), (10, 230)])
    sky = page * (1 - moon) * (1 - ridge_far) * (1 - near) * (1 - fox)
    sheet.hatch(sky, "#5b93d6", 28, 2.2, 2.3, 0.6)
    sheet.hatch(sky * smooth(130, 10, canvas.y), "#3f63b0", 40, 2.6, 2.2, 0.5)
    sheet.hatch(page * moon * (1 - fox) * (1 - ridge_far), "#ffd24a", 60, 1.8, 2.3, 0.75)
    rest = (
        page * moon * (1 - fox) * (1 - ridge_far) * smooth(60, 160, canvas.x + 0.6 * canvas.y - 60)
    )
    sheet.hatch(rest, "#eba03c", 52, 3.2, 1.6, 0.4)
    sheet.hatch(page * ridge_far * (1 - near) * (1 - fox), "#8f7cc8", -32, 2.1, 2.3, 0.68)
    sheet.hatch(page * near * (1 - fox), "#72b84c", 78, 2.0, 2.2, 0.75)
    sheet.hatch(page * near * smooth(206, 226, canvas.y) * (1 - fox), "#3f7d4c", 70, 3.0, 1.6, 0.5)
    t = np.linspace(0.0, 2 * np.pi, 150)
    ring = np.stack([122 + 70 * np.cos(t - 0.5), 92 + 70 * np.sin(t - 0.5)], axis=1)
    shown = [p for p in ring if fox[int(min(p[1], 239) * 4), int(p[0] * 4)] < 0.5 and p[1] < 158]
    breaks = [0, *(i for i in range(1, len(shown)) if np.hypot(*(shown[i] - shown[i - 1])) > 8)]
    for a, b in zip(breaks, [*breaks[1:], len(shown)], strict=True):
        if b - a > 3:
            sheet.line(shown[a:b], GRAPHITE, 1.2, 0.6)
    for x, y, r in ((250, 44, 6), (276, 84, 4.4), (226, 78, 3.6), (40, 40, 4.6)):
        star = []
        for i in range(11):
            a = -np.pi / 2 + i * np.pi / 5
            star.append(
                (x + np.cos(a) * r * (1, 0.45)[i % 2], y + np.sin(a) * r * (1, 0.45)[i % 2])
            )
        canvas.fill(canvas.area(star), "#f7f1e4", 0.9)
        sheet.hatch(canvas.area(star), "#f0b93a", 45, 1.2, 1.8, 0.8)
        sheet.line(star, GRAPHITE, 0.8, 0.6)


def _fox(sheet: Sheet) -> None:
    canvas = sheet.canvas
    white = FOX.mask(canvas, "mask", "bib", "tail_tip")
    dark = FOX.mask(canvas, "left_sock", "right_sock", "left_tip", "right_tip")
    head, body = FOX.mask(canvas, "head"), FOX.mask(canvas, "body", "haunch")
    tail = FOX.mask(canvas, "tail") * (1 - body)
    bare = (1 - white) * (1 - dark)
    for part, angle in ((tail, -40), (body * (1 - head), 65), (head, 100)):
        sheet.hatch(part * bare, "#ff9238", angle, 1.5, 2.4, 0.9)
        sheet.hatch(part * bare, "#ec6a1c", angle + 24, 2.4, 1.8, 0.7)
    lower = np.clip(body * (1 - head) - np.roll(body, (-36, -40), (0, 1)), 0, 1)
    for part in (
        lower,
        tail * smooth(180, 215, canvas.y),
        head * smooth(195, 215, canvas.x - 0.3 * (canvas.y - 90)),
    ):
        sheet.hatch(part * bare, "#a8431f", 20, 2.0, 1.6, 0.7)
    drop = body * np.roll(head, (40, 10), (0, 1)) * (1 - head)
    sheet.hatch(drop * bare, "#8f3a22", 10, 1.8, 1.5, 0.7)
    sheet.hatch(drop * white, "#8d86a8", 10, 2.2, 1.3, 0.5)
    chin = FOX.mask(canvas, "mask") * smooth(135, 150, canvas.y)
    sheet.hatch(chin, "#8d86a8", -20, 2.6, 1.2, 0.45)
    sheet.hatch(dark, "#4a3834", 70, 1.2, 1.9, 0.85)
    sheet.hatch(FOX.mask(canvas, "left_ear", "right_ear"), "#b8595a", 80, 1.6, 1.6, 0.7)
    for name in ("tail", "body", "haunch"):
        path = FOX.line(name)
        over = head if name != "tail" else np.maximum(head, body)
        _visible(sheet, path, over if name != "haunch" else head)
    sheet.line(FOX.line("head"), GRAPHITE, 1.7, 0.9)
    for points in (
        [(37, 63), (30, 57), (21, 52), (11, 53)], [(44, 63), (52, 56), (62, 51), (76, 51)],
        [(27, 94), (32, 88), (35, 101), (39, 94), (43, 106), (47, 94), (52, 100), (56, 86)],
        [(127, 94), (130, 102), (135, 98), (140, 106), (143, 99), (148, 104)],
        [(46, 112), (47, 126), (46, 139)],
    ):  # fmt: skip
        sheet.line(curve(FOX.put(points)), GRAPHITE, 1.0, 0.6)
    _face(sheet)


def _visible(sheet: Sheet, path: npt.NDArray[np.float64], over: Array) -> None:
    """Draw the stretches of an outline that nothing lies over."""
    seen = []
    for p in path:
        row, column = int(min(p[1], 239) * 4), int(min(p[0], 319) * 4)
        seen.append(over[row, column] < 0.5)
    run: list[npt.NDArray[np.float64]] = []
    for p, clear in zip([*path, path[-1]], [*seen, False], strict=True):
        if clear:
            run.append(p)
        else:
            if len(run) > 6:
                sheet.line(run, GRAPHITE, 1.7, 0.88)
            run = []


def _face(sheet: Sheet) -> None:
    canvas = sheet.canvas
    for x in (27, 58):
        cx, cy = FOX.at(x, 45)
        eye = canvas.oval(cx, cy, 4.6, 5.4)
        canvas.fill(eye, "#4b4045", 0.35)
        sheet.hatch(eye, "#1f1c22", 30, 0.9, 2.0, 1.0)
        sheet.hatch(eye, "#1f1c22", 120, 0.9, 2.0, 1.0)
        canvas.fill(canvas.oval(cx - 1.5, cy - 1.9, 1.5), "#fbf7ee")
        lid = [FOX.at(x - 6, 42), FOX.at(x, 38.8), FOX.at(x + 6, 42)]
        sheet.line(curve(lid), GRAPHITE, 1.4, 0.9)
    nose = FOX.mask(canvas, "nose")
    canvas.fill(nose, "#4b4045", 0.35)
    for angle in (10, 80):
        sheet.hatch(nose, "#1f1c22", angle, 0.9, 2.0, 1.0)
    mouth = curve(FOX.put([(32, 71), (36, 74), (40, 70), (44.5, 74), (50, 71)]))
    sheet.line(mouth, GRAPHITE, 1.2, 0.85)
    sheet.line(FOX.put([(40, 69), (40, 71)]), GRAPHITE, 1.1, 0.8)
    for x, y, out in ((20, 64, -1), (22, 68, -1), (62, 64, 1), (60, 68, 1)):
        sheet.line(FOX.put([(x, y), (x + 12 * out, y - 1.5)]), GRAPHITE, 0.6, 0.5)


def draw() -> Image.Image:
    """Draw the fox in coloured pencil."""
    canvas = Canvas(320, 240, 4, "#f8f3e8")
    sheet = Sheet(canvas, 19)
    _background(sheet)
    _fox(sheet)
    canvas.rgb = canvas.rgb + (sheet.tooth[..., None] - 0.5) * 0.07
    return canvas.finish()
