"""The database as it stands at one instant, in files: the studio works on meanwhile.

SQLite by its own online copy; PostgreSQL by COPY of every table inside one REPEATABLE READ
transaction that only reads, so that no tool of another version is needed.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

SQLITE = "sqlite"
DATABASE_FILE = "studio.sqlite3"
# What need not outlive a restore.
CACHE = "studio_cache"


@dataclass(frozen=True)
class Snapshot:
    """`files` hold it all. `blobs` are its files' content names and sizes (bytes), read lazily."""

    engine: str
    files: Sequence[Path]
    migrations: Sequence[tuple[str, str]]
    counts: Mapping[str, int]
    tables: Mapping[str, Sequence[str]]
    blobs: Iterable[tuple[str, int]]


@contextmanager
def taken(folder: Path) -> Iterator[Snapshot]:
    """The database now, its files in `folder`."""
    take = _sqlite if connection.vendor == SQLITE else _postgresql
    with take(folder) as snapshot:
        yield snapshot


def tables() -> dict[str, list[str]]:
    """Every table with its columns, but for what is only cached."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_list(cursor)
        names = sorted(table.name for table in found if table.type == "t" and table.name != CACHE)
        describe = connection.introspection.get_table_description
        return {name: [column.name for column in describe(cursor, name)] for name in names}


@contextmanager
def _sqlite(folder: Path) -> Iterator[Snapshot]:
    path = folder / DATABASE_FILE
    source = sqlite3.connect(str(settings.DATABASES["default"]["NAME"]), timeout=60)
    copy = sqlite3.connect(path)
    try:
        # All pages in one step: under WAL a reader holds up no writer.
        source.backup(copy, pages=-1)
        copy.execute(f"DELETE FROM {CACHE}") if _has_cache(copy) else None
        copy.commit()
        yield _described(copy, path)
    finally:
        source.close()
        copy.close()


def _has_cache(copy: sqlite3.Connection) -> bool:
    return CACHE in _names(copy)


def _names(copy: sqlite3.Connection) -> list[str]:
    rows = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows if not name.startswith("sqlite_")]


def _described(copy: sqlite3.Connection, path: Path) -> Snapshot:
    def ask(query: str) -> list[Any]:
        return copy.execute(query).fetchall()

    return Snapshot(
        engine=SQLITE,
        files=[path],
        migrations=ask("SELECT app, name FROM django_migrations ORDER BY id"),
        counts={name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in _names(copy)},
        tables={},
        blobs=copy.execute("SELECT sha256, size FROM studio_blob ORDER BY sha256"),
    )


@contextmanager
def _postgresql(folder: Path) -> Iterator[Snapshot]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        columns = tables()
        files, counts = [], {}
        for name, of_table in columns.items():
            files.append(folder / f"{name}.copy")
            counts[name] = _copy_out(cursor, name, of_table, files[-1])
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = cursor.fetchall()
        cursor.execute("SELECT sha256, size FROM studio_blob ORDER BY sha256")
        yield Snapshot(connection.vendor, files, migrations, counts, columns, iter(cursor))


def _copy_out(cursor: Any, name: str, columns: Sequence[str], path: Path) -> int:
    quote = connection.ops.quote_name
    listed = ", ".join(map(quote, columns))
    with path.open("wb") as file, cursor.copy(f"COPY {quote(name)} ({listed}) TO STDOUT") as rows:
        for data in rows:
            file.write(data)
    return int(cursor.rowcount)
