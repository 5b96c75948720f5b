"""Put a backup in the place of the studio's data: all of it or nothing.

1. take the backup apart beside the data, and prove every byte against its manifest
2. bring the restored database up to date, and into safe mode, while it is still beside
3. put the files into the store: they are named by their content, so that this changes nothing
4. put the database in its place, in one step (SQLite: a rename; PostgreSQL: a commit)

Whoever kills this at any instant finds the old data, or the new, whole.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph, Node
from django.db.migrations.loader import MigrationLoader

from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import clock, failpoints
from studio.lib.files import sync_directory, sync_file
from studio.storage import store
from studio.storage.models import Blob
from studio.upkeep import safety, scrub, seals
from studio.upkeep.manifest import Head
from studio.upkeep.safety import Entered
from studio.upkeep.snapshots import SQLITE
from studio.upkeep.unpack import Unpacked, sync, unpack

_PREFIX = ".restoring-"


class Refused(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """`kept`: where the database that stood there before lies now (SQLite), if there was one."""

    head: Head
    files: int
    mended: int
    entered: Entered | None = None
    kept: Path | None = None


def verify(source: Path) -> Restored:
    """Prove the backup, change nothing. Raises NotABackup or Refused."""
    with _beside() as folder:
        unpacked = unpack(source, folder, keep=False)
    _check(unpacked.head)
    return Restored(unpacked.head, unpacked.files, 0)


def restore_files(source: Path) -> Restored:
    """Only bring back the files that are missing or damaged here. Raises NotABackup."""
    with _beside() as folder:
        unpacked = unpack(source, folder)
        known = set(Blob.objects.values_list("sha256", flat=True))
        names = [path.name for path, _content in unpacked.media() if path.name in known]
        for path, content in unpacked.media():
            if path.name in known:
                store.mend(path, content)
    for blob in Blob.objects.filter(sha256__in=names):
        scrub.check(blob)
    record(None, "files.restore", kind="studio", after={"files": len(names)})
    return Restored(unpacked.head, unpacked.files, len(names))


def restore(source: Path, *, force: bool = False) -> Restored:
    """Restore all of it. Raises NotABackup or Refused.

    Over a studio that has people only with `force`.
    """
    if not force and not is_empty():
        raise Refused(
            "There is a studio here already. --force puts the backup in its place, "
            "--files-only brings back only the files that are missing or damaged."
        )
    with _beside() as folder:
        unpacked = unpack(source, folder)
        _check(unpacked.head)
        sync(folder)
        _add_keys(unpacked)
        if unpacked.head.engine == SQLITE:
            done = _restore_sqlite(unpacked)
        else:
            done = _restore_postgresql(unpacked)
        _set_secret_key(unpacked)
    return done


def is_empty() -> bool:
    """Whether nobody has a place here yet."""
    if connection.vendor == SQLITE and not _database().exists():
        return True
    tables = connection.introspection.table_names()
    return User._meta.db_table not in tables or not User.objects.exists()


def _check(head: Head) -> None:
    if head.engine != connection.vendor:
        raise Refused(
            f"The backup is of {head.engine}, this studio runs on {connection.vendor}. "
            "Set DATABASE_URL to a database of its kind."
        )
    known = MigrationLoader(None).disk_migrations
    apps = {app for app, _name in known}
    for app, name in head.migrations:
        if app in apps and (app, name) not in known:
            raise Refused(
                f"The backup was made by a newer studio ({head.studio}), whose data has {name}."
            )


@contextmanager
def _beside() -> Iterator[Path]:
    """A folder on the data's own disk. What a killed restore has left goes first."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    for left in settings.DATA_DIR.glob(f"{_PREFIX}*"):
        rmtree(left)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=_PREFIX) as place:
        yield Path(place)


def _put_files(unpacked: Unpacked) -> int:
    failpoints.reach("restore.before_files")
    put = sum(store.mend(path, content) for path, content in unpacked.media())
    failpoints.reach("restore.after_files")
    return put


# ── Keys ──────────────────────────────────────────────────────────────────────────────────────


def _add_keys(unpacked: Unpacked) -> None:
    """The backup's encryption keys in front of ours: whatever was sealed opens either way."""
    theirs = [key for key in unpacked.secret("STUDIO_ENCRYPTION_KEYS").split(",") if key]
    if not theirs or set(theirs) <= set(settings.ENCRYPTION_KEYS):
        return
    keys = list(dict.fromkeys([*theirs, *settings.ENCRYPTION_KEYS]))
    _write_secret("STUDIO_ENCRYPTION_KEYS", ",".join(keys))
    settings.ENCRYPTION_KEYS = keys


def _set_secret_key(unpacked: Unpacked) -> None:
    theirs = unpacked.secret("SECRET_KEY")
    if theirs:
        _write_secret("SECRET_KEY", theirs)


