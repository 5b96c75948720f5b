"""Everything that must stand before the first request: folders, tables, static files."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from studio import practice
from studio.scheduling import pulse

# Any number, as long as it is always the same: who migrates holds it in PostgreSQL.
ADVISORY_LOCK = 5330417


class TooNew(Exception):
    """The data was written by a newer studio than this one."""


def prepare() -> None:
    """Safe to call at any time, by several processes at once. Raises TooNew."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    if settings.PRACTICE_ASKED:
        practice.mark(settings.DATA_DIR)
    for folder in (settings.MEDIA_ROOT, settings.SPOOL_DIR):
        folder.mkdir(parents=True, exist_ok=True)
    with _alone():
        _migrate()
        pulse.expect()
        _collect_static()


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: on this machine by a file, among machines by the database."""
    with (settings.DATA_DIR / "prepare.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            # Ends with the connection, so a killed one leaves no lock behind.
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            connection.close()


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations
    unknown = [name for name in executor.loader.applied_migrations if name not in known]
    if any(app == "studio" for app, _ in unknown):
        raise TooNew(f"The data in {settings.DATA_DIR} belongs to a newer version of the studio.")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _collect_static() -> None:
    """Collect, hash and compress, unless exactly these files have been collected before.

    A static root outside the data dir is filled by whoever built the image.
    """
    root = Path(settings.STATIC_ROOT)
    if settings.DATA_DIR not in root.parents:
        return
    stamp = root / ".collected"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(path.encode())
            with storage.open(path) as file:
                digest.update(file.read())
    return digest.hexdigest()
