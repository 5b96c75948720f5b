"""An admin decides what only a person can: was it charged, or not? With a reason, once."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from studio.accounts.models import User
from studio.audit.record import record
from studio.generations.line import give_seat_back
from studio.generations.models import Generation
from studio.generations.states import FINAL, Charge, State
from studio.generations.transitions import move, note
from studio.lib import clock
from studio.spend import ledger


def close(generation: Generation, actor: User, *, was_charged: bool, reason: str) -> bool:
    """Settle or release what is held, or credit what was settled. False: it was closed already.

    `reason` must say something: the audit log and the ledger keep it.
    """
    if not reason.strip():
        raise ValueError("nothing is closed without a reason")
    before = {"state": generation.state, "charge": generation.charge}
    with transaction.atomic():
        closed = _decide(generation, actor, was_charged, reason)
        if closed:
            note(generation, "closed", actor=actor, charged=was_charged, reason=reason)
            record(
                actor,
                "generation.closed",
                kind="generation",
                uid=generation.uid,
                project_uid=generation.project.uid,
                before=before,
                after={"state": generation.state, "charge": generation.charge},
                reason=reason,
            )
    return closed


def _decide(generation: Generation, actor: User, was_charged: bool, reason: str) -> bool:
    if generation.state == State.UNKNOWN:
        return _end(generation, actor, was_charged, reason)
    if generation.charge == Charge.UNCLEAR:
        return _clear(generation, actor, was_charged, reason)
    return _file(generation, actor, was_charged, reason)


def _end(generation: Generation, actor: User, was_charged: bool, reason: str) -> bool:
    """The outcome was unknown: it ends as failed, whoever may still answer."""
    moved = move(
        generation,
        State.UNKNOWN,
        State.FAILED,
        actor=actor,
        closed_at=clock.now(),
        **_charge(generation, was_charged),
    )
    if moved:
        give_seat_back(generation)
        _book(generation, actor, was_charged, reason)
    return moved


def _clear(generation: Generation, actor: User, was_charged: bool, reason: str) -> bool:
    """It has ended; only its charge was unclear."""
    unclear = Generation.objects.filter(pk=generation.pk, charge=Charge.UNCLEAR)
    fields = _charge(generation, was_charged)
    if not unclear.update(closed_at=clock.now(), version=F("version") + 1, **fields):
        return False
    generation.refresh_from_db()
    _book(generation, actor, was_charged, reason)
    return True


def _file(generation: Generation, actor: User, was_charged: bool, reason: str) -> bool:
    """It has ended, and the books say one thing: they stay, or are corrected."""
    mine = Generation.objects.to_be_checked().filter(pk=generation.pk, state__in=FINAL)
    if not mine.update(closed_at=clock.now(), version=F("version") + 1):
        return False
    generation.refresh_from_db()
    is_booked = generation.charge == Charge.SETTLED
    if is_booked != was_charged:
        amount = -generation.charged if is_booked else generation.price
        key = f"closed:{generation.uid}"
        ledger.adjust(generation.uid, amount, key=key, reason=reason, actor=actor)
    return True


def _charge(generation: Generation, was_charged: bool) -> dict[str, Any]:
    if was_charged:
        return {"charge": Charge.SETTLED, "charged": generation.price}
    return {"charge": Charge.RELEASED, "charged": Decimal(0)}


def _book(generation: Generation, actor: User, was_charged: bool, reason: str) -> None:
    if was_charged:
        ledger.settle(generation.uid)
    else:
        ledger.release(generation.uid, reason=reason, actor=actor)
