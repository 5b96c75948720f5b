"""A file on its way: `NAME.part` holds what has come, `NAME.part.json` how to go on.

What the sidecar says was synced before it was said, so that after a power cut the file is not
taken up where it holds nothing. It holds no link: links carry signatures.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from studio.lib.files import sync_directory
from studio.providers.door.writeback import start_writing

_CHUNK = 1024 * 1024
# How much is written before the disk is asked to begin, and before it is waited for.
_BEGIN_EACH = 8 * 1024 * 1024
_SYNC_EACH = 64 * 1024 * 1024


@dataclass(frozen=True)
class Resume:
    """`source` says what file it is, `etag` (strong) which state of it; of `total` bytes (None:
    not stated) `size` are here.
    """

    source: str
    etag: str
    size: int
    total: int | None


def kept(into: Path, source: str) -> Resume | None:
    """How to go on with a file, if what is here is of `source` and can be gone on with."""
    try:
        found = Resume(**json.loads(_sidecar(into).read_bytes()))
        fits = found.source == source and 0 < found.size <= _part(into).stat().st_size
    except (OSError, ValueError, TypeError):
        return None
    return found if fits else None


def discard(into: Path) -> None:
    _forget(into)
    _part(into).unlink(missing_ok=True)


class Partial:
    """Opened for writing at `resume.size`, or anew. Any `OSError` comes through."""

    def __init__(self, into: Path, resume: Resume | None) -> None:
        self._into = into
        self._digest = hashlib.sha256()
        self._resume = resume
        self._started = self._synced = self.size = 0
        if resume is None:
            # Before anything else is written there: it speaks of other bytes.
            _sidecar(into).unlink(missing_ok=True)
        self._file = os.open(_part(into), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take_up(resume.size if resume else 0)
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> "Partial":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._file)

    def _take_up(self, size: int) -> None:
        os.ftruncate(self._file, size)
        while chunk := os.read(self._file, min(_CHUNK, size - self.size)):
            self._digest.update(chunk)
            self.size += len(chunk)
        self._started = self._synced = self.size

    def remember(self, resume: Resume | None) -> None:
        """From now on this is how to go on; None: it cannot be."""
        self._resume = resume
        if resume is None:
            _sidecar(self._into).unlink(missing_ok=True)

    def write(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self._digest.update(chunk)
        self.size += _write_all(self._file, chunks)
        if self.size - self._started >= _BEGIN_EACH:
            start_writing(self._file, self._started, self.size - self._started)
            self._started = self.size
        if self._resume and self.size - self._synced >= _SYNC_EACH:
            self.keep()

    def keep(self) -> None:
        """Make what has come last; without a way to go on it is removed instead."""
        if self._resume is None or self.size == 0:
            discard(self._into)
            return
        os.fdatasync(self._file)
        self._synced = self.size
        _write_sidecar(self._into, asdict(self._resume) | {"size": self.size})

    def finish(self) -> str:
        """Give the file its name for good. Returns its SHA-256 in hex."""
        os.fsync(self._file)
        _part(self._into).replace(self._into)
        _forget(self._into)
        sync_directory(self._into.parent)
        return self._digest.hexdigest()


def _write_all(file: int, chunks: list[bytes]) -> int:
    written = 0
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(file, rest) :]
        written += len(chunk)
    return written


def _write_sidecar(into: Path, values: dict[str, Any]) -> None:
    fresh = _unfinished(into)
    fresh.write_text(json.dumps(values))
    fresh.replace(_sidecar(into))


def _forget(into: Path) -> None:
    _sidecar(into).unlink(missing_ok=True)
    # Where a process died while it wrote it.
    _unfinished(into).unlink(missing_ok=True)


def _part(into: Path) -> Path:
    return into.with_name(f"{into.name}.part")


def _sidecar(into: Path) -> Path:
    return into.with_name(f"{into.name}.part.json")


def _unfinished(into: Path) -> Path:
    return into.with_name(f"{into.name}.part.json.new")
