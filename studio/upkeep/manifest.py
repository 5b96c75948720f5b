"""What a backup says of itself: a head, then one line for each member in the archive's order.

Lines, not one object: a manifest of a million files is written and compared as it passes by.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from studio.lib.files import Content

FORMAT = 1
NAME = "manifest.jsonl"
# The only members that a backup may hold, and with them the only paths that a restore writes.
MEMBER = re.compile(
    r"database/[a-z0-9_.]{1,63}|media/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}|secrets/[A-Z_]{1,40}"
)


class NotABackup(Exception):
    """The file is no whole backup of ours; the message says what is wrong with it."""


@dataclass(frozen=True)
class Head:
    """`made_at` in ISO 8601; `counts` are rows by table, `tables` their columns (PostgreSQL)."""

    studio: str
    made_at: str
    engine: str
    migrations: Sequence[tuple[str, str]]
    counts: Mapping[str, int]
    tables: Mapping[str, Sequence[str]]
    # The ids of the keys under which its secrets are sealed, and whether these keys are in it.
    sealed_with: Sequence[str]
    has_keys: bool
    # Content names of files that were missing or damaged when it was made.
    faulty: Sequence[str]
    format: int = FORMAT

    def line(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def member_line(name: str, content: Content) -> str:
    return json.dumps([name, content.sha256, content.size])


def read_head(line: str) -> Head:
    """Raises NotABackup."""
    try:
        fields = json.loads(line)
        head = Head(**fields)
    except (ValueError, TypeError) as error:
        raise NotABackup("Its manifest cannot be read.") from error
    if head.format != FORMAT:
        raise NotABackup(f"It has format {head.format}; this studio reads format {FORMAT}.")
    return head


def media_name(sha256: str) -> str:
    return str(PurePosixPath("media", sha256[:2], sha256[2:4], sha256))
