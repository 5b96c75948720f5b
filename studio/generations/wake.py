"""Find the rows that need attention and wake somebody for each.

The database is the queue of record. A message only carries an id: it may be lost (the row is
offered again), doubled or late (the lease refuses all but one).
"""

import logging
from datetime import timedelta

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from studio.generations import leases
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock
from studio.providers.registry import traits

log = logging.getLogger(__name__)

MOST = 200
# How long a message may take to reach a worker before the row is offered again.
PATIENCE = timedelta(seconds=10)

# Each kind of work has its own queue, so that a long render never delays an archive.
QUEUES = {
    State.QUEUED: "submit",
    State.SUBMITTING: "submit",
    State.RUNNING: "poll",
    State.ARCHIVING: "archive",
    State.SUCCEEDED: "housekeeping",
    State.UNKNOWN: "housekeeping",
}
RENDER = "render"


def sweep() -> int:
    """Wake a worker for every due row but those asked in rounds; how many were handed out."""
    due = Generation.objects.due(clock.now()).stepped_alone()[:MOST]
    return sum(wake(generation) for generation in due)


def wake(generation: Generation) -> bool:
    """Hand one row out. False when somebody else did, or nobody can be reached."""
    if not leases.offer(generation, clock.now() + PATIENCE):
        return False
    queue = _queue(generation)
    try:
        current_app.send_task("studio.step", (generation.pk,), queue=queue)
    except OperationalError:
        log.warning("The broker cannot be reached; generation %s waits", generation.uid)
        return False
    return True


def _queue(generation: Generation) -> str:
    renders = generation.state == State.RUNNING and traits(generation.provider).free
    return RENDER if renders else QUEUES[State(generation.state)]


def wake_soon(generation: Generation) -> None:
    """Spare the row the wait for the next tick, where a message can reach a worker.

    Embedded, the web has no worker in its process and the tick is a quarter of a second away.
    """
    if not settings.EMBEDDED or settings.PROCESS == "worker":
        wake(generation)
