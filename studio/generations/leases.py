"""One worker at a time. A lease is a token on the row and a time at which it dies.

The row's `due_at` is that time: when nobody renews it, the tick finds the row due again and
somebody else takes over. A holder that was frozen finds its token gone and does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import connection

from studio.generations.models import Generation
from studio.lib import clock, uid

LIFE = timedelta(seconds=30)

# The first letter of a token says whose it is: the worker's, or that of a command that waits.
WORKER, COMMAND = "w", "c"


@dataclass(frozen=True)
class Lease:
    generation: Generation
    token: str

    def renew(self, **fields: Any) -> bool:
        """Live on, writing `fields` along; False when the lease is lost."""
        return self._update(due_at=clock.now() + LIFE, **fields)

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
            while not done.wait(LIFE.total_seconds() / 3) and self.renew():
                pass
        finally:
            connection.close()

    def drop(self, due_at: datetime | None, **fields: Any) -> bool:
        """Give the row back, to be looked at again at `due_at` (None: by nobody)."""
        return self._update(due_at=due_at, lease_token="", **fields)

    def _update(self, **fields: Any) -> bool:
        held = Generation.objects.filter(pk=self.generation.pk, lease_token=self.token)
        return held.update(**fields) == 1


def take(pk: int) -> Lease | None:
    """Lease the row unless somebody holds it or it needs nobody."""
    now = clock.now()
    owner = WORKER if settings.PROCESS == "worker" else COMMAND
    token = owner + uid.new()[1:]
    free = Generation.objects.filter(pk=pk, lease_token="", due_at__isnull=False)
    if not free.update(lease_token=token, due_at=now + LIFE):
        return None
    return Lease(Generation.objects.get(pk=pk), token)


def offer(generation: Generation, until: datetime) -> bool:
    """Mark a due row as handed out until `until`, voiding a dead lease. One caller wins."""
    same = Generation.objects.filter(pk=generation.pk, due_at=generation.due_at)
    return same.update(due_at=until, lease_token="") == 1


def void_workers() -> int:
    """At the start of the only worker: the one that held these is dead."""
    held = Generation.objects.filter(lease_token__startswith=WORKER)
    return held.update(lease_token="", due_at=clock.now())
