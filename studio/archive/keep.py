"""From a finished file to a video that we keep: prove it, store it, then say so."""

from dataclasses import asdict
from pathlib import Path

from studio.archive import decode
from studio.archive.models import Video
from studio.lib import failpoints
from studio.storage import store

_MEDIA_TYPE = "video/mp4"


def keep(path: Path, attempt_uid: str, number: int = 0) -> Video:
    """Keep the `number`th result of an attempt. The row exists only once the file is durable.

    May be repeated and may race: one result is one row, whoever writes it. `path` is left as it
    is. Raises NotAVideo; then nothing was kept.
    """
    kept = Video.objects.filter(attempt_uid=attempt_uid, number=number).first()
    if kept and store.exists(kept.blob):
        return kept
    measured = decode.measure(path)
    blob = store.put(path, _MEDIA_TYPE)
    failpoints.reach("archive.before_row")
    video, _ = Video.objects.get_or_create(
        attempt_uid=attempt_uid, number=number, defaults={"blob": blob, **asdict(measured)}
    )
    return video
