"""A paid call whose outcome we do not know: look it up where that is possible, never send again."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from studio.generations import endings, plan, poll, send, wire
from studio.generations.leases import Lease
from studio.generations.line import give_seat_back
from studio.generations.models import Attempt, Generation
from studio.generations.spool import current_attempt
from studio.generations.states import State
from studio.lib import clock
from studio.providers.base import Stage, Ticket
from studio.providers.door.call import call
from studio.providers.door.faults import DoorError
from studio.providers.errors import ProviderError
from studio.providers.registry import traits

log = logging.getLogger(__name__)

# After these waits (minutes) it is looked up; later by the hour, for as long as lists reach back.
LOOK_UPS = (1, 5, 15, 60)
LIST_REACHES = timedelta(days=7)
UNDER_WAY = (Stage.WAITING, Stage.RUNNING)
# Pages of a list that one look-up reads.
MOST_PAGES = 20


def look_up(lease: Lease) -> None:
    """Ask once more, where there is something to ask; give the seat back when it is old."""
    generation = lease.generation
    attempt = current_attempt(generation)
    if _age(generation) > 2 * plan.horizon(generation):
        give_seat_back(generation)
    try:
        _look(attempt)
    except (ProviderError, DoorError, wire.NoAccess) as error:
        log.warning("No word on %s: %s", generation.uid, error)
    lease.drop(_next(generation), failures=generation.failures + 1)


def _look(attempt: Attempt) -> None:
    """A hit moves it on. A miss proves nothing: no provider's list was ever measured."""
    if attempt.replied_at and not attempt.remote_id:
        # The answer came, or was found in a file, after it was given up.
        send.read(attempt, send.answer(attempt))
        attempt.refresh_from_db()
    if attempt.generation.state != State.UNKNOWN:
        return
    if attempt.remote_id:
        _follow(attempt)
    elif traits(attempt.generation.provider).lookup:
        remote_id = _find(attempt)
        if remote_id:
            endings.accepted(attempt, Ticket(remote_id))


def _follow(attempt: Attempt) -> None:
    progress = poll.ask(attempt)
    if progress.stage == Stage.DONE and progress.links:
        endings.finished(attempt, progress)
    elif progress.stage == Stage.FAILED:
        endings.failed(attempt, progress)
    elif progress.stage == Stage.STOPPED:
        endings.stopped(attempt, progress)
    elif progress.stage in UNDER_WAY and not plan.is_beyond(attempt.generation, clock.now()):
        endings.accepted(attempt, Ticket(attempt.remote_id))


def _find(attempt: Attempt) -> str:
    """Its id in the provider's list, by our own reference; empty where it does not stand."""
    adapter = wire.speaks_to(attempt.generation)
    access, page = wire.access_of(attempt), ""
    for _ in range(MOST_PAGES):
        reply = call(
            adapter.find(attempt.uid, access, page),
            wire.policy(),
            deadline=settings.POLL_SECONDS,
        )
        with wire.heard(attempt.account):
            found = adapter.read_find(reply, attempt.uid)
        if found.remote_id or not found.next_page:
            return found.remote_id
        page = found.next_page
    return ""


def _age(generation: Generation) -> timedelta:
    latest = generation.attempts.latest("number")
    return clock.now() - (latest.sending_at or latest.created_at)


def _next(generation: Generation) -> datetime | None:
    now, tries = clock.now(), generation.failures + 1
    if tries < len(LOOK_UPS):
        return now + timedelta(minutes=LOOK_UPS[tries])
    # Its seat must still be given back, and its list may still know it.
    return now + timedelta(hours=1) if _age(generation) < LIST_REACHES else None
