"""Remove what nobody wants any more, each thing only after its time of grace.

1. clips and pictures that lay in the trash for `trash_days`: their rows let go of the files
2. files that no row points at, a week after that was first seen
3. files of which no row knows at all, 30 days after they were first seen
4. what dead processes left in the spool

What was paid stays on record: a clip keeps its row, its events, its attempts and its ledger
entries. A file that somebody else uses stays. Deletion is per row, so that a crash in between
leaves nothing half done.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree

from django.conf import settings
from django.db import transaction
from django.db.models import F, ProtectedError, Q

from studio.archive.models import Video
from studio.assets.models import Asset
from studio.audit.record import record
from studio.generations.models import Attempt, Generation
from studio.generations.states import FINAL, Charge
from studio.generations.transitions import note
from studio.lib import clock
from studio.storage import store
from studio.storage.models import Blob, OrphanFile

TRASH_DAYS = 30
# A backup reads files after the rows that name them: none may go before it is done.
UNUSED = timedelta(days=7)
ORPHANED = timedelta(days=30)
LEFT_OVER = timedelta(days=1)


@dataclass
class Pruned:
    """What was removed, or would be; `bytes` of the files that went."""

    clips: int = 0
    pictures: int = 0
    files: int = 0
    orphans: int = 0
    left_over: int = 0
    bytes: int = 0
    # Seen for the first time, or not long enough ago.
    waiting: int = 0


def prune(trash_days: int = TRASH_DAYS, *, dry_run: bool = False) -> Pruned:
    """Do it, and leave an audit line; with `dry_run` only count what would go today."""
    now, done = clock.now(), Pruned()
    _empty_trash(done, now - timedelta(days=trash_days), dry_run)
    _remove_unused(done, now, dry_run)
    _remove_orphans(done, now, dry_run)
    _sweep_spool(done, now, dry_run)
    if not dry_run:
        record(None, "files.prune", kind="studio", after={**asdict(done), "trash_days": trash_days})
    return done


# ── 1. The trash ──────────────────────────────────────────────────────────────────────────────


def _empty_trash(done: Pruned, limit: datetime, dry_run: bool) -> None:
    for generation in list(_trashed(limit)):
        done.clips += 1
        if not dry_run:
            _empty(generation, limit)
    for asset in list(Asset.objects.filter(deleted_at__lte=limit, uses=None)):
        done.pictures += dry_run or _drop(asset, limit)


def _trashed(limit: datetime) -> Iterator[Generation]:
    """Ended, and with their money settled one way or the other: what is disputed is kept."""
    rows = Generation.objects.filter(deleted_at__lte=limit, state__in=FINAL, emptied_at=None)
    yield from rows.exclude(charge__in=[Charge.HELD, Charge.UNCLEAR])


@transaction.atomic
def _empty(generation: Generation, limit: datetime) -> None:
    own = Q(attempt_uid__in=Attempt.objects.filter(generation=generation).values("uid"))
    videos = list(Video.objects.filter(own | Q(generation=generation)))
    same = Generation.objects.filter(pk=generation.pk, deleted_at__lte=limit, emptied_at=None)
    # Whoever takes it out of the trash at this instant wins.
    if same.update(emptied_at=clock.now(), video=None, version=F("version") + 1):
        for video in videos:
            video.delete()
        note(generation, "emptied")


def _drop(asset: Asset, limit: datetime) -> bool:
    """False where something uses it after all, or it was taken out of the trash."""
    try:
        removed, _kinds = Asset.objects.filter(pk=asset.pk, deleted_at__lte=limit).delete()
    except ProtectedError:
        return False
    return bool(removed)


# ── 2. Files without use ──────────────────────────────────────────────────────────────────────


def _remove_unused(done: Pruned, now: datetime, dry_run: bool) -> None:
    if not dry_run:
        _mark(now)
    unused = Blob.objects.unused()
    due = unused.filter(unused_since__lte=now - UNUSED)
    done.waiting += unused.count() - due.count()
    for blob in list(due.order_by("pk")):
        if dry_run or _remove(blob, now - UNUSED):
            done.files += 1
            done.bytes += blob.size


def _mark(now: datetime) -> None:
    """Write down since when nobody uses it; from its first use on it is not so any more."""
    Blob.objects.unused().filter(unused_since=None).update(unused_since=now)
    Blob.objects.used().exclude(unused_since=None).update(unused_since=None)


@transaction.atomic
def _remove(blob: Blob, limit: datetime) -> bool:
    """The row and its file; the row's lock keeps out whoever wants it at this instant.

    `store.put` looks again after its row is written and puts the file back where we were faster.
    """
    rows = Blob.objects.filter(pk=blob.pk, unused_since__lte=limit).select_for_update()
    if not rows.exists() or not Blob.objects.unused().filter(pk=blob.pk).exists():
        return False
    Blob.objects.filter(pk=blob.pk).delete()
    store.remove(blob.sha256)
    return True


# ── 3. Files without a row ────────────────────────────────────────────────────────────────────


def _remove_orphans(done: Pruned, now: datetime, dry_run: bool) -> None:
    known = dict(OrphanFile.objects.values_list("sha256", "found_at"))
    for sha256, size in _orphans():
        since = known.pop(sha256, now)
        if since > now - ORPHANED:
            done.waiting += 1
            if since == now and not dry_run:
                OrphanFile.objects.get_or_create(sha256=sha256, defaults={"size": size})
        elif dry_run or _remove_orphan(sha256, size):
            done.orphans += 1
            done.bytes += size
    if not dry_run:
        # Adopted since, or gone.
        OrphanFile.objects.filter(sha256__in=known).delete()


def _orphans() -> Iterator[tuple[str, int]]:
    batch: dict[str, int] = {}
    for sha256, size in store.kept():
        batch[sha256] = size
        if len(batch) == 500:
            yield from _unknown(batch)
            batch = {}
    yield from _unknown(batch)


def _unknown(batch: dict[str, int]) -> list[tuple[str, int]]:
    rows = Blob.objects.filter(sha256__in=batch).values_list("sha256", flat=True)
    return sorted((name, batch[name]) for name in batch.keys() - set(rows))


@transaction.atomic
def _remove_orphan(sha256: str, size: int) -> bool:
    """False where a row has come after all. Ours keeps out whoever adopts it at this instant."""
    OrphanFile.objects.filter(sha256=sha256).delete()
    blob, is_ours = Blob.objects.get_or_create(sha256=sha256, size=size)
    if not is_ours:
        return False
    store.remove(sha256)
    blob.delete()
    return True


# ── 4. The spool ──────────────────────────────────────────────────────────────────────────────


def _sweep_spool(done: Pruned, now: datetime, dry_run: bool) -> None:
    """Files are named by their attempt; those of clips under way are somebody's."""
    limit = now - LEFT_OVER
    for path in sorted(Path(settings.SPOOL_DIR).glob("*")):
        attempt = path.name.partition(".")[0]
        of_open = Attempt.objects.filter(uid=attempt).exclude(generation__state__in=FINAL)
        if _touched(path) < limit.timestamp() and not of_open.exists():
            done.left_over += 1
            if not dry_run:
                _discard(path)
    if not dry_run:
        done.left_over += store.sweep()


def _touched(path: Path) -> float:
    """When it was last written to; now, where its owner has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return clock.now().timestamp()


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)
