"""The realistic manner: a fox with real fur under a long lens, the moon far behind it."""

from __future__ import annotations

import numpy as np
from creature import TAIL, Build, Fox
from march import Camera, closeness, normals, shadow, unit, walk
from paint import Array, Canvas, blur, ink, ramp, smooth
from PIL import Image, ImageDraw

WIDE, HIGH, COARSE = 320, 240, 2
FOX = Fox(
    Build(
        head=0.9, eye=0.052, eye_apart=0.15, muzzle=0.56, ear=1.02, slim=0.94, yaw=-0.3, tilt=0.05
    ),
    head_at=(-0.12, 1.2, 0.22),
)
CAMERA = Camera(eye=(-0.25, 1.05, 6.6), target=(0.14, 0.86, 0.0), lens=5.6)
KEY = unit(np.array([[-0.8, 0.55, 0.55]], np.float32))
BACK = unit(np.array([[0.75, 0.5, -0.7]], np.float32))


def _groom(p: Array, n: Array) -> tuple[Array, Array]:
    """Return which way the hair lies at each point, and how long it is."""
    q = FOX.in_head(p)
    on_head = smooth(0.04, -0.02, FOX.head(p) - FOX.body(p))
    on_tail = smooth(0.03, -0.03, FOX.tail(p) - FOX.body(p)) * (p[:, 0] > 0.4)
    nose = np.array(FOX.from_head((0, -0.02, 0.75)), np.float32)
    face = unit(p - nose)
    spine = np.array([at for at, _ in TAIL], np.float32)
    nearest = ((p[:, None] - spine) ** 2).sum(axis=-1).argmin(axis=1)
    nearest = np.clip(nearest, 0, len(TAIL) - 2)
    brush = unit(spine[nearest + 1] - spine[nearest])
    down = np.broadcast_to(np.array([0.12, -1.0, -0.12], np.float32), p.shape)
    way = down * (1 - on_head - on_tail)[:, None]
    way = way + face * on_head[:, None] + brush * on_tail[:, None]
    way = unit(way - n * np.einsum("ij,ij->i", way, n)[:, None])
    x, y = np.abs(q[:, 0]), q[:, 1]
    cheek = smooth(0.14, 0.36, x) * smooth(0.12, -0.1, y)
    long = 0.05 + 0.1 * cheek - 0.028 * smooth(0.18, 0.4, q[:, 2]) + 0.02 * smooth(0.3, 0.2, y)
    bib = smooth(0.34, 0.2, np.hypot(p[:, 0] + 0.09, (p[:, 1] - 0.72) * 0.7))
    trunk = 0.1 * smooth(0.0, 0.5, p[:, 1]) + 0.028 + 0.07 * bib
    out = long * on_head + 0.21 * on_tail + trunk * np.clip(1 - on_head - on_tail, 0, 1)
    return way, out.astype(np.float32)


def _shine(p: Array, n: Array, way: Array) -> Array:
    lit = np.clip((n @ KEY[0] + 0.25) / 1.25, 0, 1)
    lit *= 0.15 + 0.85 * shadow(FOX.field, p + n * 0.03, KEY, 5.0)
    open_ = closeness(FOX.field, p, n)
    edge = np.clip(1 + np.einsum("ij,ij->i", n, way), 0, 1)
    back = np.clip(n @ BACK[0] + 0.15, 0, 1) * edge**1.1
    return (
        lit[:, None] * np.array([2.1, 1.62, 1.12])
        + (open_ * (0.6 + 0.4 * n[:, 1]))[:, None] * np.array([0.46, 0.52, 0.72])
        + back[:, None] * np.array([2.1, 1.7, 1.5])
    ).astype(np.float32)


def _tone(light: Array) -> Array:
    return (np.clip(light / (0.55 + light) * 1.22, 0, 1) ** (1 / 2.2)).astype(np.float32)


