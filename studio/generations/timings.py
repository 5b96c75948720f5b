"""How long jobs take, by model and account: learned from each that ends, asked before each look."""

from datetime import datetime, timedelta

from django.db import transaction

from studio.catalogue.load import catalogue
from studio.generations.models import Attempt, Generation, Timing
from studio.generations.paces import Pace, Seen, pace
from studio.generations.plan import INTERVAL
from studio.lib import clock
from studio.scheduling import budget

# It ended somewhere between two looks: only where they were this close together it teaches.
SURE, SURE_SHARE = timedelta(seconds=10), 0.2
# Started long after it was sent: it was lost sight of, so nobody knows when it began.
LOST_SIGHT = timedelta(minutes=1)


def pace_of(model: str, account_id: int) -> Pace:
    """How to look at jobs of that model on that account, within what the account may be asked."""
    running = Attempt.objects.filter(account_id=account_id, ended_at=None, seat_given_back_at=None)
    in_flight = running.exclude(remote_id="").count()
    every = budget.every(in_flight, INTERVAL.total_seconds())
    spec = catalogue().models.get(model)
    return pace(_seen(model, account_id).habit(spec.usual_seconds if spec else None), every)


def learn(attempt: Attempt) -> None:
    """From a job that was just found finished."""
    seconds = _taken(attempt.generation, attempt, clock.now())
    if seconds is None:
        return
    model, account = attempt.generation.model, attempt.account
    with transaction.atomic():
        Timing.objects.get_or_create(model=model, account=account)
        row = Timing.objects.select_for_update().get(model=model, account=account)
        seen = Seen(row.count, row.log_mean, row.log_squares).and_also(seconds)
        row.count, row.log_mean, row.log_squares = seen.count, seen.mean, seen.squares
        row.save()


def _seen(model: str, account_id: int) -> Seen:
    row = Timing.objects.filter(model=model, account_id=account_id).first()
    return Seen(row.count, row.log_mean, row.log_squares) if row else Seen()


def _taken(generation: Generation, attempt: Attempt, now: datetime) -> float | None:
    """Seconds from its start to the middle of the time in which it ended; None: nobody knows."""
    started = generation.started_at
    if started is None or generation.is_off_peak:
        return None
    if attempt.sending_at and started - attempt.sending_at > LOST_SIGHT:
        return None
    before = max(generation.looked_at or started, started)
    if now - before > max(SURE, (now - started) * SURE_SHARE):
        return None
    return ((now - before) / 2 + before - started).total_seconds()
