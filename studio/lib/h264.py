"""Write frames into an H.264 MP4 that every browser plays. Only children import this."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av

_BT709 = 1
_LIMITED = 1

Put = Callable[[av.VideoFrame, int], None]


@contextmanager
def writer(
    target: Path, size: tuple[int, int], fps: int, options: Mapping[str, str]
) -> Iterator[Put]:
    """Gives a function that takes a yuv420p frame in BT.709 and its place, counted in 1/fps."""
    beat = Fraction(1, fps)
    with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps, options=dict(options))
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        stream.time_base = beat
        context = stream.codec_context
        # Whole frames at once: half frames would wait for one another.
        context.thread_type = "FRAME"
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED

        def put(frame: av.VideoFrame, place: int) -> None:
            # Our own clock: the stream's changes once the header is written.
            frame.pts, frame.time_base = place, beat
            container.mux(stream.encode(frame))

        yield put
        container.mux(stream.encode(None))
