"""One step of one generation: take its lease and do what its state asks for."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation

from studio.generations import leases
from studio.generations.collect import collect, finish
from studio.generations.leases import Lease
from studio.generations.models import Generation
from studio.generations.poll import look
from studio.generations.render import render
from studio.generations.send import recover
from studio.generations.states import State
from studio.generations.submit import submit
from studio.generations.unknown import look_up
from studio.generations.wake import PATIENCE, wake_soon
from studio.lib import clock, logs
from studio.providers.registry import traits


def run(lease: Lease) -> None:
    """What runs here is rendered, what runs elsewhere is asked for."""
    render(lease) if traits(lease.generation.provider).free else look(lease)


VERBS: dict[State, Callable[[Lease], None]] = {
    State.QUEUED: submit,
    State.SUBMITTING: recover,
    State.RUNNING: run,
    State.ARCHIVING: collect,
    State.SUCCEEDED: finish,
    State.UNKNOWN: look_up,
}


def step(pk: int) -> bool:
    """Do the next thing for this row; False when it is somebody else's, or nobody's, turn."""
    lease = leases.take(pk)
    if lease is None:
        return False
    before = lease.generation.state
    # What goes wrong is said to whoever ordered it, and kept in their words.
    language = lease.generation.person.language or settings.LANGUAGE_CODE
    bound = logs.bound(generation=lease.generation.uid)
    with bound, translation.override(language), lease.kept_alive():
        VERBS[State(before)](lease)
    after = Generation.objects.get(pk=pk)
    if after.state != before and after.due_at is not None:
        wake_soon(after)
    return True


def step_due(due: Iterable[Generation]) -> int:
    """Step each due row here, in this process; returns how many were ours to step."""
    mine = [row for row in due if leases.offer(row, clock.now() + PATIENCE)]
    return sum(step(row.pk) for row in mine)
