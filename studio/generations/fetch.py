"""The finished files of a paid job, from the provider into the spool, before their links die."""

import logging
from datetime import timedelta

from django.utils.translation import gettext as _

from studio.archive.models import Video
from studio.generations import complaints, endings, plan, poll, wire
from studio.generations.leases import Lease
from studio.generations.models import Attempt, Generation
from studio.generations.spool import spooled
from studio.generations.transitions import note
from studio.lib import clock, failpoints
from studio.providers.base import Progress, Stage
from studio.providers.door.download import download
from studio.providers.door.faults import DoorError, NewHost
from studio.providers.errors import ProviderError
from studio.scheduling import hosts
from studio.storage import space

log = logging.getLogger(__name__)

# Larger than any clip that is sold; a stream without an end stops here.
CEILING = 1024**3
# For one file; the door asks for a least rate besides (seconds).
DEADLINE = 3600.0
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
# A refused host waits for an admin, who wakes it.
HOST_WAIT = timedelta(minutes=5)
SPACE_WAIT = timedelta(seconds=30)
# A provider that does not answer when a link dies is asked on for so long before it is lost.
GRACE = timedelta(hours=24)


def fetch(lease: Lease, attempt: Attempt) -> bool:
    """Have every file in the spool or in the archive. False: the row was put off, or has ended."""
    if space.is_full():
        lease.drop(clock.now() + SPACE_WAIT)
        return False
    if lease.generation.failures and not _refresh(lease, attempt):
        return False
    try:
        for number, link in enumerate(attempt.links):
            _fetch(lease, attempt, number, link)
    except NewHost as error:
        _new_host(lease, error)
    except (DoorError, OSError) as error:
        _again(lease, error)
    else:
        return True
    return False


def _fetch(lease: Lease, attempt: Attempt, number: int, link: str) -> None:
    target = spooled(attempt, number)
    kept = Video.objects.filter(attempt_uid=attempt.uid, number=number)
    if target.exists() or kept.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    download(
        link,
        wire.policy(),
        hosts=hosts.allowed(attempt.account.provider),
        into=target,
        ceiling=CEILING,
        deadline=DEADLINE,
        # Whoever has lost the lease stops, since another one writes the same file.
        on_bytes=lambda _size: lease.is_held,
    )
    failpoints.reach("archive.fetched")


def _refresh(lease: Lease, attempt: Attempt) -> bool:
    """After a failure: ask for fresh links. False when the file can no longer be had."""
    generation = lease.generation
    try:
        progress = poll.ask(attempt)
    except (ProviderError, DoorError, wire.NoAccess) as error:
        log.warning("No fresh link for %s: %s", generation.uid, error)
        return not _is_over(lease, GRACE)
    if progress.stage == Stage.DONE and progress.links:
        _renew(generation, attempt, progress)
        return True
    return not _is_over(lease, timedelta(0))


def _renew(generation: Generation, attempt: Attempt, progress: Progress) -> None:
    """A link that is not the old one lives anew."""
    links = list(progress.links)
    if links == attempt.links:
        return
    now = clock.now()
    attempt.links = links
    Attempt.objects.filter(pk=attempt.pk).update(links=links, links_at=now)
    dies = plan.link_dies(generation, progress, now)
    Generation.objects.filter(pk=generation.pk).update(link_dies_at=dies)
    generation.link_dies_at = dies


def _is_over(lease: Lease, grace: timedelta) -> bool:
    generation = lease.generation
    dies = generation.link_dies_at
    if dies is None or clock.now() < dies + grace:
        return False
    endings.lost(lease)
    return True


def _new_host(lease: Lease, error: NewHost) -> None:
    generation = lease.generation
    if hosts.refused(generation.provider, error.host):
        log.error("%s sends files from a new host: %s", generation.provider, error.host)
    if not _is_over(lease, GRACE):
        _put_off(lease, HOST_WAIT, complaints.new_host(error.host), failures=0)


def _again(lease: Lease, error: Exception) -> None:
    if _is_over(lease, GRACE):
        return
    failures = lease.generation.failures + 1
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 10))
    log.warning("Generation %s cannot be fetched now: %s", lease.generation.uid, error)
    _put_off(lease, wait, _("The file could not be fetched."), failures=failures, said=str(error))


def _put_off(lease: Lease, wait: timedelta, reason: str, *, failures: int, said: str = "") -> None:
    """Once per reason into the timeline: a link may be tried a hundred times."""
    generation = lease.generation
    latest = generation.events.last()
    if latest is None or latest.detail.get("reason") != reason:
        note(generation, "archive put off", reason=reason, said=said)
    lease.drop(clock.now() + wait, failures=failures)
