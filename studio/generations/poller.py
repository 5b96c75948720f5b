"""Ask about many running jobs of one account at once, and write what changes nothing together."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from studio.generations import hearing, leases, timings, verdicts, wire
from studio.generations.leases import Lease
from studio.generations.models import Attempt, Generation
from studio.generations.paces import Pace
from studio.generations.states import State
from studio.generations.verdicts import COLUMNS, Heard, Job, Next
from studio.generations.wake import wake_soon
from studio.lib import clock
from studio.providers.base import Access, Adapter, Reply, Request
from studio.providers.door.call import call_many
from studio.providers.door.faults import DoorError
from studio.providers.errors import ProviderError
from studio.providers.wires import adapter
from studio.scheduling.models import ProviderAccount, ProviderKey

log = logging.getLogger(__name__)

# A row that hangs holds up those asked with it, so it is waited for less long than one alone.
SHARE_OF_PATIENCE = 0.5


@dataclass(frozen=True)
class Round:
    """The jobs that one worker asks about, under one token."""

    account: ProviderAccount
    token: str
    jobs: list[Job]

    @property
    def pks(self) -> list[int]:
        return [job.generation for job in self.jobs]


def look_at(pks: Sequence[int]) -> int:
    """Look at those of these rows that nobody holds. Returns how many that were."""
    token = leases.take_many(pks, State.RUNNING)
    if token is None:
        return 0
    return sum(_look(each) for each in _rounds(pks, token))


def _rounds(pks: Sequence[int], token: str) -> Iterator[Round]:
    held = Attempt.objects.filter(generation__in=pks, generation__lease_token=token)
    rows = map(Job._make, held.order_by("number").values_list(*COLUMNS))
    # The latest attempt of each.
    jobs = {job.generation: job for job in rows}.values()
    for account in ProviderAccount.objects.filter(pk__in={job.account for job in jobs}):
        yield Round(account, token, [job for job in jobs if job.account == account.pk])


def _look(round_: Round) -> int:
    heard = _ask(round_)
    # The answers may have taken most of the leases' life.
    leases.renew_many(round_.pks, round_.token)
    told = {(type(word), job.key): word for job, word in zip(round_.jobs, heard, strict=True)}
    for (_branch, key), word in told.items():
        verdicts.of_account(round_.account, key, word)
    models = {job.model for job in round_.jobs}
    paces = {model: timings.pace_of(model, round_.account.pk) for model in models}
    now = clock.now()
    quiet: list[tuple[Job, Next]] = []
    news: list[tuple[Job, Heard]] = []
    for job, word in zip(round_.jobs, heard, strict=True):
        after = verdicts.nothing_new(job, word, paces[job.model], now)
        if after:
            quiet.append((job, after))
        else:
            news.append((job, word))
    _go_on(quiet, round_.token)
    _tell(round_, heard)
    for job, progress in news:
        _follow(job, progress, round_.token, paces[job.model])
    return len(round_.jobs)


# ── Asking ────────────────────────────────────────────────────────────────────────────────────


def _ask(round_: Round) -> list[Heard]:
    """What is said of each job, in their order."""
    speaks = adapter(round_.account.provider)
    requests = _requests(round_, speaks)
    sendable = [request for request in requests if isinstance(request, Request)]
    patience = settings.POLL_SECONDS * SHARE_OF_PATIENCE
    replies = iter(call_many(sendable, wire.policy(), deadline=patience))
    return [
        _read(round_, job, next(replies), speaks) if isinstance(request, Request) else request
        for job, request in zip(round_.jobs, requests, strict=True)
    ]


def _requests(round_: Round, speaks: Adapter) -> list[Request | wire.NoAccess]:
    """One each, with the key that sent the job: it is opened once for all."""
    used = {job.key for job in round_.jobs}
    keys = ProviderKey.objects.in_bulk([key for key in used if key])
    ways = {key: _way_in(round_.account, keys.get(key or 0)) for key in used}
    return [
        way if isinstance(way, wire.NoAccess) else speaks.poll(job.remote_id, way)
        for job, way in ((job, ways[job.key]) for job in round_.jobs)
    ]


def _way_in(account: ProviderAccount, key: ProviderKey | None) -> Access | wire.NoAccess:
    try:
        return wire.access(account, key)
    except wire.NoAccess as error:
        return error


def _read(round_: Round, job: Job, reply: Reply | DoorError, speaks: Adapter) -> Heard:
    if isinstance(reply, DoorError):
        return reply
    try:
        return hearing.read(job.attempt, round_.account, speaks, reply)
    except ProviderError as error:
        return error


def _tell(round_: Round, heard: Sequence[Heard]) -> None:
    faults = [word for word in heard if isinstance(word, Exception)]
    if faults:
        jobs = len(round_.jobs)
        log.warning("No word on %s of %s jobs: %s, …", len(faults), jobs, faults[0])


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def _go_on(quiet: Sequence[tuple[Job, Next]], token: str) -> None:
    """Give back all rows of which nothing new was heard, in one transaction."""
    if not quiet:
        return
    table = connection.ops.quote_name(Generation._meta.db_table)
    written = [(*_values(after), job.generation, token) for job, after in quiet]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET lease_token = '', due_at = %s, progress = %s, failures = %s,"
            " looked_at = COALESCE(%s, looked_at) WHERE id = %s AND lease_token = %s",
            written,
        )


def _values(after: Next) -> tuple[Any, ...]:
    return _time(after.due_at), after.progress, after.failures, _time(after.looked_at)


def _time(when: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(when)


def _follow(job: Job, heard: Heard, token: str, pace: Pace) -> None:
    """As `poll.look` does. What breaks here breaks for this row: its lease dies, it is asked
    again, and the others are followed all the same.
    """
    attempt = Attempt.objects.select_related("generation__person", "account").get(pk=job.attempt)
    generation = attempt.generation
    try:
        with translation.override(generation.person.language or settings.LANGUAGE_CODE):
            verdicts.follow(Lease(generation, token), attempt, heard, pace)
    except Exception:
        log.exception("Generation %s could not be followed", generation.uid)
        return
    if generation.state != State.RUNNING and generation.due_at is not None:
        wake_soon(generation)
