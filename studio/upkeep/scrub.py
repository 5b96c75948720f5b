"""Hash every kept file again, each at least every 30 days, and say what is wrong.

Nothing is repaired and nothing deleted: a fault is written on the row, shown on the clip's page
and on the admins' list, and taken off when the file is found whole again.
"""

import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from studio.audit.record import record
from studio.lib import clock
from studio.storage import store
from studio.storage.models import Blob, BlobQuerySet, Fault

log = logging.getLogger(__name__)

# The promise, and the time in which the hourly shares come round to every file.
EVERY = timedelta(days=30)
ROUND = timedelta(days=27)
# How much of the disk's time the hourly share may take (bytes a second).
RATE = 50 * 1024 * 1024

_HOURS = ROUND // timedelta(hours=1)


class NoStore(Exception):
    """The whole store is away; it would be wrong to call each of its files missing."""


@dataclass
class Scrubbed:
    """What one run has read, and the blobs in which it found a fault."""

    files: int
    bytes: int
    faulty: list[Blob]


def share() -> BlobQuerySet:
    """What this hour is to look at: the longest unseen, and all that is nearly overdue."""
    overdue = Blob.objects.filter(checked_at__lt=clock.now() - (ROUND + EVERY) / 2).count()
    fair = math.ceil(Blob.objects.count() / _HOURS)
    return Blob.objects.order_by("checked_at", "pk")[: max(fair, overdue)]


def scrub(blobs: Iterable[Blob], *, rate: float = RATE, dry_run: bool = False) -> Scrubbed:
    """Hash these, at most `rate` bytes a second (0: as fast as it goes). Raises NoStore.

    With `dry_run` the files are read and nothing is written down.
    """
    if not store.is_reachable():
        raise NoStore
    done, began = Scrubbed(0, 0, []), time.monotonic()
    for blob in blobs:
        if check(blob, dry_run=dry_run):
            done.faulty.append(blob)
        done.files += 1
        done.bytes += blob.size
        if rate:
            time.sleep(max(0.0, began + done.bytes / rate - time.monotonic()))
    return done


def check(blob: Blob, *, dry_run: bool = False) -> Fault:
    """Hash one, and write down when and with which result."""
    before, blob.fault = Fault(blob.fault), store.look(blob)
    if not dry_run:
        _write(blob, before)
    return Fault(blob.fault)


@transaction.atomic
def _write(blob: Blob, before: Fault) -> None:
    blob.checked_at = clock.now()
    rows = Blob.objects.filter(pk=blob.pk)
    changed = rows.update(checked_at=blob.checked_at, fault=blob.fault)
    if not changed or blob.fault == before:
        return
    if blob.fault:
        log.error("The file %s is %s", blob.sha256, blob.fault)
    after = {"sha256": blob.sha256, "fault": blob.fault}
    record(None, "file.check", kind="file", before={"fault": before}, after=after)
