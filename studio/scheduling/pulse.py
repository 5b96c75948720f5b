"""The beat's pulse: when the background last ticked. When it stops, everybody is told."""

from datetime import datetime, timedelta

from studio.lib import clock
from studio.scheduling.models import Pulse

# Ticks come up to four times a second; one in so long is written down.
EVERY = timedelta(seconds=10)
# After so long without one, background work counts as paused.
LATE = timedelta(minutes=2)


def beat() -> None:
    """Called at every tick. Cheap: it looks, and seldom writes."""
    if not _is_within(EVERY):
        _write()


def expect() -> None:
    """Somebody starts the studio: the beat has until `LATE` to be heard."""
    if not _is_within(LATE):
        _write()


def is_beating() -> bool:
    """Whether the background has ticked lately; False too where it never did."""
    return _is_within(LATE)


def is_paused() -> bool:
    """Whether it has stopped; where it has not been expected yet, nothing has."""
    at = last()
    return at is not None and not _is_near(at, LATE)


def last() -> datetime | None:
    return Pulse.objects.values_list("at", flat=True).first()


def _is_within(span: timedelta) -> bool:
    at = last()
    return at is not None and _is_near(at, span)


def _is_near(at: datetime, span: timedelta) -> bool:
    # On both sides: a clock that was put back must not make a dead beat look alive for hours.
    return abs(clock.now() - at) <= span


def _write() -> None:
    Pulse.objects.update_or_create(pk=1, defaults={"at": clock.now()})
