"""The folder's book: what must still be known after a restart, as JSON under a key."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any


class Store:
    """One SQLite file. Writes are done when the call returns; a killed process loses nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        # Only the machine's own end could lose a write, and then the studio's side is gone too.
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS book"
            " (kind TEXT, key TEXT, content TEXT, PRIMARY KEY (kind, key))"
        )

    def keep(self, kind: str, key: str, content: Any) -> None:
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO book VALUES (?, ?, ?)", (kind, key, json.dumps(content))
            )

    def all(self, kind: str) -> Iterator[Any]:
        with self._lock:
            rows = self._database.execute(
                "SELECT content FROM book WHERE kind = ? ORDER BY rowid", (kind,)
            ).fetchall()
        for (content,) in rows:
            yield json.loads(content)

    def clear(self) -> None:
        with self._lock:
            self._database.execute("DELETE FROM book")

    def close(self) -> None:
        with self._lock:
            self._database.close()
