"""Small clips made on the spot, and ways to spoil them. No video file lives in the repository."""

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

FPS = 24
RATE = 48_000
SIZE = (320, 180)
INDEX_FIRST, INDEX_LAST, IN_FRAGMENTS = "+faststart", "-faststart", "+frag_keyframe+empty_moov"

Draw = Callable[[int, tuple[int, int]], NDArray[np.uint8]]


def make(
    path: Path,
    *,
    seconds: float = 2,
    size: tuple[int, int] = SIZE,
    sound: bool = False,
    flags: str = INDEX_FIRST,
    fps: int = FPS,
    draw: Draw | None = None,
) -> Path:
    """A moving pattern with some grain, so that every packet has something to lose."""
    draw = draw or pattern
    with av.open(str(path), "w", format="mp4", options={"movflags": flags}) as container:
        video = container.add_stream("libx264", rate=fps, options={"crf": "20", "g": "12"})
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=RATE) if sound else None
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(draw(number, size), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            for tone in tones(seconds):
                container.mux(audio.encode(tone))
            container.mux(audio.encode(None))
    return path


def pattern(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    y, x = np.ogrid[: size[1], : size[0]]
    wave = 128 + 60 * np.sin((x + 3 * number) / 17)[..., None] * np.cos(y / 11)[..., None]
    return (wave + np.roll(grain(size), 7 * number, axis=1)).astype(np.uint8)


@cache
def grain(size: tuple[int, int]) -> NDArray[np.float64]:
    return np.random.default_rng(24).normal(0, 20, (size[1], size[0], 3)).clip(-60, 60)


def tones(seconds: float) -> Iterator[av.AudioFrame]:
    time = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    wave = (0.2 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    for start in range(0, len(wave) - 1023, 1024):
        part = np.ascontiguousarray(np.stack([wave[start : start + 1024]] * 2))
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield frame


def spoil(source: Path, target: Path, how: Callable[[bytearray], bytes | bytearray]) -> Path:
    target.write_bytes(how(bytearray(source.read_bytes())))
    return target


def halve(data: bytearray) -> bytearray:
    return data[: len(data) // 2]


def end_of_packet(path: Path, number: int) -> int:
    """Where in the file the `number`th packet ends, so that what is left is flawless."""
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.pos is not None and p.size]
    packet = packets[number]
    assert packet.pos is not None
    return packet.pos + packet.size


def flip(data: bytearray) -> bytearray:
    """Eight bytes in the middle of the picture data, as a failing disk would."""
    middle = len(data) // 2
    for place in range(middle, middle + 8):
        data[place] ^= 0xFF
    return data


def start_later(data: bytearray, seconds: float) -> bytearray:
    """Make every edit list begin `seconds` into its track: what is before stays, unshown."""
    for track in _boxes(data, b"trak"):
        timescale = _timescale(data, track)
        entry = data.index(b"elst", track) + 12
        struct.pack_into(">i", data, entry + 4, round(seconds * timescale))
    return data


def turn_right(data: bytearray) -> bytearray:
    """Say in the header that the picture is to be shown turned by a quarter."""
    matrix = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, *matrix)
    return data


def many_tracks(data: bytearray, count: int) -> bytes:
    """The same track over and over. The index must stand at the end of the file."""
    moov, trak = data.index(b"moov") - 4, data.index(b"trak") - 4
    (size,) = struct.unpack_from(">I", data, trak)
    extra = bytes(data[trak : trak + size]) * (count - 1)
    (whole,) = struct.unpack_from(">I", data, moov)
    struct.pack_into(">I", data, moov, whole + len(extra))
    return bytes(data[:trak]) + extra + bytes(data[trak:])


def _boxes(data: bytearray, kind: bytes) -> list[int]:
    found, place = [], data.find(kind)
    while place >= 0:
        found.append(place)
        place = data.find(kind, place + 1)
    return found


def _timescale(data: bytearray, track: int) -> int:
    header = data.index(b"mdhd", track)
    (scale,) = struct.unpack_from(">I", data, header + 16)
    return int(scale)