def _sky(canvas: Canvas) -> None:
    t = canvas.y / canvas.height
    canvas.rgb = ramp(
        t, (0, "#46587f"), (0.3, "#75789c"), (0.55, "#b58f9d"), (0.78, "#dfae95"), (1, "#e2b18c")
    )
    disc = canvas.soft(canvas.oval(122, 84, 88), 1.1)
    seas = canvas.cloud(46, 31, 5)
    seas = smooth(0.44, 0.62, canvas.soft(seas, 1.2))
    craters = canvas.soft(canvas.cloud(9, 32, 3), 0.8)
    face = ramp(seas * 0.75 + craters * 0.25, (0, "#fff1d6"), (0.5, "#eed3ae"), (1, "#c6a58c"))
    canvas.screen(canvas.glow(122, 84, 100, 4), "#f0c9a0", 0.25)
    low = smooth(20, 190, canvas.y)
    canvas.fill(disc, face, 0.96)
    canvas.fill(disc * low, "#d9a08c", 0.5)
    for at, tall, colour, seed in ((182, 20, "#8d6f83", 3), (200, 15, "#5d4a5b", 9)):
        ridge = at - tall * canvas.cloud(110, seed, 3)[0] + 9 * np.sin(canvas.x[0] / 60 + seed)
        mask = canvas.soft(smooth(-1, 1, canvas.y - ridge[None, :]), 3.2)
        canvas.fill(mask, colour)
    rng = np.random.default_rng(5)
    for _ in range(36):
        x, y, r = rng.uniform(0, 320), rng.uniform(188, 222), rng.uniform(2.5, 6)
        disc = canvas.soft(canvas.oval(x, y, r), 0.5)
        canvas.screen(disc, "#ffb765", rng.uniform(0.05, 0.3))


def _blades(
    canvas: Canvas, seed: int, count: int, low: tuple[float, float], tall: float, shades: list[str]
) -> Array:
    rng = np.random.default_rng(seed)
    sheet = Image.new("RGBA", (canvas.shape[1], canvas.shape[0]))
    pen = ImageDraw.Draw(sheet)
    roots = np.sort(rng.uniform(*low, count))
    for root in roots:
        x = rng.uniform(-10, 330)
        high = tall * rng.uniform(0.45, 1.1)
        lean = rng.normal(0.22, 0.32) * high
        shade = ink(shades[rng.integers(len(shades))]) * rng.uniform(0.7, 1.15)
        fill = tuple(int(v * 255) for v in np.clip(shade, 0, 1))
        last = (x, root)
        for i in range(1, 7):
            t = i / 6
            here = (x + lean * t * t, root - high * t)
            a = (last[0] * canvas.scale, last[1] * canvas.scale)
            b = (here[0] * canvas.scale, here[1] * canvas.scale)
            pen.line([a, b], fill=fill, width=max(1, int(canvas.scale * (1.25 - t))))
            last = here
    return np.asarray(sheet, np.float32) / 255


def _lay(canvas: Canvas, sheet: Array, soft: float) -> None:
    cover = sheet[..., 3:]
    colour = blur(sheet[..., :3] * cover, soft * canvas.scale)
    cover = blur(cover, soft * canvas.scale)
    canvas.rgb = canvas.rgb * (1 - cover) + colour


def _fur(canvas: Canvas) -> Array:
    """Return the fox as a see-through sheet: an undercoat and tens of thousands of hairs."""
    wide, high = WIDE * COARSE, HIGH * COARSE
    way = CAMERA.rays(wide, high).reshape(-1, 3)
    start = np.broadcast_to(np.array(CAMERA.eye, np.float32), way.shape)
    far = walk(FOX.field, start, way, 9.0, near=5.0)
    hit = np.flatnonzero(np.isfinite(far))
    p = start[hit] + way[hit] * far[hit, None]
    n = normals(FOX.field, p)
    coat = FOX.coat(p, "#b9632b", "#e9dccb", "#2a1d1b", "#8d6d60").astype(np.float32) ** 2.2
    light = _shine(p, n, way[hit])
    under = np.zeros((wide * high, 4), np.float32)
    under[hit, :3] = _tone(coat * light * 0.42)
    under[hit, 3] = 1
    sheet = Image.fromarray((np.clip(under, 0, 1) * 255).astype(np.uint8).reshape(high, wide, 4))
    sheet = sheet.resize((canvas.shape[1], canvas.shape[0]), Image.Resampling.BILINEAR)
    _comb(sheet, p, n, coat * light, far[hit])
    _eyes(sheet, canvas.scale)
    return np.asarray(sheet, np.float32) / 255


