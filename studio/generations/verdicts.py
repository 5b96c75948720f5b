"""What a provider's word on a running job means, whether it was asked alone or among many.

Most words change nothing: `nothing_new` says how the row goes on, and many such rows are
written together. Whatever changes something is followed row by row.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django.db.models import F

from studio.generations import complaints, endings, plan, timings
from studio.generations.leases import Lease
from studio.generations.models import Attempt, Generation
from studio.generations.paces import Pace
from studio.generations.transitions import note
from studio.generations.wire import NoAccess
from studio.lib import clock, failpoints
from studio.providers.base import Kind, Progress, Stage
from studio.providers.door.faults import DoorError
from studio.providers.errors import AccountTrouble, Busy, Gone, ProviderError
from studio.scheduling import accounts, budget, keys
from studio.scheduling.models import ProviderAccount

log = logging.getLogger(__name__)

# Accepted once, and not known there for so long: a person must look.
FORGOTTEN = timedelta(minutes=30)
# Finished, and no address of the file for so long: likewise.
WITHOUT_LINK = timedelta(minutes=10)

Heard = Progress | ProviderError | DoorError | NoAccess


class Job(NamedTuple):
    """Of a running job what the usual answer needs, read without its rows around it."""

    attempt: int
    generation: int
    model: str
    account: int
    key: int | None
    remote_id: str
    stage: str
    gone_since: datetime | None
    started_at: datetime | None
    is_off_peak: bool
    progress: float
    failures: int

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        generation = attempt.generation
        return cls(
            attempt.pk,
            generation.pk,
            generation.model,
            attempt.account_id,
            attempt.key_id,
            attempt.remote_id,
            attempt.stage,
            attempt.gone_since,
            generation.started_at,
            generation.is_off_peak,
            generation.progress,
            generation.failures,
        )


# The fields of `Job`, in its order.
COLUMNS = (
    *("pk", "generation", "generation__model", "account", "key", "remote_id", "stage"),
    *("gone_since", "generation__started_at", "generation__is_off_peak"),
    *("generation__progress", "generation__failures"),
)


@dataclass(frozen=True)
class Next:
    """How a row goes on. `looked_at` None: nothing was said of the job itself."""

    due_at: datetime
    progress: float
    failures: int
    looked_at: datetime | None

    @property
    def fields(self) -> dict[str, Any]:
        said = {"looked_at": self.looked_at} if self.looked_at else {}
        return {"due_at": self.due_at, "progress": self.progress, "failures": self.failures} | said


def nothing_new(job: Job, heard: Heard, pace: Pace, now: datetime) -> Next | None:
    """How it goes on where it just goes on; None where something has to be followed."""
    if isinstance(heard, Gone):
        return None
    if isinstance(heard, Exception) and plan.is_beyond(job, now):
        return None
    if isinstance(heard, Exception):
        # An error says nothing about the job: it is asked again, ever more rarely.
        return Next(_after(heard, job, now), job.progress, job.failures + 1, None)
    if heard.stage not in (Stage.WAITING, Stage.RUNNING) or heard.stage != job.stage:
        return None
    if job.gone_since or plan.is_beyond(job, now):
        return None
    # Never backwards: a provider's own figure may be.
    share = max(job.progress, min(heard.share or 0, 1))
    return Next(plan.next_look(job, now, pace), share, 0, now)


def of_account(account: ProviderAccount, key: int | None, heard: Heard) -> None:
    """What a word on one job, sent with this key, says about the whole account."""
    if isinstance(heard, AccountTrouble):
        if heard.kind == Kind.KEY and _take_newer_key(account, key):
            return
        reason = complaints.what(heard.kind, account.provider)
        accounts.pause_for(account, heard.kind, f"{reason} {heard}")
    elif isinstance(heard, Busy):
        budget.hold(account.pk, heard.retry_after)


def _take_newer_key(account: ProviderAccount, key: int | None) -> bool:
    """The key was replaced and is no longer taken: its jobs are asked for with the one in use."""
    newer = keys.in_use(account)
    if newer is None or key is None or newer.pk == key:
        return False
    Attempt.objects.filter(account=account, key=key, seat_given_back_at=None).update(key=newer)
    return True


def follow(lease: Lease, attempt: Attempt, heard: Heard, pace: Pace) -> None:
    """Act on what changes something."""
    if isinstance(heard, Gone):
        _gone(lease, attempt)
        return
    if isinstance(heard, Exception):
        endings.unknown(attempt, "overdue", "no sensible answer long after its time")
        return
    if attempt.gone_since:
        Attempt.objects.filter(pk=attempt.pk).update(gone_since=None)
    failpoints.reach("poll.before_commit")
    if heard.stage == Stage.DONE and heard.links:
        _finished(attempt, heard)
    elif heard.stage == Stage.DONE:
        _without_link(lease, attempt)
    elif heard.stage == Stage.FAILED:
        endings.failed(attempt, heard)
    elif heard.stage == Stage.STOPPED:
        endings.stopped(attempt, heard)
    else:
        _goes_on(lease, attempt, heard, pace)


def _finished(attempt: Attempt, progress: Progress) -> None:
    moved = endings.finished(attempt, progress)
    failpoints.reach("poll.after_commit")
    if moved:
        timings.learn(attempt)


def _goes_on(lease: Lease, attempt: Attempt, progress: Progress, pace: Pace) -> None:
    generation, now = lease.generation, clock.now()
    if progress.stage == Stage.MYSTERY:
        _mystery(generation, progress.word)
    elif attempt.stage != progress.stage:
        Attempt.objects.filter(pk=attempt.pk).update(stage=progress.stage)
        # People see where it waits, so the card is drawn anew.
        Generation.objects.filter(pk=generation.pk).update(version=F("version") + 1)
    if plan.is_beyond(generation, now):
        endings.unknown(attempt, "overdue", "not finished long after its time")
        return
    share = max(generation.progress, min(progress.share or 0, 1))
    due_at = plan.next_look(generation, now, pace)
    lease.drop(due_at, progress=share, failures=0, looked_at=now)


def _mystery(generation: Generation, word: str) -> None:
    """A state that no document knows changes nothing; it is told once."""
    if not generation.events.filter(kind="unknown word", detail__word=word).exists():
        log.error("%s says %r of a job, which we do not know", generation.provider, word)
        note(generation, "unknown word", word=word)


def _gone(lease: Lease, attempt: Attempt) -> None:
    now = clock.now()
    since = attempt.gone_since or now
    if now - since > FORGOTTEN:
        endings.unknown(attempt, "forgotten", "the provider no longer knows this job")
        return
    Attempt.objects.filter(pk=attempt.pk).update(gone_since=since)
    tries = lease.generation.failures
    lease.drop(plan.while_unknown_there(tries, now), failures=tries + 1)


def _without_link(lease: Lease, attempt: Attempt) -> None:
    now = clock.now()
    since = attempt.ended_at or now
    if now - since > WITHOUT_LINK:
        endings.unknown(attempt, "no_link", "finished without an address of the file")
        return
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=since, stage=Stage.DONE)
    lease.drop(now + plan.INTERVAL, looked_at=now)


def _after(heard: Exception, job: Job, now: datetime) -> datetime:
    told = heard.retry_after if isinstance(heard, Busy) else None
    return plan.after_a_fault(job.failures, now) if told is None else now + timedelta(seconds=told)
