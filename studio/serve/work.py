"""The worker of the embedded default: Celery's worker on threads, with beat beside it."""

import logging
import os
import signal
import warnings
from threading import Timer
from types import FrameType
from typing import Any

from celery.apps.worker import Worker
from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning
from celery.signals import worker_shutting_down
from celery.worker import state

from studio.celery import app
from studio.generations import leases
from studio.serve import lifeline

# A step that does not let go by then is cut off; its lease dies and the step is done again.
GRACE = 3.0

log = logging.getLogger(__name__)


class EmbeddedWorker(Worker):
    """Celery's worker without its signal handlers and banner: it stops our way."""

    def install_platform_tweaks(self, worker: Any) -> None:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def on_consumer_ready(self, consumer: Any) -> None:
        log.info("Worker ready.")


def work() -> None:
    """Work until SIGTERM, SIGINT, or the end of the supervisor."""
    # Celery warns root, because of messages that run code; ours are JSON from this process.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = EmbeddedWorker(app=app, pool="threads", concurrency=_threads(), quiet=True)
    beat = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
    # The only worker starts: whoever held a lease is dead, and its work can begin at once.
    leases.void_workers()
    lifeline.follow(lambda: os.kill(os.getpid(), signal.SIGTERM))
    beat.start()
    worker.start()
    beat.stop()


def stop(number: int, frame: FrameType | None) -> None:
    worker_shutting_down.send(sender=__name__, sig=number, how="Warm", exitcode=os.EX_OK)
    state.should_stop = os.EX_OK  # type: ignore[assignment]  # None is only its first value
    deadline = Timer(GRACE, os._exit, [os.EX_OK])
    deadline.daemon = True
    deadline.start()


def _threads() -> int:
    """Renders fill the cores; ticks, submits and archiving need room beside them."""
    return (os.cpu_count() or 1) + 6
