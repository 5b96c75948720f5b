"""Keep a finished file for good: prove it, store it, then say so in a row."""

from dataclasses import asdict
from pathlib import Path

from studio.archive.decode import measure
from studio.archive.models import Video
from studio.lib import failpoints
from studio.storage import store


def keep(path: Path, attempt_uid: str, number: int = 0) -> Video:
    """The Video for what this attempt delivered; the same one when it is kept already.

    Raises `NotAVideo`, having stored nothing.
    """
    kept = Video.objects.filter(attempt_uid=attempt_uid, number=number).first()
    if kept:
        return kept
    measured = measure(path)
    blob = store.put(path, "video/mp4")
    failpoints.reach("archive.before_row")
    video, _ = Video.objects.get_or_create(
        attempt_uid=attempt_uid, number=number, defaults={"blob": blob, **asdict(measured)}
    )
    return video
