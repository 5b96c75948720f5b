"""The child that derives: `python -m studio.archive.deriving` in its cage."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import av
from PIL import Image

from studio.lib import cage
from studio.lib.cage import Tell

POSTER_SIDE = 1280
PREVIEW_SIDE = 480
PREVIEW_FPS = 12
PREVIEW_SECONDS = 4


def derive(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    verbs = {"poster": poster, "preview": preview}
    source = request["source"]
    return {kind: verbs[kind](source, target) for kind, target in request["targets"].items()}


def poster(source: str, target: str) -> tuple[int, int]:
    """The frame a tenth of the way in: past a fade from black, before anything is over."""
    with av.open(source) as container:
        stream = container.streams.video[0]
        frame = next(islice(container.decode(stream), stream.frames // 10, None))
        image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    image.thumbnail((POSTER_SIDE, POSTER_SIDE))
    image.save(target, "WEBP", quality=82, method=4)
    return image.size


def preview(source: str, target: str) -> tuple[int, int]:
    with av.open(source) as container, av.open(target, "w", format="mp4") as made:
        stream = container.streams.video[0]
        width, height = _fit(stream.width, stream.height)
        out = made.add_stream("libx264", rate=PREVIEW_FPS, options={"crf": "28"})
        out.width, out.height, out.pix_fmt = width, height, "yuv420p"
        beat = Fraction(1, PREVIEW_FPS)
        for count, frame in enumerate(_sampled(container.decode(stream))):
            small = frame.reformat(width, height, "yuv420p")
            small.pts, small.time_base = count, beat
            made.mux(out.encode(small))
        made.mux(out.encode(None))
    return width, height


def _fit(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, PREVIEW_SIDE / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _sampled(frames: Iterator[Any]) -> Iterator[Any]:
    """Every frame whose time has come at the preview's own rate, up to its length."""
    wanted = 0
    for frame in frames:
        if frame.time >= PREVIEW_SECONDS:
            return
        if frame.time * PREVIEW_FPS >= wanted:
            wanted += 1
            yield frame


if __name__ == "__main__":
    cage.main(derive)
