"""Hand out running jobs to be asked about, many in one message, within each account's budget.

As in `wake`, a message may be lost, doubled or late: the lease decides. What the budget does
not allow is left as it is: due, and the longer it has been the earlier its turn.
"""

import logging
from collections import defaultdict
from datetime import datetime

from celery import current_app
from django.db.models import OuterRef, Subquery
from kombu.exceptions import OperationalError

from studio.generations import leases
from studio.generations.models import Attempt, Generation
from studio.generations.states import State
from studio.generations.wake import PATIENCE, QUEUES
from studio.lib import clock
from studio.scheduling import budget

log = logging.getLogger(__name__)

# In one message; more would hold a lease too long.
MOST = 500
# Under way at a time for one account: a provider that hangs must not occupy every worker.
MOST_ROUNDS = 2
# Of all due rows so many are looked at in one tick, the oldest.
HORIZON = 10_000


def hand_out() -> int:
    """Wake a worker for the due rows of each account; returns how many rows that were."""
    now = clock.now()
    due = _due(now)
    return sum(_hand_out(account, pks, now) for account, pks in due.items())


def _due(now: datetime) -> dict[int, list[int]]:
    latest = Attempt.objects.filter(generation=OuterRef("pk")).order_by("-number")
    rows = Generation.objects.asked_in_rounds().filter(due_at__lte=now)
    whose = rows.annotate(account=Subquery(latest.values("account")[:1])).order_by("due_at", "pk")
    found = defaultdict(list)
    for pk, account in whose.values_list("pk", "account")[:HORIZON]:
        if account is not None:
            found[account].append(pk)
    return found


def _hand_out(account: int, pks: list[int], now: datetime) -> int:
    if _rounds(account, now) >= MOST_ROUNDS:
        return 0
    granted = pks[: budget.take(account, min(len(pks), MOST))]
    if not granted or not leases.offer_many(granted, now, now + PATIENCE):
        return 0
    try:
        current_app.send_task("studio.look", (granted,), queue=QUEUES[State.RUNNING])
    except OperationalError:
        log.warning("The broker cannot be reached; %s running jobs wait", len(granted))
        return 0
    return len(granted)


def _rounds(account: int, now: datetime) -> int:
    """How many are under way. A dead worker's are not."""
    held = Generation.objects.filter(
        state=State.RUNNING, attempts__account=account, due_at__gt=now
    ).exclude(lease_token="")
    return held.values("lease_token").distinct().count()
