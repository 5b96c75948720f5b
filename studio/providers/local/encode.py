"""Planes into an H.264 MP4 that every browser plays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from studio.providers.local.boxes import Size

_BT709 = 1
_LIMITED = 1

Put = Callable[[NDArray[np.uint8]], None]


@contextmanager
def encoder(target: Path, size: Size, *, fps: int, frames: int) -> Iterator[Put]:
    """Gives a function that takes the next of `frames` frames."""
    beat = Fraction(1, fps)
    with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps, options=_options(fps, frames))
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
        stream.time_base = beat
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        count = 0

        def put(frame: NDArray[np.uint8]) -> None:
            nonlocal count
            coded = av.VideoFrame.from_ndarray(frame, format="yuv420p")
            # Our own clock: the stream's changes once the header is written.
            coded.pts, coded.time_base = count, beat
            count += 1
            container.mux(stream.encode(coded))

        yield put
        container.mux(stream.encode(None))


def _options(fps: int, frames: int) -> dict[str, str]:
    # The first and last frame get six times the bits: they are to be the pictures themselves,
    # and the next clip may begin with them.
    zones = f"0,0,b=6/{frames - 1},{frames - 1},b=6"
    return {
        "preset": "veryfast",
        "crf": "18",
        "g": str(2 * fps),
        "x264-params": f"chromaloc=1:subme=4:zones={zones}",
    }
