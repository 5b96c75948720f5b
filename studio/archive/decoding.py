"""The child that decodes: `python -m studio.archive.decoding` in its cage."""

from fractions import Fraction
from typing import Any

import av
from av.video.stream import VideoStream

from studio.lib import cage
from studio.lib.cage import Tell

OPTIONS = {"protocol_whitelist": "file", "err_detect": "explode"}


class Refused(Exception):
    """The file is no whole video; the message says why."""


def work(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    try:
        return measure(request["source"])
    except Refused as refused:
        return {"refused": str(refused)}
    except av.FFmpegError as error:
        return {"refused": f"it cannot be decoded: {error.strerror}"}


def measure(source: str) -> dict[str, Any]:
    with av.open(source, format="mp4", options=OPTIONS) as container:
        if len(container.streams.video) != 1:
            raise Refused("it does not hold one picture track")
        stream = container.streams.video[0]
        frames = _decode_all(container, stream)
        rate = stream.average_rate or Fraction(0)
        seconds = Fraction(stream.duration or 0) * (stream.time_base or 0)
        return {
            "width": stream.width,
            "height": stream.height,
            "seconds": str(seconds),
            "frames": frames,
            "fps": str(rate),
            "codec": stream.codec_context.name,
            "audio": bool(container.streams.audio),
        }


def _decode_all(container: "av.container.InputContainer", stream: VideoStream) -> int:
    packets = discarded = frames = 0
    stream.codec_context.options = {"err_detect": "explode"}
    for packet in container.demux():
        if packet.stream is stream and packet.size:
            packets += 1
            discarded += packet.is_discard
        decoded = packet.decode()
        frames += len(decoded) if packet.stream is stream else 0
    if not frames:
        raise Refused("it holds no pictures")
    if stream.frames and packets != stream.frames:
        raise Refused(f"it holds {packets} of {stream.frames} pictures")
    if frames != packets - discarded:
        raise Refused(f"only {frames} of {packets - discarded} pictures can be decoded")
    return frames


if __name__ == "__main__":
    cage.main(work)
