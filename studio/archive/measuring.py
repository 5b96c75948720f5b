"""The measuring child: decode everything strictly, count, and say what was found.

Accepted only when every packet that the index declares is there, and every one of them that is
to be shown becomes a frame. A header can promise ten seconds of which four have arrived.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from studio.archive.reading import opened, pictures
from studio.lib import cage
from studio.lib.cage import Tell


class _Refused(Exception):
    """The argument is one of the codes that `decode` has words for."""


def measure(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    try:
        return _measure(Path(request["path"]))
    except _Refused as error:
        return {"refused": error.args[0]}
    except av.FFmpegError:
        return {"refused": "damaged"}


def _measure(path: Path) -> dict[str, Any]:
    _check_start(path)
    _check_tables(path)
    with opened(path) as container:
        reel = _Reel(container)
        reel.run()
        return reel.figures()


def _check_start(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(12)
    if not start:
        raise _Refused("empty")
    if start[4:8] != b"ftyp":
        raise _Refused("not_mp4")


def _check_tables(path: Path) -> None:
    """The index has a place for each frame that the header declares, edit lists aside."""
    with opened(path, ignore_editlist="1") as container:
        for stream in container.streams.video:
            if stream.frames and stream.frames != len(stream.index_entries):
                raise _Refused("incomplete")


@dataclass
class _Count:
    packets: int = 0
    hidden: int = 0


class _Reel:
    """One pass over all packets of picture and sound."""

    def __init__(self, container: InputContainer) -> None:
        self.container = container
        found = pictures(container)
        if len(found) != 1:
            raise _Refused("no_picture")
        self.picture = found[0]
        # One damaged block is an error, not something to be painted over; and only on a single
        # thread is it reported: with two, the decoder keeps its slices' errors to itself.
        self.picture.codec_context.options = {"err_detect": "crccheck+bitstream+buffer+explode"}
        self.picture.codec_context.thread_type = ThreadType.NONE
        self.picture.codec_context.thread_count = 1
        self.streams: list[Stream] = [self.picture, *container.streams.audio]
        self.counts = {stream.index: _Count() for stream in self.streams}
        self.frames = 0
        self.begin: Fraction | None = None
        self.end = Fraction(0)
        self.shape = (0, 0)

    def run(self) -> None:
        for packet in self.container.demux(*self.streams):
            self._count(packet)
            for frame in packet.decode():
                if isinstance(frame, VideoFrame):
                    self._see(frame)
        for stream in self.streams:
            if self.counts[stream.index].packets != len(stream.index_entries):
                raise _Refused("incomplete")
        shown = self.counts[self.picture.index]
        if not self.frames or self.frames != shown.packets - shown.hidden:
            raise _Refused("damaged")

    def _count(self, packet: "Packet[Stream]") -> None:
        if packet.size == 0:
            return  # the call that empties the decoder
        if packet.is_corrupt:
            raise _Refused("incomplete")
        count = self.counts[packet.stream.index]
        count.packets += 1
        count.hidden += packet.is_discard

    def _see(self, frame: VideoFrame) -> None:
        if frame.is_corrupt or frame.pts is None or frame.time_base is None:
            raise _Refused("damaged")
        self.frames += 1
        start = frame.pts * frame.time_base
        self.begin = start if self.begin is None else min(self.begin, start)
        self.end = max(self.end, start + self._lasting(frame))
        turned = frame.rotation % 180 != 0
        self.shape = (frame.height, frame.width) if turned else (frame.width, frame.height)

    def _lasting(self, frame: VideoFrame) -> Fraction:
        if frame.duration and frame.time_base:
            return frame.duration * frame.time_base
        return 1 / (self.picture.average_rate or Fraction(24))

    def figures(self) -> dict[str, Any]:
        seconds = self.end - (self.begin or 0)
        return {
            "width": self.shape[0],
            "height": self.shape[1],
            "seconds": f"{float(seconds):.3f}",
            "frames": self.frames,
            "fps": f"{float(self.frames / seconds):.3f}",
            "codec": self.picture.codec_context.codec.canonical_name,
            "audio": bool(self.container.streams.audio),
        }


if __name__ == "__main__":
    cage.main(measure)
