"""Copy and hash in one pass; make a directory entry survive a power cut."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Content:
    """What a file holds: the SHA-256 in hex and the size in bytes."""

    sha256: str
    size: int


def copy_hashed(source: IO[bytes], target: IO[bytes] | None = None) -> Content:
    """Read `source` to its end, write it to `target` when given, and say what it was."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return Content(digest.hexdigest(), size)


def hash_file(path: Path) -> Content:
    with path.open("rb") as file:
        return copy_hashed(file)


def sync_directory(path: Path) -> None:
    """Until this returns, a name just made in `path` may be lost with the power."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Until this returns, what was just written to `path` may be lost with the power."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
