"""Picture files, honest and hostile, made in code: no test file is kept in the repository."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, PngImagePlugin

MARK = b"PLANTED-MARKER-7f3a"
EXIF_ORIENTATION, EXIF_GPS, EXIF_MAKER_NOTE, EXIF_IFD = 0x0112, 0x8825, 0x927C, 0x8769


def picture(width: int = 160, height: int = 120, mode: str = "RGB") -> Image.Image:
    """Four quarters in four colours and a black corner top left: it shows which way is up."""
    image = Image.new("RGB", (width, height), (200, 60, 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height // 2), fill=(40, 160, 80))
    draw.rectangle((0, height // 2, width // 2, height), fill=(50, 80, 190))
    draw.rectangle((width // 2, height // 2, width, height), fill=(230, 210, 120))
    draw.rectangle((0, 0, width // 8, height // 8), fill=(0, 0, 0))
    return image if mode == "RGB" else image.convert(mode)


def grainy(side: int = 300) -> Image.Image:
    """Noise: a picture whose file has some length, so that it can be cut anywhere."""
    return Image.effect_noise((side, side), 90).convert("RGB")


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def png(image: Image.Image | None = None, **options: Any) -> bytes:
    return saved(image or picture(), "PNG", **options)


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    return saved(image or picture(), "JPEG", **({"quality": 95, "subsampling": 0} | options))


def webp(image: Image.Image | None = None, **options: Any) -> bytes:
    return saved(image or picture(), "WEBP", **options)


def file(data: bytes, name: str = "picture.png") -> "ContentFile[bytes]":
    return ContentFile(data, name=name)


# ── PNG by hand, for what Pillow would not write ──────────────────────────────────────────────


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(
    size: tuple[int, int], depth: int, colour: int, rows: Iterator[bytes], *extra: bytes
) -> bytes:
    """A PNG of raw rows; `colour` is PNG's own number (0 grey, 2 RGB, 3 palette, 4, 6 alpha)."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"\0" + row) for row in rows) + packer.flush()
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    body = b"".join((chunk(b"IHDR", header), *extra, chunk(b"IDAT", data), chunk(b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + body


def flat_png(width: int, height: int) -> bytes:
    """One colour, so that any number of pixels weighs next to nothing."""
    return png_of((width, height), 1, 0, (bytes((width + 7) // 8) for _ in range(height)))


def deep_png(level: int, *, colour: int = 0, side: int = 64, clear: int | None = None) -> bytes:
    """16 bits a channel, all of them `level`; where `clear` is given, that level is transparent."""
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    row = struct.pack(">H", level) * (side * channels)
    extra = () if clear is None else (chunk(b"tRNS", struct.pack(">H", clear)),)
    return png_of((side, side), 16, colour, (row for _ in range(side)), *extra)


def text_bomb(kind: bytes = b"zTXt", size: int = 100 * 1024 * 1024) -> bytes:
    packed = zlib.compress(bytes(size), 9)
    prefix = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"icc\0\0"}[kind]
    return png_of((64, 64), 8, 0, (bytes(64) for _ in range(64)), chunk(kind, prefix + packed))


def animated(format: str, frames: int = 3) -> bytes:
    first, *rest = (Image.new("RGB", (64, 64), (80 * n % 256, 90, 90)) for n in range(frames))
    return saved(first, format, save_all=True, append_images=rest, duration=40)


def many_frames(frames: int = 10_000) -> bytes:
    """An animated PNG that declares `frames` frames, none of which can be decoded."""
    control = struct.pack(">IIIIHHBB", 64, 64, 0, 0, 1, 100, 0, 0)
    header = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    start = chunk(b"IHDR", header) + chunk(b"acTL", struct.pack(">II", frames, 0))
    first = chunk(b"fcTL", struct.pack(">I", 0) + control) + chunk(b"IDAT", b"no pixels")
    later = (
        chunk(b"fcTL", struct.pack(">I", 2 * n - 1) + control)
        + chunk(b"fdAT", struct.pack(">I", 2 * n) + b"no pixels")
        for n in range(1, frames)
    )
    return b"\x89PNG\r\n\x1a\n" + start + first + b"".join(later) + chunk(b"IEND", b"")


# ── Things planted in or behind a picture ─────────────────────────────────────────────────────


def oriented(orientation: int) -> bytes:
    """`picture()` as a camera writes it that was held so: the pixels turned, the tag saying so."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    turn = undo.get(orientation)
    return jpeg(picture() if turn is None else picture().transpose(turn), exif=exif)


def talkative_jpeg() -> bytes:
    """EXIF with GPS, maker note and thumbnail, XMP, IPTC, a comment and a trailer, all marked."""
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    exif.get_ifd(EXIF_GPS)[1] = "N"
    exif.get_ifd(EXIF_GPS)[29] = MARK.decode()
    exif.get_ifd(EXIF_IFD)[EXIF_MAKER_NOTE] = MARK
    body = jpeg(exif=exif, comment=MARK, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(MARK)) + MARK
    iptc = b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop
    small = jpeg(picture(64, 64), comment=MARK)
    thumbnail = b"JFXX\0\x10" + small
    extension = b"\xff\xe0" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    return body[:2] + iptc + extension + body[2:] + MARK


def talkative_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARK.decode())
    info.add_text("prompt", MARK.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", MARK.decode())
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    return png(pnginfo=info, exif=exif) + MARK


def talkative_webp() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    return webp(exif=exif, xmp=MARK, quality=90) + MARK


def polyglot() -> bytes:
    """A JPEG that is a script and a zip as well."""
    script = b"<script>alert(1)</script><?php system($_GET[0]); ?>"
    archive = b"PK\x05\x06" + bytes(18)
    return jpeg(comment=script) + script + MARK + archive


def mpo() -> bytes:
    return saved(picture(), "MPO", save_all=True, append_images=[picture().rotate(180)])


# ── Profiles ──────────────────────────────────────────────────────────────────────────────────


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile, version 2, of these tags (ICC.1:2001-04, sections 6 and 7)."""
    table, bodies, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        padded = body + bytes(-len(body) % 4)
        table += name + struct.pack(">II", at + len(bodies), len(body))
        bodies += padded
    head = struct.pack(
        ">I4sI4s4s4s", at + len(bodies), b"test", 0x02400000, kind, space, connection
    )
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    rest = b"acsp" + bytes(28) + _fixed(0.9642, 1.0, 0.8249)
    return (head + date + rest).ljust(128, b"\0") + table + bodies


def _named(text: bytes) -> bytes:
    return b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + bytes(79)


# Columns are the primaries of Adobe RGB (1998) in XYZ, adapted to D50.
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
ADOBE_GAMMA = 2.19921875


def wide_gamut_profile() -> bytes:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(ADOBE_GAMMA * 256)) + bytes(2)
    columns = zip((b"rXYZ", b"gXYZ", b"bXYZ"), ADOBE_RGB, strict=True)
    tags = {b"desc": _named(b"wide"), b"cprt": b"text" + bytes(5)}
    tags |= {b"wtpt": b"XYZ " + bytes(4) + _fixed(0.9642, 1.0, 0.8249)}
    tags |= {name: b"XYZ " + bytes(4) + _fixed(*column) for name, column in columns}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


# What the inks of `ink_profile` look like, in Lab: its pure cyan is a brick red, on purpose, so
# that only a reader of the profile can get it right.
CYAN_INK_LAB = (50.0, 48.0, 32.0)


def ink_profile() -> bytes:
    """CMYK to Lab by a table of two points for each ink: full cyan is `CYAN_INK_LAB`."""
    linear = bytes(range(256))
    grid = b"".join(_ink(n >> 3 & 1, n >> 2 & 1, n >> 1 & 1, n & 1) for n in range(16))
    matrix = _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + linear * 4 + grid + linear * 3
    tags = {b"desc": _named(b"inks"), b"cprt": b"text" + bytes(5), b"A2B0": lut, b"A2B1": lut}
    tags |= {b"wtpt": b"XYZ " + bytes(4) + _fixed(0.9642, 1.0, 0.8249)}
    return _profile(b"prtr", b"CMYK", b"Lab ", tags)


def _ink(cyan: int, magenta: int, yellow: int, black: int) -> bytes:
    if black:
        return bytes((0, 128, 128))
    if cyan and not (magenta or yellow):
        lightness, a, b = CYAN_INK_LAB
        return bytes((round(lightness * 2.55), round(a + 128), round(b + 128)))
    paper = 255 - 60 * (cyan + magenta + yellow)
    return bytes((paper, 128, 128))


def cmyk_jpeg(ink: tuple[int, int, int, int], *, profile: bytes | None = None) -> bytes:
    """One ink all over; 255 is full."""
    return jpeg(Image.new("CMYK", (64, 64), ink), icc_profile=profile)
