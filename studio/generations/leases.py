"""One worker at a time. A lease is a token on the row and a time at which it dies.

The row's `due_at` is that time: when nobody renews it, the tick finds the row due again and
somebody else takes over. A holder that was frozen finds its token gone and does nothing.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import Error, connection

from studio.generations.models import Generation, GenerationQuerySet
from studio.generations.states import State
from studio.lib import clock, uid

log = logging.getLogger(__name__)

# The first letter of a token says whose it is: the worker's, or that of a command that waits.
WORKER, COMMAND = "w", "c"


def life() -> timedelta:
    """How long a lease lives that nobody renews."""
    return timedelta(seconds=settings.LEASE_SECONDS)


@dataclass(frozen=True)
class Lease:
    generation: Generation
    token: str

    def renew(self, **fields: Any) -> bool:
        """Live on, writing `fields` along; False when the lease is lost."""
        return self._update(due_at=clock.now() + life(), **fields)

    @property
    def is_held(self) -> bool:
        return self._row.exists()

    @property
    def _row(self) -> GenerationQuerySet:
        """The row, for as long as it is ours."""
        return Generation.objects.filter(pk=self.generation.pk, lease_token=self.token)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew in the background for as long as the block takes."""
        done = Event()
        thread = Thread(target=self._keep_alive, args=(done,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _keep_alive(self, done: Event) -> None:
        try:
            while not done.wait(settings.LEASE_SECONDS / 3) and self._renewed():
                pass
        finally:
            connection.close()

    def _renewed(self) -> bool:
        """A database that is away for a moment does not end the work; a lost lease does."""
        try:
            return self.renew()
        except Error:
            log.exception("The lease of %s cannot be renewed now", self.generation.uid)
            connection.close()
            return True

    def drop(self, due_at: datetime | None, **fields: Any) -> bool:
        """Give the row back, to be looked at again at `due_at` (None: by nobody)."""
        return self._update(due_at=due_at, lease_token="", **fields)

    def _update(self, **fields: Any) -> bool:
        return self._row.update(**fields) == 1


def take(pk: int) -> Lease | None:
    """Lease the row unless somebody holds it or it needs nobody."""
    now = clock.now()
    token = _new_token()
    free = Generation.objects.filter(pk=pk, lease_token="", due_at__isnull=False)
    if not free.update(lease_token=token, due_at=now + life()):
        return None
    return Lease(Generation.objects.get(pk=pk), token)


def take_many(pks: Sequence[int], state: State) -> str | None:
    """One token on all of these rows that nobody holds and that are in `state`; None: on none."""
    token = _new_token()
    free = Generation.objects.filter(pk__in=pks, state=state, lease_token="", due_at__isnull=False)
    return token if free.update(lease_token=token, due_at=clock.now() + life()) else None


def renew_many(pks: Sequence[int], token: str) -> None:
    held = Generation.objects.filter(pk__in=pks, lease_token=token)
    held.update(due_at=clock.now() + life())


def offer(generation: Generation, until: datetime) -> bool:
    """Mark a due row as handed out until `until`, voiding a dead lease. One caller wins."""
    same = Generation.objects.filter(pk=generation.pk, due_at=generation.due_at)
    return same.update(due_at=until, lease_token="") == 1


def offer_many(pks: Sequence[int], now: datetime, until: datetime) -> int:
    """As `offer`, for those of these rows that are still due. Two callers share them."""
    due = Generation.objects.filter(pk__in=pks, due_at__lte=now)
    return due.update(due_at=until, lease_token="")


def _new_token() -> str:
    owner = WORKER if settings.PROCESS == "worker" else COMMAND
    return owner + uid.new()[1:]


def void_workers() -> int:
    """At the start of the only worker: the one that held these is dead."""
    held = Generation.objects.filter(lease_token__startswith=WORKER)
    return held.update(lease_token="", due_at=clock.now())
