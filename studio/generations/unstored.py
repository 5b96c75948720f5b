"""The answer to a paid POST is never lost: in the database, or in a file until it is back."""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection

from studio.generations.models import Attempt
from studio.lib import clock, uid
from studio.providers.base import Reply
from studio.providers.door.redaction import safe_body, safe_headers

log = logging.getLogger(__name__)

# How long the database is waited for (seconds), and between two tries.
PATIENCE, PAUSE = 60.0, 1.0
# Replies to a submit are short; what is longer is a gateway's page.
CAP = 20_000


def keep(attempt: Attempt, reply: Reply, secret: str = "") -> bool:
    """Store the raw answer before it is read. False: it lies in the file, and the row waits.

    `secret` is taken out of it wherever it stands.
    """
    entry = {
        "attempt": attempt.pk,
        "status": reply.status,
        "headers": dict(safe_headers(reply.headers)),
        "body": safe_body(reply.body, secret, cap=CAP),
    }
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            _store(entry)
            return True
        except Error:
            log.exception("The answer to attempt %s cannot be stored now", attempt.uid)
            connection.close()
        if time.monotonic() > deadline:
            _write(entry)
            return False
        time.sleep(PAUSE)


def replay() -> int:
    """Store what lies in files, then remove them. Returns how many answers they held."""
    with suppress(FileNotFoundError):
        _file().rename(_file().with_suffix(f".{uid.new()}"))
    stored = 0
    # Those of a replay that died, too: an answer that is stored already stays as it is.
    for path in _file().parent.glob(f"{_file().stem}.????????????????????????????????"):
        for entry in _read(path):
            _store(entry)
            stored += 1
        path.unlink(missing_ok=True)
    return stored


def _store(entry: dict[str, Any]) -> None:
    Attempt.objects.filter(pk=entry["attempt"], replied_at=None).update(
        reply_status=entry["status"],
        reply_headers=entry["headers"],
        reply_body=entry["body"],
        replied_at=clock.now(),
    )


def _file() -> Path:
    return Path(settings.DATA_DIR) / "unstored.jsonl"


def _write(entry: dict[str, Any]) -> None:
    line = json.dumps(entry)
    try:
        with _file().open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        # The last place that is left: it holds no secret.
        log.critical("Neither the database nor the disk takes this answer: %s", line)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """A line that was cut off by a death says nothing."""
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            log.error("A broken line in %s: %s", path.name, line[:200])
