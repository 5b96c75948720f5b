"""The only code that writes a generation's state."""

from typing import Any

from django.db import transaction
from django.db.models import F

from studio.accounts.models import User
from studio.generations.models import Generation, GenerationEvent
from studio.generations.states import FINAL, MOVES, NEEDS_TICK, State
from studio.lib import clock


def move(
    generation: Generation,
    source: State,
    target: State,
    *,
    actor: User | None = None,
    lease: str | None = None,
    detail: dict[str, Any] | None = None,
    **fields: Any,
) -> bool:
    """Move from `source` to `target` and write the event, both or neither.

    Returns False when the row is no longer in `source` (or the `lease` is no longer held):
    somebody else has moved it, and the loser must do nothing at all. The caller's own
    changes belong in the same transaction, after a True.
    """
    if target not in MOVES[source]:
        raise ValueError(f"a generation never moves from {source} to {target}")
    now = clock.now()
    fields.setdefault("due_at", now if target in NEEDS_TICK else None)
    fields.setdefault("lease_token", "")
    if target in FINAL:
        fields.setdefault("finished_at", now)
    rows = Generation.objects.filter(pk=generation.pk, state=source)
    if lease is not None:
        rows = rows.filter(lease_token=lease)
    with transaction.atomic():
        changed = rows.update(state=target, version=F("version") + 1, **fields)
        if not changed:
            return False
        GenerationEvent.objects.create(
            generation=generation,
            at=now,
            kind="moved",
            from_state=source,
            to_state=target,
            actor=actor,
            detail=detail or {},
        )
    generation.refresh_from_db()
    return True


def note(
    generation: Generation, kind: str, *, actor: User | None = None, **detail: Any
) -> GenerationEvent:
    """Write an event that is not a change of state."""
    return GenerationEvent.objects.create(
        generation=generation, kind=kind, actor=actor, detail=detail
    )
