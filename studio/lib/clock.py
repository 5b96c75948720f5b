"""The only clock: local time plus the offset to the database's.

Leases and windows compare times written by several machines; the database is the one clock
they share. Tests move time with `shift`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

_offset = timedelta(0)


def now() -> datetime:
    return datetime.now(UTC) + _offset


def sync() -> timedelta:
    """Measure the offset to the database and return it. SQLite runs in our process: zero."""
    if connection.vendor != "postgresql":
        return set_offset(timedelta(0))
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
        after = datetime.now(UTC)
    return set_offset(theirs - (before + (after - before) / 2))


def set_offset(offset: timedelta) -> timedelta:
    global _offset
    _offset = offset
    return offset


@contextmanager
def shift(by: timedelta) -> Iterator[None]:
    """Run the block with the clock moved by `by`."""
    before = _offset
    set_offset(before + by)
    try:
        yield
    finally:
        set_offset(before)
