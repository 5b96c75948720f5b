"""A small painter's box: masks, curves, gradients, noise and blur on one float canvas.

Everything is said in the finished picture's own units (320 by 240, say); the canvas is several
times larger and is brought down at the end, which is what makes every edge smooth.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Array: TypeAlias = npt.NDArray[np.float32]
Points: TypeAlias = Sequence[Sequence[float]] | npt.NDArray[np.float64]
Ink: TypeAlias = "str | Array"


def ink(colour: Ink) -> Array:
    """Return a colour written as #rrggbb as three floats; an array is given back as it is."""
    if isinstance(colour, str):
        return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)
    return colour


def _to_lab(rgb: Array) -> Array:
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    cone = light @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    return np.cbrt(cone).astype(np.float32)


def _from_lab(lab: Array) -> Array:
    light = (lab**3) @ np.array(
        [
            [4.0767416621, -1.2684380046, -0.0041960863],
            [-3.3077115913, 2.6097574011, -0.7034186147],
            [0.2309699292, -0.3413193965, 1.7076147010],
        ]
    )
    light = np.clip(light, 0, 1)
    rgb = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return rgb.astype(np.float32)


def ramp(t: Array, *stops: tuple[float, str]) -> Array:
    """Colour a field of numbers by stops, mixed as the eye mixes (no grey in the middle)."""
    places = np.array([at for at, _ in stops])
    labs = _to_lab(np.stack([ink(colour) for _, colour in stops]))
    steps = np.linspace(places[0], places[-1], 512)
    table = np.stack([np.interp(steps, places, labs[:, i]) for i in range(3)], axis=-1)
    table = _from_lab(table.astype(np.float32))
    span = places[-1] - places[0]
    index = np.clip((t - places[0]) / span * 511, 0, 511)
    low = np.floor(index).astype(np.int32)
    part = (index - low)[..., None]
    return (table[low] * (1 - part) + table[np.minimum(low + 1, 511)] * part).astype(np.float32)


