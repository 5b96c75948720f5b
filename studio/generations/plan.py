"""When to look at a job next, and how long it may take at all."""

from datetime import datetime, timedelta
from typing import Protocol

from studio.catalogue.load import catalogue
from studio.generations.models import Generation
from studio.generations.paces import FIRST, Pace
from studio.providers.base import Progress

# A fresh id may not be known yet everywhere: these waits (seconds) come before the first minute.
SETTLING = (2, 3, 5, 5)
# What looks may cost in all: as many as one every so often. When they are is learned.
INTERVAL = timedelta(seconds=5)
LONGEST_INTERVAL = timedelta(minutes=1)
OVERDUE_INTERVAL = timedelta(hours=1)
# A fault of the line backs off from the interval to this.
LONGEST_PAUSE = timedelta(minutes=5)
# Longer than this is called far longer than usual; beyond the last a person is asked.
HORIZON, OFF_PEAK_HORIZON = timedelta(hours=2), timedelta(hours=48)
LAST = timedelta(hours=48)
DEFAULT_LINK_HOURS = 1


class Job(Protocol):
    """What of a generation decides when it is looked at."""

    @property
    def started_at(self) -> datetime | None: ...

    @property
    def is_off_peak(self) -> bool: ...


def first_look(now: datetime) -> datetime:
    """Soon, to show that it was taken."""
    return now + timedelta(seconds=FIRST)


def next_look(job: Job, now: datetime, pace: Pace) -> datetime:
    age = _age(job, now)
    if age > horizon(job):
        return now + OVERDUE_INTERVAL
    if job.is_off_peak:
        return now + min(max(age / 10, INTERVAL), LONGEST_INTERVAL)
    seconds = age.total_seconds()
    return now + timedelta(seconds=pace.next_age(seconds) - seconds)


def after_a_fault(failures: int, now: datetime) -> datetime:
    """Ever longer while the provider does not answer sensibly."""
    return now + min(INTERVAL * (1 << min(failures, 8)), LONGEST_PAUSE)


def while_unknown_there(tries: int, now: datetime) -> datetime:
    """It says that it knows no such job: settle first, then by the minute."""
    wait = SETTLING[tries] if tries < len(SETTLING) else 60
    return now + timedelta(seconds=wait)


def horizon(job: Job) -> timedelta:
    return OFF_PEAK_HORIZON if job.is_off_peak else HORIZON


def is_overdue(job: Job, now: datetime) -> bool:
    return _age(job, now) > horizon(job)


def is_beyond(job: Job, now: datetime) -> bool:
    """So old that looking on by the hour helps nobody."""
    return _age(job, now) > horizon(job) + LAST


def _age(job: Job, now: datetime) -> timedelta:
    return now - (job.started_at or now)


def link_dies(generation: Generation, progress: Progress, now: datetime) -> datetime:
    """When the finished file goes away: as stated with it, else as the catalogue says."""
    if progress.link_seconds is not None:
        return now + timedelta(seconds=progress.link_seconds)
    spec = catalogue().models.get(generation.model)
    return now + timedelta(hours=spec.link_life_hours if spec else DEFAULT_LINK_HOURS)
