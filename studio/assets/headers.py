"""What a picture file says about itself in its first bytes, read before any decoder sees it."""

from collections.abc import Iterator
from dataclasses import dataclass

PNG, JPEG, WEBP, GIF = "png", "jpeg", "webp", "gif"

# Markers that carry the size of a JPEG: SOF0 to SOF15 without DHT, JPG and DAC.
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL, _SCAN = frozenset({0xC0, 0xC1}), 0xDA
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True)
class Header:
    """`size` is (width, height) in pixels, None where the file ends before it says so."""

    format: str
    size: tuple[int, int] | None = None
    lossless: bool = True
    whole: bool = True


def read(data: bytes) -> Header | None:
    """The header of a PNG, JPEG, WebP or GIF; None for everything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Header(PNG, _png_size(data))
    if data.startswith(b"\xff\xd8\xff"):
        return Header(JPEG, _jpeg_size(data), lossless=False)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Header(GIF)
    return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def in_one_scan(data: bytes) -> bool:
    """Whether this JPEG can be decoded row by row, with next to no memory.

    That is so where the first scan brings every component: no decoder looks for a second then.
    """
    components = b""
    for marker, at in _jpeg_segments(data):
        if marker in _SIZES:
            if marker not in _SEQUENTIAL:
                return False
            components = data[at + 9 : at + 10]
        elif marker == _SCAN:
            return data[at + 4 : at + 5] == components
    return False


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    for marker, at in _jpeg_segments(data):
        if marker in _SIZES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
    return None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker and where it stands, from the start of the file."""
    at = 2
    while at + 9 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF or marker == 0xFF:
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            yield marker, at
            at += 2 + int.from_bytes(data[at + 2 : at + 4])


def _webp(data: bytes) -> Header:
    kind, whole = data[12:16], int.from_bytes(data[4:8], "little") + 8 <= len(data)
    size = _webp_size(kind, data[20:30]) if len(data) >= 30 else None
    # A still picture has one of the two, an extended file somewhere after its other chunks.
    return Header(WEBP, size, lossless=_webp_frame(data) == b"VP8L", whole=whole)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    return None


def _webp_frame(data: bytes) -> bytes:
    """The kind of the chunk that holds the pixels: `VP8 ` lossy, `VP8L` lossless."""
    at = 12
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind in {b"VP8 ", b"VP8L"}:
            return kind
        at += 8 + length + length % 2
    return b""
