"""From archiving to succeeded: prove the file, keep it, compare it with what was ordered."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from studio.archive import renditions
from studio.archive.errors import NotAVideo, RenditionFailed
from studio.archive.keep import keep
from studio.archive.models import Video
from studio.generations import complaints
from studio.generations.fetch import fetch
from studio.generations.leases import Lease
from studio.generations.models import NO_VIDEO, Attempt, Generation
from studio.generations.spool import current_attempt, spooled
from studio.generations.states import State
from studio.generations.transitions import move, note
from studio.lib import clock, failpoints
from studio.providers.registry import traits
from studio.storage.folder import Damaged

log = logging.getLogger(__name__)

# A poster that cannot be made is tried again this often, and never delays the clip.
RENDITION_WAIT = timedelta(minutes=1)
MOST_RENDITION_TRIES = 5

# After a fault of the storage: the first wait and the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)

# A provider's file that is no whole video is fetched this often.
MOST_BROKEN_FILES = 5
BROKEN = "broken file"

# Half a frame at 24 fps: what counts as the same length (seconds).
SAME_LENGTH = Decimal("0.021")


def collect(lease: Lease) -> None:
    """Archive the finished file. Succeeded only after a strict decode and a synced copy."""
    generation = lease.generation
    attempt = current_attempt(generation)
    is_free = traits(generation.provider).free
    if not is_free and not fetch(lease, attempt):
        return
    failpoints.reach("archive.mid")
    try:
        videos = [_kept(attempt, number) for number in range(max(1, len(attempt.links)))]
        video = videos[0]
        shown = sum(map(_make_renditions, videos)) == len(videos)
    except NotAVideo as error:
        _drop_files(attempt)
        _spoiled(lease, str(error)) if is_free else _no_video(lease, str(error))
        return
    except (OSError, Damaged) as error:
        _put_off(lease, error)
        return
    failpoints.reach("collect.before_move")
    moved = move(
        generation,
        State.ARCHIVING,
        State.SUCCEEDED,
        lease=lease.token,
        detail={"sha256": video.blob.sha256, "bytes": video.blob.size},
        video=video,
        failures=0,
        due_at=None if shown else clock.now() + RENDITION_WAIT,
        **_judged(generation, video),
        **_unwanted(generation),
    )
    if moved:
        _drop_files(attempt)


def finish(lease: Lease) -> None:
    """Make the poster and preview that could not be made when the clip arrived."""
    generation = lease.generation
    assert generation.video is not None, "the database keeps this true"
    shown = _make_renditions(generation.video)
    tries = generation.failures + 1
    again = not shown and tries < MOST_RENDITION_TRIES
    lease.drop(clock.now() + RENDITION_WAIT if again else None, failures=tries)


def _kept(attempt: Attempt, number: int) -> Video:
    """The archived video; found again when we died between keeping it and saying so."""
    kept = Video.objects.filter(attempt_uid=attempt.uid, number=number).first()
    if kept:
        return kept
    path = spooled(attempt, number)
    if not path.exists():
        raise NotAVideo(_("The finished file is gone from the spool."))
    return keep(path, attempt.uid, number)


def _drop_files(attempt: Attempt) -> None:
    for number in range(max(1, len(attempt.links))):
        spooled(attempt, number).unlink(missing_ok=True)


def _make_renditions(video: Video) -> bool:
    try:
        renditions.make(video)
    except (RenditionFailed, OSError):
        log.exception("No poster or preview yet for video %s", video.uid)
        return False
    return True


def _put_off(lease: Lease, error: Exception) -> None:
    """The storage refused: the finished file waits, ever longer, and the timeline says why."""
    log.exception("Generation %s cannot be archived now", lease.generation.uid)
    failures = lease.generation.failures + 1
    note(lease.generation, "archive put off", reason=str(error))
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures, 10))
    lease.drop(clock.now() + wait, failures=failures)


def _spoiled(lease: Lease, reason: str) -> None:
    message = _("The rendered file was not whole (%(reason)s). Nothing was charged.")
    move(
        lease.generation,
        State.ARCHIVING,
        State.FAILED,
        lease=lease.token,
        error_code="not_a_video",
        error_message=message % {"reason": reason},
    )


def _no_video(lease: Lease, reason: str) -> None:
    """What a provider sent is no whole video: it is fetched again, and in the end shown as paid."""
    generation = lease.generation
    log.warning("Generation %s: no whole video (%s)", generation.uid, reason)
    note(generation, BROKEN, reason=reason)
    broken = generation.events.filter(kind=BROKEN).count()
    if broken < MOST_BROKEN_FILES:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (broken - 1))
        lease.drop(clock.now() + wait, failures=generation.failures + 1)
        return
    move(
        generation,
        State.ARCHIVING,
        State.FAILED,
        lease=lease.token,
        error_code=NO_VIDEO,
        error_message=complaints.no_video(generation.provider, reason),
    )


def _judged(generation: Generation, video: Video) -> dict[str, Any]:
    differs = differences(generation.promised, video)
    return {"differs": differs, "is_off_brief": bool(differs)}


def _unwanted(generation: Generation) -> dict[str, Any]:
    """A wish to cancel that came too late ends in the trash, not in the gallery."""
    generation.refresh_from_db(fields=["cancel_wished_at"])
    return {"deleted_at": clock.now()} if generation.cancel_wished_at else {}


def differences(promised: dict[str, object], video: Video) -> list[str]:
    """Which promised facts the measured file does not keep; what was not promised never differs."""
    found = []
    seconds = promised.get("seconds")
    if seconds is not None and abs(Decimal(str(seconds)) - video.seconds) > SAME_LENGTH:
        found.append("seconds")
    if promised.get("width") and (promised["width"], promised["height"]) != (
        video.width,
        video.height,
    ):
        found.append("size")
    if promised.get("fps") and Decimal(str(promised["fps"])) != video.fps:
        found.append("fps")
    if "audio" in promised and bool(promised["audio"]) != video.audio:
        found.append("audio")
    return found
