"""How an attempt ends: each outcome in one transaction with its event, its seat and its money."""

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from studio.generations import bills, complaints, plan
from studio.generations.bills import Bill
from studio.generations.leases import Lease
from studio.generations.line import give_seat_back
from studio.generations.models import CONTRADICTED, Attempt, AttemptState, Generation, Hint
from studio.generations.states import State
from studio.generations.transitions import move, note
from studio.lib import clock
from studio.providers.base import Kind, Progress, Stage, Ticket
from studio.providers.errors import ProviderError
from studio.spend import ledger

log = logging.getLogger(__name__)

# The answer to a POST may come when the sweeper has already called its outcome unknown.
WAS_SENT = (State.SUBMITTING, State.UNKNOWN)
FIRST_LOOK_UP = timedelta(minutes=1)
UNDECIDED = (
    AttemptState.PREPARED,
    AttemptState.CLAIMED,
    AttemptState.SENDING,
    AttemptState.UNKNOWN,
)


# ── Before anything was accepted ──────────────────────────────────────────────────────────────


def give_up(lease: Lease, code: str, message: str) -> None:
    """Nothing was sent and nothing will be."""
    generation = lease.generation
    with transaction.atomic():
        if move(
            generation,
            State.QUEUED,
            State.FAILED,
            lease=lease.token,
            charge=bills.given_back(generation),
            error_code=code,
            error_message=message,
        ):
            ledger.release(generation.uid, reason=f"never sent: {code}")


def sent_back(attempt: Attempt, wait: timedelta, reason: str, code: str = "") -> bool:
    """Provably not accepted: it waits in line for another attempt, its seat is free."""
    generation = attempt.generation
    generation.refresh_from_db(fields=["cancel_wished_at", "failures"])
    if generation.cancel_wished_at:
        return unsent_and_over(attempt, State.CANCELLED, "", "")
    until = clock.now() + wait
    with transaction.atomic():
        moved = move(
            generation,
            State.SUBMITTING,
            State.QUEUED,
            detail={"reason": reason, "code": code, "attempt": attempt.uid},
            due_at=until,
            waits_until=until,
            failures=generation.failures + 1,
        )
        if moved and _reject(attempt):
            give_seat_back(generation)
            return True
        transaction.set_rollback(True)
    return False


def unsent_and_over(attempt: Attempt, target: State, code: str, message: str) -> bool:
    """Provably not accepted and not to be tried again: failed or cancelled, money given back."""
    generation = attempt.generation
    with transaction.atomic():
        moved = _leave(
            generation,
            WAS_SENT,
            target,
            detail={"code": code, "attempt": attempt.uid},
            charge=bills.given_back(generation),
            error_code=code if target == State.FAILED else "",
            error_message=message if target == State.FAILED else "",
        )
        if moved and _reject(attempt):
            give_seat_back(generation)
            ledger.release(generation.uid, reason=f"not accepted: {code or target}")
            return True
        transaction.set_rollback(True)
    return False


def refused(attempt: Attempt, error: ProviderError) -> bool:
    """The provider says that the request is at fault: nothing was created, nothing billed."""
    provider = attempt.generation.provider
    cost = complaints.nothing_charged()
    message = complaints.told(error.kind, provider, error.message, cost)
    return unsent_and_over(attempt, State.FAILED, error.code or error.kind, message)


def _reject(attempt: Attempt) -> bool:
    """False for an attempt that was judged before, or has a successor: it decides nothing."""
    newer = Attempt.objects.filter(generation=attempt.generation, number__gt=attempt.number)
    undecided = Attempt.objects.filter(pk=attempt.pk, state__in=UNDECIDED)
    return not newer.exists() and undecided.update(state=AttemptState.REJECTED) == 1


# ── Accepted, or perhaps ──────────────────────────────────────────────────────────────────────


def accepted(attempt: Attempt, ticket: Ticket) -> bool:
    """The provider has it. Its id is written before anything else, and belongs to one attempt."""
    generation = attempt.generation
    with transaction.atomic():
        if not _claim_id(attempt, ticket.remote_id):
            return _repeated_id(attempt, ticket.remote_id)
        now = clock.now()
        moved = _leave(
            generation,
            WAS_SENT,
            State.RUNNING,
            detail={"attempt": attempt.uid, "remote_id": ticket.remote_id},
            started_at=generation.started_at or now,
            due_at=now if _was_hinted(attempt, ticket) else plan.first_look(now),
            waits_until=None,
            failures=0,
            error_code="",
            error_message="",
        )
    return moved or _contradicted(generation, "accepted", MADE)


def _was_hinted(attempt: Attempt, ticket: Ticket) -> bool:
    """The provider may call us about a job before we have stored its id."""
    return Hint.objects.filter(account=attempt.account, remote_id=ticket.remote_id).exists()


def _claim_id(attempt: Attempt, remote_id: str) -> bool:
    try:
        with transaction.atomic():
            Attempt.objects.filter(pk=attempt.pk).update(
                state=AttemptState.ACCEPTED, remote_id=remote_id, stage=Stage.WAITING
            )
    except IntegrityError:
        return False
    return True


