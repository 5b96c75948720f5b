"""An uploaded picture, read to the last pixel and built anew: upright, 8-bit sRGB, nothing else.

Pure Pillow: it knows neither Django nor where a picture goes.
"""

import hashlib
import math
import struct
import warnings
import zlib
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from PIL import ExifTags, Image

from studio.assets import headers, scaling
from studio.assets.colour import to_srgb

MAX_PIXELS = 40_000_000
SHORTEST_SIDE, LONGEST_SIDE = 64, 8192
# A progressive JPEG has about ten scans, and each of them costs a pass over the whole picture.
MAX_SCANS = 100
FIRST_OF_SEVERAL = "first-of-several"
ORIENTATION_UNREAD = "orientation-unread"

_FORMATS = (headers.PNG, headers.JPEG, headers.WEBP)
# Whatever a decoder raises over a hostile file; each of them refuses the file.
_FAULTS = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, ArithmeticError, LookupError,
    RuntimeError, MemoryError, struct.error, zlib.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The process-wide net under our own ceiling. `catch_warnings` would not hold between threads.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class Unfit(Exception):
    """The file is no picture that we take. `code` says why, `facts` are the numbers in it."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Picture:
    """Clean pixels: mode RGB, or RGBA where alpha was kept. `format` is what the file was."""

    image: Image.Image
    format: str
    lossless: bool
    notes: tuple[str, ...] = ()

    @cached_property
    def pixel_hash(self) -> str:
        """SHA-256, in hex, over mode, size and pixels: the same picture under any encoding."""
        image = self.image
        digest = hashlib.sha256(f"{image.mode} {image.width}x{image.height}\n".encode())
        for top in range(0, image.height, 128):
            strip = image.crop((0, top, image.width, min(top + 128, image.height)))
            digest.update(strip.tobytes())
        return digest.hexdigest()


def decode(data: bytes, *, keep_alpha: bool = False) -> Picture:
    """Read one still picture in full. Raises `Unfit`.

    1. the header alone decides about format and size, before any decoder runs
    2. every pixel is decoded, since a file that opens may still be cut short
    3. upright, then 8-bit sRGB
    4. into a new image, so that nothing but pixels is carried on
    """
    header = _checked(data)
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as source:
            _refuse_animated(source)
            _refuse_size(source.size)
            source.load()
            upright, turned = _upright(source)
            colours, notes = to_srgb(upright, keep_alpha=keep_alpha)
            bare = _bare(colours)
    except _FAULTS as fault:
        raise Unfit("incomplete" if "truncated" in str(fault).lower() else "damaged") from fault
    several = (FIRST_OF_SEVERAL,) if source.format == "MPO" else ()
    return Picture(bare, header.format, header.lossless, (*several, *turned, *notes))


def glance(data: bytes, side: int) -> Image.Image | None:
    """What `decode` would give of a JPEG, within `side` pixels, for a fraction of its time.

    None where there is nothing to gain. It says nothing about the file: one that is cut short or
    hostile may be None or a picture; only `decode` has the last word.
    """
    header = headers.read(data)
    if header is None or header.size is None or not headers.in_one_scan(data):
        return None
    try:
        _refuse_size(header.size)
        by = scaling.reduction(header.size, side)
        return _reduced(data, by, side) if by > 1 else None
    except (Unfit, *_FAULTS):
        return None


def _reduced(data: bytes, by: int, side: int) -> Image.Image:
    with Image.open(BytesIO(data), formats=(headers.JPEG,)) as source:
        source.draft(None, (source.width // by, source.height // by))
        small = scaling.within(source, side)
        return _bare(to_srgb(_upright(small)[0], keep_alpha=False)[0])


def _checked(data: bytes) -> headers.Header:
    if not data:
        raise Unfit("empty")
    header = headers.read(data)
    if header is None:
        raise Unfit("not-a-picture")
    if header.format == headers.GIF:
        raise Unfit("gif")
    if header.size is None or not header.whole:
        raise Unfit("incomplete")
    _refuse_size(header.size)
    if header.format == headers.JPEG and data.count(b"\xff\xda") > MAX_SCANS:
        raise Unfit("damaged")
    return header


def _refuse_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS and min(size) >= SHORTEST_SIDE:
        megapixels = math.ceil(width * height / 100_000) / 10
        raise Unfit("too-many-pixels", pixels=f"{megapixels:g}", limit=f"{MAX_PIXELS / 1e6:g}")
    if min(size) < SHORTEST_SIDE or max(size) > LONGEST_SIDE:
        facts = {"low": str(SHORTEST_SIDE), "high": str(LONGEST_SIDE)}
        raise Unfit("sides", width=str(width), height=str(height), **facts)


def _refuse_animated(source: Image.Image) -> None:
    # An MPO is a still photograph with companions, such as the other eye's view.
    if getattr(source, "n_frames", 1) > 1 and source.format != "MPO":
        raise Unfit("animated")


def _upright(source: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    try:
        orientation = source.getexif().get(ExifTags.Base.Orientation)
    except _FAULTS:
        return source, (ORIENTATION_UNREAD,)
    turn = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return (source if turn is None else source.transpose(turn)), ()


def _bare(image: Image.Image) -> Image.Image:
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare
