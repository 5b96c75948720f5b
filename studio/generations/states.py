"""The states of a generation, the states of its money, and the named sets of both.

Nobody lists states by hand elsewhere: ask `state in HOLDS_SEAT`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for approval")
    QUEUED = "queued", _("Waiting")
    SUBMITTING = "submitting", _("Being sent")
    RUNNING = "running", _("Being made")
    ARCHIVING = "archiving", _("Being saved")
    SUCCEEDED = "succeeded", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    # A paid call whose outcome we do not know: nothing is sent again by itself.
    UNKNOWN = "unknown", _("Outcome unknown")
    # Made and charged, but the file can no longer be had.
    LOST = "lost", _("Lost")


class Charge(models.TextChoices):
    NONE = "none", _("Free")
    HELD = "held", _("Reserved")
    SETTLED = "settled", _("Charged")
    RELEASED = "released", _("Given back")
    UNCLEAR = "unclear", _("Charge being checked")


# Every move there is. `transitions.move` refuses any other.
MOVES: dict[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.SUBMITTING, State.CANCELLED, State.FAILED}),
    # Back to queued only when it was surely not accepted.
    State.SUBMITTING: frozenset(
        {State.RUNNING, State.QUEUED, State.FAILED, State.CANCELLED, State.UNKNOWN}
    ),
    State.RUNNING: frozenset({State.ARCHIVING, State.FAILED, State.CANCELLED, State.UNKNOWN}),
    State.ARCHIVING: frozenset({State.SUCCEEDED, State.FAILED, State.LOST}),
    # Only a look-up, a late answer or a person leads out of it.
    State.UNKNOWN: frozenset({State.RUNNING, State.ARCHIVING, State.FAILED, State.CANCELLED}),
    State.LOST: frozenset({State.ARCHIVING}),
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}

FINAL = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.LOST})
# On its way to an end, with nobody needed but the machine (or an approver).
ACTIVE = frozenset({State.PROPOSED, State.QUEUED, State.SUBMITTING, State.RUNNING, State.ARCHIVING})
# The background machine moves these on; the others wait for a person.
NEEDS_TICK = frozenset({State.QUEUED, State.SUBMITTING, State.RUNNING, State.ARCHIVING})
HOLDS_SEAT = frozenset({State.SUBMITTING, State.RUNNING, State.UNKNOWN})
# Nothing has left the house: cancelling is free and certain.
UNSENT = frozenset({State.PROPOSED, State.QUEUED})