def _repeated_id(attempt: Attempt, remote_id: str) -> bool:
    """Two attempts cannot be one job: which of them it is nobody can tell, so neither goes on."""
    log.error("%s repeated the id %s", attempt.account.provider, remote_id)
    other = Attempt.objects.get(account=attempt.account, remote_id=remote_id)
    for doubtful in (attempt, other):
        unknown(doubtful, "repeated_id", f"the provider gave the id {remote_id} twice")
    return False


def unknown(attempt: Attempt, code: str, reason: str) -> bool:
    """Nothing proves that it was not accepted: the money stays held, nothing is sent again."""
    generation = attempt.generation
    generation.refresh_from_db(fields=["state"])
    with transaction.atomic():
        moved = _leave(
            generation,
            (State.SUBMITTING, State.RUNNING),
            State.UNKNOWN,
            detail={"code": code, "reason": reason, "attempt": attempt.uid},
            due_at=clock.now() + FIRST_LOOK_UP,
            failures=0,
            error_code=code,
            error_message=complaints.outcome_unknown(generation.provider),
        )
        if moved and not attempt.remote_id:
            Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.UNKNOWN)
    return moved


# ── What the provider says in the end ─────────────────────────────────────────────────────────

ACCEPTED = (State.RUNNING, State.UNKNOWN)


def finished(attempt: Attempt, progress: Progress) -> bool:
    """Made: settle now, since the provider charges now, and fetch the file."""
    generation = attempt.generation
    now = clock.now()
    bill = bills.of_success(generation, progress)
    with transaction.atomic():
        moved = _leave(
            generation,
            ACCEPTED,
            State.ARCHIVING,
            detail={"attempt": attempt.uid, "files": len(progress.links)},
            progress=1,
            failures=0,
            error_code="",
            error_message="",
            link_dies_at=plan.link_dies(generation, progress, now),
            charge=bill.charge,
            charged=bill.amount,
        )
        if moved:
            _end(attempt, links=list(progress.links), links_at=now, stage=Stage.DONE)
            give_seat_back(generation)
            bills.book(generation, attempt, bill)
    return moved or _contradicted(generation, "finished", MADE)


def failed(attempt: Attempt, progress: Progress) -> bool:
    """The provider says that it failed; whether it charged follows only from what it says."""
    provider, complaint = attempt.generation.provider, progress.complaint
    kind = complaint.kind if complaint else Kind.PROVIDER
    said = complaint.message if complaint else ""
    bill = bills.of_failure(attempt.generation, progress)
    return _ended_without_clip(
        attempt,
        State.FAILED,
        bill,
        error_code=(complaint.code if complaint else "") or kind,
        error_message=complaints.told(kind, provider, said, bill.words),
    )


def stopped(attempt: Attempt, progress: Progress) -> bool:
    """Cancelled there."""
    bill = bills.of_failure(attempt.generation, progress)
    return _ended_without_clip(attempt, State.CANCELLED, bill)


def _ended_without_clip(attempt: Attempt, target: State, bill: Bill, **fields: str) -> bool:
    generation = attempt.generation
    with transaction.atomic():
        moved = _leave(
            generation,
            ACCEPTED,
            target,
            detail={"attempt": attempt.uid, "charge": bill.charge},
            charge=bill.charge,
            charged=bill.amount,
            **fields,
        )
        if moved:
            _end(attempt, stage=Stage.FAILED if target == State.FAILED else Stage.STOPPED)
            give_seat_back(generation)
            bills.book(generation, attempt, bill)
    return moved or _contradicted(generation, target, (target,))


def _end(attempt: Attempt, **fields: Any) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=clock.now(), **fields)


def _leave(
    generation: Generation, sources: tuple[State, ...], target: State, **fields: Any
) -> bool:
    """Move from whichever of `sources` it is in. An aged attempt decides about nothing else."""
    return any(move(generation, source, target, **fields) for source in sources)


# A job that was made is here, or on its way.
MADE = (State.RUNNING, State.ARCHIVING, State.SUCCEEDED, State.LOST)


def _contradicted(generation: Generation, word: str, agreeing: tuple[State, ...]) -> bool:
    """An answer that moved nothing: the first one stands, and an admin reads of the other.

    Always False, as the answer has changed nothing.
    """
    generation.refresh_from_db()
    if generation.state not in agreeing:
        log.error("Generation %s: a later answer said %s", generation.uid, word)
        note(generation, "contradicted", word=word)
        ended = Generation.objects.filter(
            pk=generation.pk, state__in=(State.FAILED, State.CANCELLED)
        )
        ended.update(error_code=CONTRADICTED, closed_at=None)
    return False


def lost(lease: Lease) -> bool:
    """Made and charged, and nobody can give us the file any more."""
    generation = lease.generation
    return move(
        generation,
        State.ARCHIVING,
        State.LOST,
        lease=lease.token,
        error_code="lost",
        error_message=complaints.expired(generation.provider),
    )
