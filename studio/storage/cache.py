"""Copies of files that are kept elsewhere, named by their content, the least used going first.

Whatever decodes or renders needs a path on this machine. Nothing here is the only copy: all of it
may be deleted at any time, and is fetched again.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from studio.lib.files import Content, copy_hashed

_INCOMING = "incoming"
# Seconds for which a copy stays after its last use: somebody may be about to open it by its path.
STAYS = 60 * 60


@dataclass(frozen=True)
class Cache:
    """`limit` is in bytes; copies in use may exceed it for an hour."""

    root: Path
    limit: int

    def take_in(self, source: BinaryIO, expected: str | None = None) -> Content:
        """Copy `source` in and say what it was. What is not `expected` (a SHA-256) is not kept."""
        incoming = self.root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True, mode=0o750)
        with NamedTemporaryFile(dir=incoming, delete=False) as draft:
            path = Path(draft.name)
            try:
                content = copy_hashed(source, draft)
            except BaseException:
                path.unlink()
                raise
        if expected in {None, content.sha256}:
            self._publish(path, content.sha256)
        else:
            path.unlink()
        self.trim()
        return content

    def _publish(self, draft: Path, sha256: str) -> None:
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        draft.chmod(0o440)
        draft.replace(target)

    def find(self, sha256: str) -> Path | None:
        """Where the copy is, which now stays for another hour; None where there is none."""
        path = self.path(sha256)
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def forget(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def trim(self) -> int:
        """Delete the least recently used copies until the rest fit. Returns how many."""
        copies = sorted((stat.st_mtime, stat.st_size, path) for path, stat in self._copies())
        excess = sum(size for _, size, _ in copies) - self.limit
        removed = 0
        for used_at, size, path in copies:
            if excess <= 0 or used_at > time.time() - STAYS:
                break
            path.unlink(missing_ok=True)
            excess, removed = excess - size, removed + 1
        return removed

    def _copies(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self.root.glob("??/*"):
            try:
                found.append((path, path.stat()))
            except FileNotFoundError:
                continue  # trimmed by another process while we looked
        return found

    def sweep(self, older_than: float) -> int:
        """Remove what writers that died have left, `older_than` seconds ago. Returns how many."""
        limit = time.time() - older_than
        left = [p for p in (self.root / _INCOMING).glob("*") if p.stat().st_mtime < limit]
        for draft in left:
            draft.unlink(missing_ok=True)
        return len(left)
