"""Is this file a whole video, and what is in it? Answered by a child that decodes it all."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from studio.archive.errors import NotAVideo
from studio.lib import child

_CHILD = "studio.archive.measuring"
_MEMORY = 1536 * 1024**2
_REASONS = {
    "empty": _("the file is empty"),
    "not_mp4": _("it is not an MP4 file"),
    "no_picture": _("it has no moving picture, or several"),
    "incomplete": _("a part of it is missing"),
    "damaged": _("it is damaged"),
}


@dataclass(frozen=True)
class Measured:
    """What a strict decode counted. Sizes in pixels as shown, after any rotation."""

    width: int
    height: int
    seconds: Decimal
    frames: int
    fps: Decimal
    codec: str
    audio: bool


def measure(path: Path) -> Measured:
    """Decode the whole file in a caged child. Raises NotAVideo with the reason."""
    # At a megabyte per second even a slow machine is done.
    seconds = 120 + path.stat().st_size / 1024**2
    try:
        found = child.run(_CHILD, {"path": str(path.absolute())}, seconds=seconds, memory=_MEMORY)
    except child.ChildFailed as error:
        raise NotAVideo(str(_("the decoder gave up on it")) + f": {error}") from error
    if "refused" in found:
        raise NotAVideo(str(_REASONS[found["refused"]]))
    exact = {name: Decimal(found[name]) for name in ("seconds", "fps")}
    return Measured(**found | exact)
