"""Stopping a generation: certain before it was sent, a wish afterwards."""

from enum import StrEnum

from django.db import transaction

from studio.accounts.models import User
from studio.generations.line import wake_next
from studio.generations.models import Generation
from studio.generations.states import UNSENT, Charge, State
from studio.generations.transitions import move, note
from studio.lib import clock
from studio.providers.registry import traits
from studio.spend import ledger


class Outcome(StrEnum):
    CANCELLED = "cancelled"  # nothing was sent, nothing is charged
    STOPPING = "stopping"  # noted; the worker kills it
    TO_TRASH = "to-trash"  # finished already: it goes on into the trash
    CANNOT_STOP = "cannot-stop"  # the provider has no way; it will be charged
    TOO_LATE = "too-late"  # it has ended already
    NOT_KNOWN = "not-known"  # nobody knows whether there is anything to stop


def cancel(generation: Generation, actor: User | None) -> Outcome:
    """Cancel if that is certain; else note the wish once and say what will come of it."""
    for state in UNSENT:
        if _withdrawn(generation, state, actor, ""):
            return Outcome.CANCELLED
    generation.refresh_from_db()
    if generation.state == State.ARCHIVING:
        return _wish(generation, actor, Outcome.TO_TRASH)
    if generation.state == State.UNKNOWN:
        return Outcome.NOT_KNOWN
    if generation.state not in (State.SUBMITTING, State.RUNNING):
        return Outcome.TOO_LATE
    can_stop = traits(generation.provider).can_cancel
    return _wish(generation, actor, Outcome.STOPPING if can_stop else Outcome.CANNOT_STOP)


def withdraw(generation: Generation, reason: str) -> bool:
    """Cancel what was never sent because the studio must: its person is gone."""
    return _withdrawn(generation, State.QUEUED, None, reason)


def _withdrawn(generation: Generation, state: State, actor: User | None, reason: str) -> bool:
    charge = Charge.RELEASED if generation.charge == Charge.HELD else generation.charge
    with transaction.atomic():
        moved = move(
            generation,
            state,
            State.CANCELLED,
            actor=actor,
            detail={"reason": reason},
            charge=charge,
        )
        if moved:
            ledger.release(generation.uid, reason="cancelled before it was sent", actor=actor)
            wake_next(generation)
    return moved


def _wish(generation: Generation, actor: User | None, outcome: Outcome) -> Outcome:
    with transaction.atomic():
        unwished = Generation.objects.filter(pk=generation.pk, cancel_wished_at=None)
        if unwished.update(cancel_wished_at=clock.now()):
            note(generation, "cancel wished", actor=actor)
    generation.refresh_from_db()
    return outcome