def _write_secret(name: str, value: str) -> None:
    folder = settings.DATA_DIR / "secrets"
    folder.mkdir(exist_ok=True, mode=0o700)
    draft = folder / f".{name}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(value)
    sync_file(draft)
    draft.replace(folder / name)
    sync_directory(folder)


def _check_seals() -> None:
    missing = seals.missing_keys()
    if missing:
        raise Refused(
            f"The backup holds secrets sealed with the key {', '.join(missing)}, which is not in "
            "STUDIO_ENCRYPTION_KEYS. Add the keys of the studio that made it, behind a comma."
        )


# ── SQLite ────────────────────────────────────────────────────────────────────────────────────


def _restore_sqlite(unpacked: Unpacked) -> Restored:
    (staged,) = unpacked.database()
    with _pointed_at(staged):
        _compare_counts(unpacked.head)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        _check_seals()
        entered = safety.enter(unpacked.head.made_at)
    put = _put_files(unpacked)
    kept = _swap(staged, _database())
    return Restored(unpacked.head, unpacked.files, put, entered, kept)


def _database() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


@contextmanager
def _pointed_at(path: Path) -> Iterator[None]:
    """Django's connection on another file; closed at the end, which writes its log back."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _swap(staged: Path, target: Path) -> Path | None:
    """One rename. The log of the old database is written back first: it fits no other file."""
    sync_file(staged)
    kept = None
    if target.exists():
        _close_log(target)
        kept = target.with_name(f"{target.name}.before-{clock.now():%Y%m%d-%H%M%S}")
        kept.hardlink_to(target)
    failpoints.reach("restore.before_database")
    staged.replace(target)
    sync_directory(target.parent)
    failpoints.reach("restore.after_database")
    return kept


def _close_log(path: Path) -> None:
    """Make the old database one whole file. Raises Refused while somebody still uses it."""
    try:
        with closing(sqlite3.connect(path, timeout=5)) as database:
            (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise Refused("The database is in use. Stop the studio first.") from error
        # It is no database any more: its log is of no use to anybody either.
        mode = "delete"
    if mode != "delete":
        raise Refused("The database is in use. Stop the studio first.")
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)


# ── PostgreSQL ────────────────────────────────────────────────────────────────────────────────


def _restore_postgresql(unpacked: Unpacked) -> Restored:
    """Everything in one transaction, which a kill takes back; the files before its commit."""
    with transaction.atomic():
        _drop_all()
        _migrate_to(unpacked.head.migrations)
        _load(unpacked)
        _compare_counts(unpacked.head)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        _check_seals()
        entered = safety.enter(unpacked.head.made_at)
        put = _put_files(unpacked)
        failpoints.reach("restore.before_database")
    failpoints.reach("restore.after_database")
    return Restored(unpacked.head, unpacked.files, put, entered)


def _drop_all() -> None:
    names = [connection.ops.quote_name(name) for name in connection.introspection.table_names()]
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")


def _migrate_to(migrations: Sequence[tuple[str, str]]) -> None:
    """The tables as the backup's studio had them: of each app its last migration there."""
    executor = MigrationExecutor(connection)
    done = {(app, name) for app, name in migrations}
    graph = executor.loader.graph
    known = [node for node in graph.nodes if node in done]
    last = [
        node
        for node in known
        if not any(child.key in done and child.key[0] == node[0] for child in _after(graph, node))
    ]
    executor.migrate(last)


def _after(graph: MigrationGraph, node: tuple[str, str]) -> set[Node]:
    return graph.node_map[node].children


def _load(unpacked: Unpacked) -> None:
    quote = connection.ops.quote_name
    tables = unpacked.head.tables
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # What migrations have written themselves.
        cursor.execute(f"TRUNCATE {', '.join(map(quote, tables))}")
        for path in unpacked.database():
            columns = ", ".join(map(quote, tables[path.stem]))
            with (
                path.open("rb") as file,
                cursor.copy(f"COPY {quote(path.stem)} ({columns}) FROM STDIN") as rows,
            ):
                while data := file.read(1024 * 1024):
                    rows.write(data)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _go_on_counting(cursor, tables)


def _go_on_counting(cursor: Any, tables: Mapping[str, Sequence[str]]) -> None:
    """The next row gets a number of its own."""
    for name, columns in tables.items():
        if "id" not in columns:
            continue
        quoted = connection.ops.quote_name(name)
        last = f"(SELECT max(id) FROM {quoted})"
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), coalesce({last}, 1), "
            f"{last} IS NOT NULL) WHERE pg_get_serial_sequence(%s, 'id') IS NOT NULL",
            [quoted, quoted],
        )


def _compare_counts(head: Head) -> None:
    with connection.cursor() as cursor:
        for name, expected in head.counts.items():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            (found,) = cursor.fetchone()
            if found != expected:
                raise Refused(f"The table {name} has {found} rows instead of {expected}.")
