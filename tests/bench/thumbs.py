"""A JPEG of 12 megapixels to the thumb that is kept of it, and to all that is kept of it.

`sizes.early_thumb` and `sizes.of` are what an upload calls (`uploads.receive_or_find`).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pyvips
import skimage
from PIL import Image

from studio.assets import pictures, sizes
from tests.bench.table import Row, medians

GOAL = 0.7


def rows() -> Iterator[Row]:
    pyvips.cache_set_max(0)  # else it would remember the picture from the turn before
    telephone, larger = photograph(4000, 3000), photograph(4624, 3468)
    yield _thumb("12 MP JPEG to its thumb", telephone, sizes.THUMB, GOAL)
    yield _thumb("the same, pyvips asked for our 500 px", telephone, 500)
    yield _thumb("16 MP JPEG (no eighth near 512 px)", larger, sizes.THUMB)
    yield _whole(telephone)


def photograph(width: int, height: int) -> bytes:
    """As much detail and grain as fill a file as large as a telephone's."""
    source = Image.open(Path(skimage.__file__).parent / "data" / "motorcycle_left.png")
    pixels = np.asarray(source.convert("RGB").resize((width, height), Image.Resampling.BICUBIC))
    grain = np.random.default_rng(1).normal(0, 4, (height, width, 1))
    image = Image.fromarray((pixels + grain).clip(0, 255).astype(np.uint8))
    target = BytesIO()
    image.save(target, "JPEG", quality=93, subsampling="4:2:0")
    return target.getvalue()


def _thumb(name: str, data: bytes, side: int, goal: float | None = None) -> Row:
    ours, theirs = medians(partial(sizes.early_thumb, data), partial(_by_pyvips, data, side))
    return Row(
        f"{name}, {len(data) / 1e6:.1f} MB",
        f"{1000 * ours:.0f} ms",
        f"pyvips {1000 * theirs:.0f} ms",
        ours / theirs,
        f"at most {goal}" if goal else "",
        goal is None or ours <= goal * theirs,
    )


def _by_pyvips(data: bytes, side: int) -> bytes:
    small = pyvips.Image.thumbnail_buffer(data, side, height=side, size="down")
    encoded: bytes = small.webpsave_buffer(Q=80, effort=2)
    return encoded


def _whole(data: bytes) -> Row:
    ours, bare = medians(partial(_received, data), partial(_decoded, data))
    shown = f"{1000 * ours:.0f} ms", f"bare decode {1000 * bare:.0f} ms"
    return Row("12 MP JPEG to everything that is kept", *shown, ours / bare, "", True)


def _received(data: bytes) -> sizes.Sizes:
    """What an upload does between reading the file and storing what came of it."""
    with ThreadPoolExecutor(1) as beside:
        early = beside.submit(sizes.early_thumb, data)
        picture = pictures.decode(data)
        assert picture.pixel_hash
        return sizes.of(picture, early.result())


def _decoded(data: bytes) -> None:
    with Image.open(BytesIO(data)) as image:
        image.load()
