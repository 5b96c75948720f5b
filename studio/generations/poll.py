"""From running to its end at the provider: ask, and follow what it says, never our own clock."""

import logging

from django.conf import settings

from studio.generations import hearing, timings, verdicts, wire
from studio.generations.leases import Lease
from studio.generations.models import Attempt
from studio.generations.transitions import note
from studio.generations.verdicts import Heard, Job
from studio.lib import clock
from studio.providers.base import Progress
from studio.providers.door.call import call
from studio.providers.door.faults import DoorError, NotSent
from studio.providers.errors import ProviderError
from studio.providers.registry import traits

log = logging.getLogger(__name__)

# Errors are kept for people to read, not whole pages.
KEPT = 2_000


def look(lease: Lease) -> None:
    """Ask once how far it is."""
    generation = lease.generation
    attempt = generation.attempts.select_related("account", "key").latest("number")
    if generation.cancel_wished_at:
        ask_to_stop(attempt)
    heard = _hear(attempt)
    verdicts.of_account(attempt.account, attempt.key_id, heard)
    pace = timings.pace_of(generation.model, attempt.account_id)
    after = verdicts.nothing_new(Job.of(attempt), heard, pace, clock.now())
    if after:
        lease.drop(**after.fields)
    else:
        verdicts.follow(lease, attempt, heard, pace)


def ask(attempt: Attempt) -> Progress:
    """Raises ProviderError, DoorError."""
    adapter = wire.speaks_to(attempt.generation)
    request = adapter.poll(attempt.remote_id, wire.access_of(attempt))
    reply = call(request, wire.policy(), deadline=settings.POLL_SECONDS)
    return hearing.read(attempt.pk, attempt.account, adapter, reply)


def _hear(attempt: Attempt) -> Heard:
    try:
        return ask(attempt)
    except (ProviderError, DoorError, wire.NoAccess) as error:
        log.warning("No word on %s: %s", attempt.generation.uid, error)
        return error


def ask_to_stop(attempt: Attempt) -> None:
    """Pass a wish to cancel on, once; state and money follow only what polls say afterwards."""
    generation = attempt.generation
    if not traits(generation.provider).can_cancel:
        return
    unasked = Attempt.objects.filter(pk=attempt.pk, cancel_asked_at=None)
    if not unasked.update(cancel_asked_at=clock.now()):
        return
    adapter = wire.speaks_to(generation)
    try:
        request = adapter.cancel(attempt.remote_id, wire.access_of(attempt))
        reply = call(request, wire.policy(), deadline=settings.POLL_SECONDS)
        with wire.heard(attempt.account):
            will_stop = adapter.read_cancel(reply)
    except (NotSent, wire.NoAccess) as error:
        # Nobody was asked: the next look does it.
        log.warning("%s could not be told to stop: %s", generation.uid, error)
        Attempt.objects.filter(pk=attempt.pk).update(cancel_asked_at=None)
    except (ProviderError, DoorError) as error:
        note(generation, "cancel failed", reason=str(error)[:KEPT])
    else:
        note(generation, "cancel accepted" if will_stop else "cancel refused")
