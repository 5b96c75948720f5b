"""Can this studio do its work now? Each question by name; the reasons stand in the log only."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from studio.scheduling import pulse
from studio.storage import space, store

log = logging.getLogger(__name__)

# Seconds that the broker may take to answer.
PATIENCE = 2
# Once they are applied they stay so; the next version of the code is another process.
_migrated = Event()


@dataclass(frozen=True)
class Answer:
    name: str
    is_good: bool


def ask_all() -> list[Answer]:
    """Every question, in the order in which an operator would ask them."""
    return [Answer(name, _ask(name, question)) for name, question in QUESTIONS.items()]


def _ask(name: str, question: Callable[[], bool]) -> bool:
    try:
        is_good = question()
    except (DatabaseError, OSError, OperationalError) as error:
        log.warning("Not ready: %s: %s", name, error)
        return False
    if not is_good:
        log.warning("Not ready: %s", name)
    return is_good


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.set()
    return _migrated.is_set()


def _broker() -> bool:
    # Embedded it lives in the worker's memory: the pulse tells.
    if not settings.EMBEDDED:
        with current_app.connection_for_write(connect_timeout=PATIENCE) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    return True


def _storage() -> bool:
    store.check()
    return True


def _disk() -> bool:
    return not space.is_full()


QUESTIONS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "storage": _storage,
    "disk": _disk,
    "beat": pulse.is_beating,
}
