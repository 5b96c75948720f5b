"""How often a provider may be asked about running jobs, by account.

A bucket of looks that fills evenly, kept as one time: up to when looks have been spent. Whoever
finds it empty leaves its rows as they are, oldest first in line; nobody's turn is skipped. So
that it is rarely empty, jobs are looked at more rarely as soon as there are many of them.
"""

import math
from datetime import timedelta

from django.conf import settings

from studio.lib import clock
from studio.scheduling.models import ProviderAccount

# So much may be saved up, and spent at once.
SAVED = timedelta(seconds=10)
# How long nobody is asked after being told that it is too much: by its own word, within these.
LEAST_PATIENCE, MOST_PATIENCE = 5.0, 60.0
# What planned looks may use of it; the rest is for hints, repeats and people who wait.
PLANNED = 0.8
# Paces are told apart by such a step.
STEP = 1.25


def take(account_id: int, wanted: int) -> int:
    """Spend up to `wanted` looks; returns how many there were."""
    now = clock.now()
    account = ProviderAccount.objects.filter(pk=account_id)
    spent = account.values_list("looks_until", flat=True).get()
    start = max(spent, now - SAVED)
    granted = max(0, min(wanted, (now - start) // _each()))
    # Another who spends at the same time makes this one wait for the next tick.
    untouched = account.filter(looks_until=spent)
    return granted if granted and untouched.update(looks_until=start + granted * _each()) else 0


def hold(account_id: int, seconds: float | None) -> None:
    """The provider said that it was asked too often: ask nothing for a while, then slowly."""
    patience = min(max(seconds or LEAST_PATIENCE, LEAST_PATIENCE), MOST_PATIENCE)
    until = clock.now() + timedelta(seconds=patience)
    account = ProviderAccount.objects.filter(pk=account_id, looks_until__lt=until)
    account.update(looks_until=until)


def every(in_flight: int, interval: float) -> float:
    """Seconds between two looks at a job, so that so many jobs together keep within the budget.

    `interval` where there are few; all are slowed down alike.
    """
    needed = in_flight * 60 / (settings.LOOKS_PER_MINUTE * PLANNED)
    if needed <= interval:
        return interval
    steps = math.ceil(math.log(needed / interval, STEP))
    return float(interval * STEP**steps)


def _each() -> timedelta:
    return timedelta(minutes=1) / settings.LOOKS_PER_MINUTE
