"""A 12-megapixel JPEG to the thumb that is kept of it, beside pyvips."""

from collections.abc import Iterator
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
    data = photograph()
    pyvips.cache_set_max(0)  # else it would remember the picture from the turn before
    ours, theirs = medians(partial(_thumb, data), partial(_by_pyvips, data))
    yield Row(
        f"JPEG of 12 MP, {len(data) / 1e6:.1f} MB, to a WebP of 512 px",
        f"{1000 * ours:.0f} ms",
        f"pyvips {1000 * theirs:.0f} ms",
        ours / theirs,
        f"at most {GOAL}",
        ours <= GOAL * theirs,
    )


def photograph() -> bytes:
    """A street's worth of detail and a sensor's grain, in a file as large as a phone's."""
    source = Image.open(Path(skimage.__file__).parent / "data" / "motorcycle_left.png")
    pixels = np.asarray(source.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC))
    grain = np.random.default_rng(1).normal(0, 4, (3000, 4000, 1))
    image = Image.fromarray((pixels + grain).clip(0, 255).astype(np.uint8))
    target = BytesIO()
    image.save(target, "JPEG", quality=93, subsampling="4:2:0")
    return target.getvalue()


def _thumb(data: bytes) -> bytes:
    return sizes.of(pictures.decode(data)).thumb.data


def _by_pyvips(data: bytes) -> bytes:
    small = pyvips.Image.thumbnail_buffer(data, sizes.THUMB, height=sizes.THUMB, size="down")
    encoded: bytes = small.webpsave_buffer(Q=80, effort=2)
    return encoded
