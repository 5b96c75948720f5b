"""From running to archiving, for Local: render in a caged child, as often as it takes.

A render is free and repeatable. When its lease dies with its worker, whoever finds the row
due simply renders again.
"""

import logging
import threading
import time

from django.db import transaction
from django.utils.translation import gettext as _

from studio.catalogue.load import model
from studio.catalogue.specs import Mode
from studio.generations.leases import Lease
from studio.generations.line import give_seat_back
from studio.generations.models import Generation
from studio.generations.spool import current_attempt, spooled
from studio.generations.states import State
from studio.generations.transitions import move
from studio.lib import clock, failpoints
from studio.lib.files import sync_file
from studio.providers.base import Job, Picture
from studio.providers.local.render import RenderFailed, RenderStopped
from studio.providers.local.render import render as draw
from studio.storage import store

log = logging.getLogger(__name__)

# A job whose renderer died this often without a word is broken, not unlucky.
MOST_DEATHS = 10
# Progress is written this often (seconds), which is also how soon a cancel is seen.
BEAT = 0.25

# Set when the worker is to stop: renders are killed and their rows given back at once.
stopping = threading.Event()


def render(lease: Lease) -> None:
    generation = lease.generation
    if generation.cancel_wished_at:
        _cancelled(lease)
    elif generation.failures >= MOST_DEATHS:
        _failed(
            lease,
            "render_died",
            _("The worker died each time it rendered this. Nothing was charged."),
        )
    else:
        _render(lease)


def _render(lease: Lease) -> None:
    generation = lease.generation
    # Counted before the work, taken back after it: a death in between stays counted.
    lease.renew(failures=generation.failures + 1, progress=0, started_at=clock.now())
    target = spooled(current_attempt(generation))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Named by the lease: whoever lost it may still be writing its own.
    draft = target.with_name(f"{target.stem}.{lease.token}.mp4")
    try:
        draw(_job(generation), draft, _Beat(lease))
    except RenderStopped:
        _stopped(lease)
    except RenderFailed as error:
        log.warning("Rendering %s failed: %s", generation.uid, error)
        _failed(lease, "render_failed", str(error))
    else:
        failpoints.reach("render.before_move")
        sync_file(draft)
        draft.replace(target)
        _done(lease)


class _Beat:
    """Called with the progress, 0..1; writes it now and then, and says whether to go on."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.next_at = 0.0

    def __call__(self, progress: float) -> bool:
        if stopping.is_set():
            return False
        if time.monotonic() < self.next_at:
            return True
        self.next_at = time.monotonic() + BEAT
        failpoints.reach("render.mid")
        wished = Generation.objects.filter(
            pk=self.lease.generation.pk, cancel_wished_at__isnull=False
        )
        return self.lease.renew(progress=progress) and not wished.exists()


def _job(generation: Generation) -> Job:
    inputs = generation.inputs.select_related("asset__master")
    return Job(
        uid=generation.uid,
        spec=model(generation.model),
        mode=Mode(generation.mode),
        prompt=generation.sent_prompt,
        parameters=generation.parameters,
        pictures=tuple(Picture(i.role, store.path(i.asset.master)) for i in inputs),
    )


def _done(lease: Lease) -> None:
    generation = lease.generation
    with transaction.atomic():
        source, target = State.RUNNING, State.ARCHIVING
        if move(generation, source, target, lease=lease.token, progress=1, failures=0):
            give_seat_back(generation)
    failpoints.reach("render.after_move")


def _stopped(lease: Lease) -> None:
    """Killed on purpose: by a cancel, by a lost lease, or because the worker stops."""
    generation = lease.generation
    generation.refresh_from_db()
    if generation.cancel_wished_at:
        _cancelled(lease)
    else:
        lease.drop(clock.now(), failures=max(0, generation.failures - 1))


def _cancelled(lease: Lease) -> None:
    generation = lease.generation
    with transaction.atomic():
        if move(generation, State.RUNNING, State.CANCELLED, lease=lease.token):
            give_seat_back(generation)


def _failed(lease: Lease, code: str, message: str) -> None:
    generation = lease.generation
    with transaction.atomic():
        moved = move(
            generation,
            State.RUNNING,
            State.FAILED,
            lease=lease.token,
            error_code=code,
            error_message=message,
        )
        if moved:
            give_seat_back(generation)
