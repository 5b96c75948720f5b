"""Look at a rendered clip with other eyes than the ones that made it."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]


@dataclass(frozen=True)
class Clip:
    frames: list[av.VideoFrame]
    codec: str
    rate: float
    tags: tuple[int, int, int, int]
    pixels: str
    has_sound: bool

    @property
    def size(self) -> tuple[int, int]:
        return self.frames[0].width, self.frames[0].height


def look(path: Path) -> Clip:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        frames = list(container.decode(stream))
        assert stream.average_rate is not None
        return Clip(
            frames=frames,
            codec=context.codec.canonical_name,
            rate=float(stream.average_rate),
            tags=(
                context.color_primaries,
                context.color_trc,
                context.colorspace,
                context.color_range,
            ),
            pixels=str(context.pix_fmt),
            has_sound=bool(container.streams.audio),
        )


def planes(frame: av.VideoFrame) -> tuple[Plane, Plane, Plane]:
    width, height = frame.width, frame.height
    flat = frame.to_ndarray(format="yuv420p").reshape(-1).astype(np.float64)
    whole, quarter = width * height, width * height // 4
    luma = flat[:whole].reshape(height, width)
    blue = flat[whole : whole + quarter].reshape(height // 2, width // 2)
    red = flat[whole + quarter :].reshape(height // 2, width // 2)
    return luma, blue, red


def rgb(frame: av.VideoFrame) -> Plane:
    """By the book: BT.709, limited range."""
    luma, blue, red = planes(frame)
    y = (luma - 16) / 219
    pb, pr = (_doubled(plane - 128) / 224 for plane in (blue, red))
    r, b = y + 1.5748 * pr, y + 1.8556 * pb
    g = (y - 0.2126 * r - 0.0722 * b) / 0.7152
    return np.stack([r, g, b], axis=-1).clip(0, 1) * 255


def _doubled(plane: Plane) -> Plane:
    size = (plane.shape[1] * 2, plane.shape[0] * 2)
    image = Image.fromarray(plane.astype(np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float64)


def shifts(frames: list[av.VideoFrame]) -> NDArray[np.float64]:
    """How far the middle of the picture moves from frame to frame, in fractions of a pixel."""
    middles = [_middle(planes(frame)[0]) for frame in frames]
    return np.array([_shift(a, b) for a, b in itertools.pairwise(middles)])


def _middle(luma: Plane) -> Plane:
    height, width = luma.shape
    part = luma[height * 3 // 8 : height * 5 // 8, width * 3 // 8 : width * 5 // 8]
    return np.asarray(part - part.mean(), np.float64)


def _shift(before: Plane, after: Plane) -> NDArray[np.float64]:
    """Lucas and Kanade, repeated until the second picture lies on the first."""
    window = np.outer(np.hanning(before.shape[0]), np.hanning(before.shape[1]))
    down, right = np.gradient(before)
    normal = [[(window * a * b).sum() for b in (right, down)] for a in (right, down)]
    found = np.zeros(2)
    for _ in range(4):
        change = _moved(after, found) - before
        found -= np.linalg.solve(normal, [(window * a * change).sum() for a in (right, down)])
    return found


def _moved(plane: Plane, by: NDArray[np.float64]) -> Plane:
    y = np.fft.fftfreq(plane.shape[0])[:, None]
    x = np.fft.fftfreq(plane.shape[1])[None, :]
    turn = np.exp(2j * np.pi * (x * by[0] + y * by[1]))
    return np.fft.ifft2(np.fft.fft2(plane) * turn).real.astype(np.float64)


def jitter(frames: list[av.VideoFrame]) -> float:
    """Root mean square distance, in pixels, of the motion from a smooth curve."""
    moved = shifts(frames)
    time = np.arange(len(moved))
    rest = [moved[:, i] - np.polyval(np.polyfit(time, moved[:, i], 5), time) for i in (0, 1)]
    return float(np.sqrt((np.stack(rest) ** 2).sum(axis=0).mean()))
