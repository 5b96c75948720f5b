"""Single frames of archived videos."""

import tempfile
from pathlib import Path

from studio.archive.models import Video
from studio.lib import child
from studio.storage import store

SECONDS = 60
MEMORY = 2 * 1024**3


class NoStill(Exception):
    """The frame could not be taken out."""


def last_frame(video: Video) -> bytes:
    """The last frame as a PNG. Raises NoStill."""
    with tempfile.TemporaryDirectory(prefix="still-") as folder:
        target = Path(folder) / "last.png"
        request = {"source": str(store.path(video.blob)), "target": str(target)}
        try:
            child.run("studio.archive.still", request, seconds=SECONDS, memory=MEMORY)
        except child.ChildFailed as error:
            raise NoStill(str(error)) from error
        return target.read_bytes()
