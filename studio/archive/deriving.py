"""The deriving child: a poster and a small muted preview."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from PIL import Image, ImageStat

from studio.archive.reading import opened, pictures
from studio.lib import cage
from studio.lib.cage import Tell
from studio.lib.h264 import writer

_POSTER_SIDE, _PREVIEW_SIDE = 1280, 480
_PREVIEW_SECONDS, _PREVIEW_RATE = 4, 24
_PREVIEW_OPTIONS = {"preset": "veryfast", "crf": "30", "g": str(_PREVIEW_RATE)}
# A frame with less contrast than this (standard deviation, of 255) is a fade or black.
_CONTRAST = 6.0


def derive(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Write both files; return the size of each."""
    source = Path(request["path"])
    return {
        "poster": _poster(source, Path(request["poster"])),
        "preview": _preview(source, Path(request["preview"])),
    }


def _frames(path: Path) -> Iterator[VideoFrame]:
    with opened(path) as container:
        yield from container.decode(pictures(container)[0])


def _count(path: Path) -> int:
    with opened(path) as container:
        return len(pictures(container)[0].index_entries)


def _poster(source: Path, target: Path) -> tuple[int, int]:
    image = _small(_telling(source), _POSTER_SIDE)
    image.save(target, "WEBP", quality=82, method=4)
    return image.size


def _telling(source: Path) -> VideoFrame:
    """The first frame after a tenth of the clip that shows something; else the one there."""
    tenth = _count(source) // 10
    first = None
    for number, frame in enumerate(_frames(source)):
        if number < tenth:
            continue
        first = first or frame
        if ImageStat.Stat(_small(frame, 64).convert("L")).stddev[0] > _CONTRAST:
            return frame
        if number > 5 * tenth + _PREVIEW_RATE:
            break
    assert first is not None, "the archive keeps no clip without a frame"
    return first


def _preview(source: Path, target: Path) -> tuple[int, int]:
    images = ((place, _small(frame, _PREVIEW_SIDE)) for place, frame in _sampled(source))
    first = next(images)
    size = first[1].size
    with writer(target, size, _PREVIEW_RATE, _PREVIEW_OPTIONS) as put:
        for place, image in chain([first], images):
            frame = VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
            put(frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709), place)
    return size


def _sampled(source: Path) -> Iterator[tuple[int, VideoFrame]]:
    """Frames of the first seconds with their place in the preview, at most one for each."""
    start, last = None, -1
    for frame in _frames(source):
        start = frame.time if start is None else start
        place = round((frame.time - start) * _PREVIEW_RATE)
        if place >= _PREVIEW_SECONDS * _PREVIEW_RATE:
            return
        if place > last:
            yield place, frame
            last = place


def _small(frame: VideoFrame, side: int) -> Image.Image:
    """Upright, no longer than `side`, never enlarged; both sides even."""
    scale = min(1, side / max(frame.width, frame.height))
    width, height = (max(2, 2 * round(n * scale / 2)) for n in (frame.width, frame.height))
    small = frame.reformat(width, height, "rgb24", interpolation=Interpolation.AREA)
    image = Image.fromarray(small.to_ndarray())
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


if __name__ == "__main__":
    cage.main(derive)
