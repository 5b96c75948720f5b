"""Small real clips: H.264 in MP4 with its index first, AAC where sound was asked for.

One second is encoded and repeated, so that ten seconds in 4K cost as much as one. Clips are kept
in the folder by what they are; two jobs with the same clip differ by a box at its end.
"""

import math
import struct
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from threading import Lock

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.sandbox.clips import Clip

_RATE = 44_100
_NOTE = 220.0


class Studio:
    """Renders one clip at a time, in a thread of its own; asks for a clip are answered at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one = ThreadPoolExecutor(max_workers=1, thread_name_prefix="render")
        self._lock = Lock()
        self._under_way: dict[Path, Future[Path]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def is_ready(self, clip: Clip) -> bool:
        """Whether the file is there; where it is not, its rendering begins."""
        return self._path(clip).exists() or self._begin(clip).done()

    def file(self, clip: Clip) -> Path:
        """The clip's file, waited for."""
        path = self._path(clip)
        return path if path.exists() else self._begin(clip).result()

    def close(self) -> None:
        self._one.shutdown(cancel_futures=True)

    def _path(self, clip: Clip) -> Path:
        return self._folder / f"{clip.name}.mp4"

    def _begin(self, clip: Clip) -> Future[Path]:
        path = self._path(clip)
        with self._lock:
            if path not in self._under_way:
                self._under_way[path] = self._one.submit(_render, clip, path)
            return self._under_way[path]


def signed(path: Path, mark: str) -> bytes:
    """The clip's bytes and a box that players skip, so that no two jobs deliver the same file."""
    content = mark.encode()
    return path.read_bytes() + struct.pack(">I4s", 8 + len(content), b"free") + content


def _render(clip: Clip, path: Path) -> Path:
    draft = path.with_suffix(".part")
    options = {"movflags": "+faststart"}
    with av.open(str(draft), "w", format="mp4", options=options) as container:
        picture = _picture_stream(container, clip)
        sound = container.add_stream("aac", rate=_RATE) if clip.sound else None
        _mux_picture(container, picture, clip)
        if sound is not None:
            for frame in _tone(float(clip.seconds)):
                container.mux(sound.encode(frame))
            container.mux(sound.encode(None))
    draft.replace(path)
    return path


def _picture_stream(container: OutputContainer, clip: Clip) -> VideoStream:
    stream = container.add_stream("libx264", rate=clip.fps)
    stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
    stream.codec_context.thread_count = 1
    stream.options = {"preset": "ultrafast", "crf": "30", "x264-params": f"keyint={clip.fps}"}
    return stream


def _mux_picture(container: OutputContainer, stream: VideoStream, clip: Clip) -> None:
    """The packets of one second, with their times moved on for each second that follows."""
    frames = round(clip.seconds * clip.fps)
    second = [_copied(packet) for frame in _pictures(clip) for packet in stream.encode(frame)]
    second += [_copied(packet) for packet in stream.encode(None)]
    base = Fraction(1, clip.fps)
    for number in range(frames):
        content, is_key = second[number % clip.fps]
        packet = Packet(content)
        packet.stream = stream
        packet.time_base = base
        packet.pts = packet.dts = number
        packet.duration = 1
        packet.is_keyframe = is_key
        container.mux(packet)


def _copied(packet: "Packet[VideoStream]") -> tuple[bytes, bool]:
    return bytes(packet), packet.is_keyframe


def _pictures(clip: Clip) -> Iterator[VideoFrame]:
    """A bar that wanders over a soft slope: cheap, and seen to move."""
    slope = np.linspace(40, 200, clip.width, dtype=np.uint8)
    luma = np.tile(slope, (clip.height, 1))
    half = (clip.height // 2, clip.width // 2)
    chroma = [np.full(half, tint, dtype=np.uint8) for tint in (110, 150)]
    width = max(2, clip.width // 12)
    for number in range(clip.fps):
        at = (clip.width - width) * number // clip.fps
        drawn = luma.copy()
        drawn[:, at : at + width] = 235
        planes = np.concatenate([drawn.ravel(), *(plane.ravel() for plane in chroma)])
        shape = (clip.height * 3 // 2, clip.width)
        frame = VideoFrame.from_ndarray(planes.reshape(shape), format="yuv420p")
        frame.pts = number
        yield frame


def _tone(seconds: float) -> Iterator[AudioFrame]:
    total = math.floor(seconds * _RATE)
    times = np.arange(total) / _RATE
    wave = (0.2 * np.sin(2 * np.pi * _NOTE * times)).astype(np.float32)
    for start in range(0, total, 1024):
        frame = AudioFrame.from_ndarray(wave[None, start : start + 1024], "fltp", "mono")
        frame.sample_rate, frame.pts = _RATE, start
        yield frame
