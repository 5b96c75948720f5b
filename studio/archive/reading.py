"""Open a stranger's file as an MP4 and as nothing else. Only children import this."""

from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

_MOST_STREAMS = 16


def opened(path: Path, **options: str) -> InputContainer:
    """The file through one demuxer and one protocol; whatever it points at is not followed.

    Raises av.FFmpegError where it cannot be read.
    """
    return av.open(
        str(path),
        "r",
        format="mov",
        options={
            "protocol_whitelist": "file",
            "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2",
            "max_streams": str(_MOST_STREAMS),
            **options,
        },
    )


def pictures(container: InputContainer) -> list[VideoStream]:
    """The moving pictures in it; a cover picture is none."""
    return [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