def smooth(low: float, high: float, value: Array) -> Array:
    """Rise softly from 0 at low to 1 at high (either may be the larger)."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def curve(points: Points, closed: bool = False, steps: int = 14) -> npt.NDArray[np.float64]:
    """Run a smooth line through points; a point given twice in a row is a sharp corner."""
    given = [np.array(p[:2], float) for p in points]
    if closed:
        given = [*given, given[0]]
    runs: list[list[npt.NDArray[np.float64]]] = [[given[0]]]
    for before, here in itertools.pairwise(given):
        if np.allclose(before, here):
            runs.append([here])
        else:
            runs[-1].append(here)
    runs = [run for run in runs if len(run) > 1]
    whole = closed and len(runs) == 1
    return np.concatenate([_through(run, whole, steps) for run in runs])


def _through(
    run: list[npt.NDArray[np.float64]], whole: bool, steps: int
) -> npt.NDArray[np.float64]:
    if whole:
        padded = [run[-2], *run, run[1]]
    else:
        padded = [2 * run[0] - run[1], *run, 2 * run[-1] - run[-2]]
    out = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        gaps = [max(float(np.hypot(*(q - p))), 1e-6) ** 0.5 for p, q in ((a, b), (b, c), (c, d))]
        out.append(_piece((a, b, c, d), gaps, steps))
    return np.concatenate([*out, [run[-1]]])


def _piece(
    four: tuple[npt.NDArray[np.float64], ...], gaps: list[float], steps: int
) -> npt.NDArray[np.float64]:
    a, b, c, d = four
    one, two, three = gaps
    into = (c - b) + two * ((b - a) / one - (c - a) / (one + two))
    away = (c - b) + two * ((d - c) / three - (d - b) / (two + three))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    return (
        (2 * t**3 - 3 * t**2 + 1) * b
        + (t**3 - 2 * t**2 + t) * into
        + (-2 * t**3 + 3 * t**2) * c
        + (t**3 - t**2) * away
    )


def place(
    points: Points,
    scale: float,
    x: float,
    y: float,
    turn: float = 0.0,
    flip: bool = False,
) -> npt.NDArray[np.float64]:
    """Set a drawing made in its own units into the picture: turned (degrees), sized, moved."""
    p = np.array([q[:2] for q in points], float)
    if flip:
        p[:, 0] *= -1
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return p @ np.array([[c, s], [-s, c]]) * scale + (x, y)


def blur(field: Array, radius: float) -> Array:
    """Soften by a bell of this radius in canvas pixels (three box passes a side)."""
    size = max(1, int(radius * 1.0)) * 2 + 1
    if size < 3 or radius <= 0.3:
        return field
    for axis in (0, 1):
        for _ in range(3):
            half = size // 2
            pads = [(0, 0)] * field.ndim
            pads[axis] = (half + 1, half)
            total = np.cumsum(np.pad(field, pads, mode="edge").astype(np.float64), axis=axis)
            n = field.shape[axis]
            upper = np.take(total, np.arange(size, size + n), axis=axis)
            lower = np.take(total, np.arange(0, n), axis=axis)
            field = ((upper - lower) / size).astype(np.float32)
    return field


def noise(
    shape: tuple[int, int],
    cell: float,
    rng: np.random.Generator,
    octaves: int = 4,
    stretch: float = 1.0,
) -> Array:
    """Return a cloud of numbers about 0..1; stretch above 1 draws it out sideways."""
    out = np.zeros(shape, np.float32)
    weight, total = 1.0, 0.0
    for _ in range(octaves):
        rows = max(2, int(shape[0] / cell) + 2)
        columns = max(2, int(shape[1] / cell / stretch) + 2)
        grid = Image.fromarray(rng.random((rows, columns), np.float32))
        big = grid.resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
        out += np.asarray(big) * weight
        total += weight
        weight *= 0.5
        cell = max(cell / 2, 1.0)
    return out / total


class Canvas:
    """A picture under way: `rgb` from 0 to 1, `x` and `y` the place of every pixel."""

    def __init__(self, width: int, height: int, scale: int = 4, paper: Ink = "#000000") -> None:
        self.width, self.height, self.scale = width, height, scale
        self.shape = (height * scale, width * scale)
        rows, columns = np.mgrid[0 : self.shape[0], 0 : self.shape[1]].astype(np.float32)
        self.x: Array = (columns + 0.5) / scale
        self.y: Array = (rows + 0.5) / scale
        self.rgb: Array = np.broadcast_to(ink(paper), (*self.shape, 3)).astype(np.float32)

    # ── masks ────────────────────────────────────────────────────────────────────────────────
    def area(self, *shapes: Points) -> Array:
        """Return the mask of what these closed outlines cover together."""
        sheet = Image.new("L", (self.shape[1], self.shape[0]))
        pen = ImageDraw.Draw(sheet)
        for shape in shapes:
            pen.polygon([(p[0] * self.scale, p[1] * self.scale) for p in shape], fill=255)
        return np.asarray(sheet, np.float32) / 255

    def shape_of(self, points: Points) -> Array:
        """Return the mask of one smooth closed shape through these points."""
        return self.area(curve(points, closed=True))

    def oval(self, x: float, y: float, rx: float, ry: float | None = None) -> Array:
        """Return the mask of an ellipse."""
        far = np.hypot((self.x - x) / rx, (self.y - y) / (ry or rx))
        return np.clip((1 - far) * min(rx, ry or rx) * self.scale + 0.5, 0, 1)

    def stroke(
        self, points: Points, width: float | Callable[[float], float], sheet: Array | None = None
    ) -> Array:
        """Return the mask of a brush line whose width may change from start (0) to end (1)."""
        line = np.array([p[:2] for p in points], float)
        steps = np.hypot(*np.diff(line, axis=0).T)
        along = np.concatenate([[0], np.cumsum(steps)]) / max(steps.sum(), 1e-9)
        wide = np.array([width(t) if callable(width) else width for t in along]) * self.scale
        image = Image.new("L", (self.shape[1], self.shape[0]))
        pen = ImageDraw.Draw(image)
        line = line * self.scale
        for a, b, wa, wb in zip(line, line[1:], wide, wide[1:], strict=False):
            _segment(pen, a, b, wa / 2, wb / 2)
        mask = np.asarray(image, np.float32) / 255
        return mask if sheet is None else np.maximum(sheet, mask)

    def soft(self, mask: Array, radius: float) -> Array:
        """Soften a mask by a radius in picture units."""
        return blur(mask, radius * self.scale)

    def cloud(self, cell: float, seed: int, octaves: int = 4, stretch: float = 1.0) -> Array:
        """Return noise whose largest grain is this many picture units."""
        rng = np.random.default_rng(seed)
        return noise(self.shape, cell * self.scale, rng, octaves, stretch)

    def glow(self, x: float, y: float, radius: float, power: float = 2.0) -> Array:
        """Return light falling off around a point, 1 at its heart."""
        far = np.hypot(self.x - x, self.y - y) / radius
        return (1 / (1 + far**power)).astype(np.float32) * smooth(6.0, 1.0, far)

    # ── paint ────────────────────────────────────────────────────────────────────────────────
    def fill(self, mask: Array | float, colour: Ink, opacity: float = 1.0) -> None:
        """Lay a colour (or a picture of colours) over what the mask covers."""
        part = np.clip(np.asarray(mask, np.float32) * opacity, 0, 1)[..., None]
        self.rgb = self.rgb * (1 - part) + ink(colour) * part

    def multiply(self, mask: Array | float, colour: Ink, opacity: float = 1.0) -> None:
        """Darken as a glaze does."""
        part = np.clip(np.asarray(mask, np.float32) * opacity, 0, 1)[..., None]
        self.rgb = self.rgb * (1 - part + ink(colour) * part)

    def screen(self, mask: Array | float, colour: Ink, opacity: float = 1.0) -> None:
        """Lighten as light does."""
        part = np.clip(np.asarray(mask, np.float32) * opacity, 0, 1)[..., None]
        self.rgb = 1 - (1 - self.rgb) * (1 - ink(colour) * part)

    def grain(self, amount: float, seed: int, cell: float = 1.0) -> None:
        """Add film grain, strongest in the middle tones."""
        field = self.cloud(cell, seed, 2)[..., None] - 0.5
        tone = self.rgb.mean(axis=-1, keepdims=True)
        self.rgb = self.rgb + field * amount * (0.4 + 2.4 * tone * (1 - tone))

    def vignette(self, amount: float, colour: Ink = "#000000") -> None:
        """Let the corners fall off."""
        far = np.hypot((self.x / self.width - 0.5) * 1.9, (self.y / self.height - 0.5) * 1.9)
        self.fill(smooth(0.55, 1.5, far) * amount, colour)

    def finish(self) -> Image.Image:
        """Bring the canvas down to the picture's size."""
        data = (np.clip(self.rgb, 0, 1) * 255 + 0.5).astype(np.uint8)
        return Image.fromarray(data).resize((self.width, self.height), Image.Resampling.LANCZOS)


def _segment(
    pen: ImageDraw.ImageDraw,
    a: npt.NDArray[np.float64],
    b: npt.NDArray[np.float64],
    ra: float,
    rb: float,
) -> None:
    gap = b - a
    length = float(np.hypot(*gap))
    if length > 1e-6:
        side = np.array([-gap[1], gap[0]]) / length
        corners = [a + side * ra, b + side * rb, b - side * rb, a - side * ra]
        pen.polygon([(c[0], c[1]) for c in corners], fill=255)
    for p, r in ((a, ra), (b, rb)):
        if r > 0.4:
            pen.ellipse((p[0] - r, p[1] - r, p[0] + r, p[1] + r), fill=255)
