"""A restored studio spends nothing until an admin has looked.

Since the backup was made, jobs may have been sent, finished and paid that its database knows
nothing of. So whatever was under way at a provider becomes "outcome unknown", and what waits to
be sent goes on waiting (`Studio.is_spending`).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from studio.accounts.models import Studio, User
from studio.audit.record import record
from studio.generations import cancel
from studio.generations.models import (
    Attempt,
    AttemptState,
    Generation,
    GenerationQuerySet,
)
from studio.generations.states import State
from studio.generations.transitions import move
from studio.lib import clock
from studio.providers.registry import PROVIDERS

REASON = gettext_noop("The studio was restored from a backup.")

# At a provider, as far as the backup knows.
OPEN = (State.SUBMITTING, State.RUNNING)
UNSETTLED = frozenset({AttemptState.PREPARED, AttemptState.CLAIMED, AttemptState.SENDING})


@dataclass(frozen=True)
class Entered:
    unknown: int
    waiting: int


@transaction.atomic
def enter(made_at: str) -> Entered:
    """Into safe mode, in the restored database, before anybody works with it.

    `made_at` is when the backup was made (ISO 8601), for the audit.
    """
    Studio.objects.update(restored_at=clock.now())
    # Nobody who held a lease then is at work now.
    Generation.objects.exclude(lease_token="").update(lease_token="")
    unknown = sum(_doubt(generation) for generation in under_way())
    entered = Entered(unknown, waiting().count())
    after = {"backup made at": made_at, "unknown": unknown, "waiting": entered.waiting}
    record(None, "studio.restore", kind="studio", after=after)
    return entered


def _doubt(generation: Generation) -> bool:
    source = State(generation.state)
    if not move(generation, source, State.UNKNOWN, detail={"reason": REASON}):
        return False
    doubtful = Attempt.objects.filter(generation=generation, state__in=UNSETTLED)
    doubtful.update(state=AttemptState.UNKNOWN)
    return True


def under_way() -> GenerationQuerySet:
    return _paid(Generation.objects.filter(state__in=OPEN))


def waiting() -> GenerationQuerySet:
    """What would be sent by itself. Since the backup it may have been sent already."""
    return _paid(Generation.objects.filter(state=State.QUEUED))


def unknown() -> GenerationQuerySet:
    return _paid(Generation.objects.filter(state=State.UNKNOWN))


def _paid(rows: GenerationQuerySet) -> GenerationQuerySet:
    for provider, known in PROVIDERS.items():
        if known.free:
            rows = rows.exclude(model__startswith=f"{provider}/")
    return rows.order_by("created_at", "pk")


def confirm(actor: User, *, cancel_waiting: bool) -> bool:
    """Spend again. False when it was confirmed already; then nothing is done.

    With `cancel_waiting` what waits is cancelled and its money given back: for a backup after
    which it was surely sent.
    """
    with transaction.atomic():
        restored = Studio.objects.exclude(restored_at=None)
        before = Studio.get().restored_at
        if not restored.update(restored_at=None):
            return False
        left = list(waiting())
        if cancel_waiting:
            for generation in left:
                cancel.withdraw(generation, REASON)
        record(
            actor,
            "studio.spend_again",
            kind="studio",
            before={"restored_at": before.isoformat() if before else ""},
            after={"waiting": len(left), "cancelled": cancel_waiting},
        )
    return True