def _comb(sheet: Image.Image, p: Array, n: Array, light: Array, far: Array) -> None:
    rng = np.random.default_rng(11)
    picked = rng.integers(0, len(p), 95000)
    eyes, nose = FOX.features(p[picked])
    picked = picked[(np.minimum(eyes, nose) > 0.012)]
    picked = picked[np.argsort(-far[picked] + rng.normal(0, 0.02, len(picked)))]
    root, face = p[picked], n[picked]
    lie, long = _groom(root, face)
    jitter = rng.normal(0, 0.17, root.shape).astype(np.float32)
    long = long * rng.uniform(0.55, 1.15, len(long)).astype(np.float32)
    lift = face * 0.38
    middle = root + unit(lie + lift + jitter) * long[:, None] * 0.5
    tip = middle + unit(lie + lift * 0.4 + jitter) * long[:, None] * 0.5
    tip[:, 1] -= long * 0.08
    flat = [CAMERA.project(at, sheet.width, sheet.height) for at in (root, middle, tip)]
    vary = rng.lognormal(0, 0.26, (len(root), 1)).astype(np.float32)
    low = (_tone(light[picked] * vary * 0.72) * 255).astype(np.uint8)
    top = (_tone(light[picked] * vary * 1.25) * 255).astype(np.uint8)
    pen = ImageDraw.Draw(sheet)
    for a, b, c, dark, pale in zip(*flat, low, top, strict=True):
        pen.line([(a[0], a[1]), (b[0], b[1])], fill=(*map(int, dark), 255), width=2)
        pen.line([(b[0], b[1]), (c[0], c[1])], fill=(*map(int, pale), 255), width=1)


def _eyes(sheet: Image.Image, scale: int) -> None:
    pen = ImageDraw.Draw(sheet)
    size = scale * HIGH / 2 * CAMERA.lens / 6.4 * FOX.build.head
    for side in (-1, 1):
        at = np.array([FOX.from_head((side * FOX.build.eye_apart, 0.033, 0.31))], np.float32)
        x, y = CAMERA.project(at, sheet.width, sheet.height)[0]
        r = FOX.build.eye * size
        for rx, ry, dx, dy, fill in (
            (1.15, 0.86, 0, 0, "#17100e"),
            (0.86, 0.68, 0, 0, "#9a5a17"),
            (0.7, 0.5, 0.05, 0.12, "#d8922e"),
            (0.28, 0.6, 0.05, 0, "#120c0a"),
            (0.17, 0.17, -0.28, -0.3, "#fff6e6"),
        ):
            box = (x + (dx - rx) * r, y + (dy - ry) * r, x + (dx + rx) * r, y + (dy + ry) * r)
            pen.ellipse(box, fill=fill)
    tip = np.array([FOX.from_head((0, -0.1, FOX.build.muzzle + 0.08))], np.float32)
    x, y = CAMERA.project(tip, sheet.width, sheet.height)[0]
    r = 0.066 * size
    pen.ellipse((x - r, y - r * 0.75, x + r, y + r * 0.75), fill="#1b1514")
    pen.ellipse((x - r * 0.55, y - r * 0.6, x + r * 0.2, y - r * 0.2), fill="#6b6265")


def draw() -> Image.Image:
    """Draw the fox as a photograph."""
    canvas = Canvas(WIDE, HIGH, 4)
    _sky(canvas)
    straw = ["#8a6a3c", "#a98045", "#6b5537", "#c39a5a", "#54482f"]
    ground = smooth(205, 226, canvas.y + 4 * np.sin(canvas.x / 40))
    canvas.fill(ground, "#4a3a2a")
    _lay(canvas, _blades(canvas, 1, 900, (206, 226), 20, straw), 1.1)
    fox = _fur(canvas)
    _lay(canvas, fox, 0.1)
    _lay(canvas, _blades(canvas, 2, 900, (222, 246), 22, straw), 0.25)
    _lay(canvas, _blades(canvas, 3, 90, (246, 268), 44, ["#5a4529", "#3e3121", "#7d5f36"]), 2.4)
    canvas.screen(smooth(320, 120, canvas.x) * smooth(60, 240, canvas.y), "#ffb070", 0.10)
    canvas.vignette(0.5, "#150d14")
    canvas.grain(0.09, 77, 0.7)
    return canvas.finish()
