"""A local folder of files named by their content: `ab/cd/<sha256>`, read-only, never replaced."""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from whitenoise.responders import SlicedFile

from studio.lib import failpoints
from studio.lib.files import Content, copy_hashed, hash_file, sync_directory
from studio.storage.place import Shown
from studio.storage.ranges import Span

_INCOMING = "incoming"
_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")
_READ_ONLY = 0o440


class Damaged(Exception):
    """The file kept under a content name no longer holds that content."""


@dataclass(frozen=True)
class Folder:
    root: Path

    def put(self, source: BinaryIO) -> Content:
        """Copy `source` in and return its content. After the return it survives a power cut.

        1. write to a temporary name in the same file system, hashing
        2. fsync the file: its bytes are on the disk before its name is
        3. link it under its content name, which fails if the name is taken
        4. fsync the directories: the name is on the disk before any row says so
        """
        incoming = self.root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True, mode=0o750)
        with NamedTemporaryFile(dir=incoming) as draft:
            content = copy_hashed(source, draft)
            draft.flush()
            failpoints.reach("store.before_fsync")
            os.fchmod(draft.fileno(), _READ_ONLY)
            os.fsync(draft.fileno())
            failpoints.reach("store.before_rename")
            self._publish(Path(draft.name), content)
        return content

    def _publish(self, draft: Path, content: Content) -> None:
        target = self.path(content.sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        try:
            target.hardlink_to(draft)
        except FileExistsError:
            self._confirm(target, content)
        failpoints.reach("store.before_dirsync")
        # Also when the file was there before: its writer may have died before this line.
        for directory in (target.parent, target.parent.parent, self.root):
            sync_directory(directory)

    def _confirm(self, path: Path, content: Content) -> None:
        if hash_file(path) != content:
            raise Damaged(f"{path.name} does not hold what its name says")

    def mend(self, source: Path, content: Content) -> bool:
        """Put the file `source` in the place of one that is missing or damaged.

        Only to the byte: False, and nothing is changed, when `source` does not hold `content`.
        A whole file there is left as it is.
        """
        target = self.path(content.sha256)
        if self.holds(content):
            return True
        incoming = self.root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True, mode=0o750)
        with NamedTemporaryFile(dir=incoming, delete=False) as draft, source.open("rb") as file:
            found = copy_hashed(file, draft)
            draft.flush()
            os.fchmod(draft.fileno(), _READ_ONLY)
            os.fsync(draft.fileno())
        if found != content:
            Path(draft.name).unlink()
            return False
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        Path(draft.name).replace(target)
        for directory in (target.parent, target.parent.parent, self.root):
            sync_directory(directory)
        return True

    def holds(self, content: Content) -> bool:
        """Whether the bytes are there, can be read, and are these: reads them all."""
        try:
            return hash_file(self.path(content.sha256)) == content
        except OSError:
            return False

    def remove(self, sha256: str) -> None:
        """For good. Twice is once."""
        self.path(sha256).unlink(missing_ok=True)

    def kept(self) -> Iterator[tuple[str, int]]:
        """What else lies in the folder is left alone."""
        for path in self.root.glob("??/??/*"):
            place = path.relative_to(self.root).as_posix()
            if _PLACE.fullmatch(place) and not path.is_symlink():
                yield path.name, path.stat().st_size

    def is_reachable(self) -> bool:
        return self.root.is_dir()

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def open(self, sha256: str) -> BinaryIO:
        return self.path(sha256).open("rb")

    def stream(self, sha256: str, wanted: Span | None) -> BinaryIO:
        file = self.open(sha256)
        if wanted is None:
            return file
        part: BinaryIO = SlicedFile(file, wanted.first, wanted.last)  # type: ignore[no-untyped-call, assignment]
        return part

    def address(self, sha256: str) -> str:
        return str(self.path(sha256))

    def url(self, sha256: str, shown: Shown) -> str | None:
        return None

    def size(self, sha256: str) -> int | None:
        """Bytes, or None where there is no such file."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def sweep(self, older_than: float) -> int:
        """Remove what writers that died have left, `older_than` seconds ago. Returns how many."""
        limit = time.time() - older_than
        left = [p for p in (self.root / _INCOMING).glob("*") if p.stat().st_mtime < limit]
        for draft in left:
            draft.unlink(missing_ok=True)
        return len(left)

    def check(self) -> None:
        """Raises OSError when nothing could be put here now."""
        incoming = self.root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True, mode=0o750)
        with NamedTemporaryFile(dir=incoming) as probe:
            probe.write(b"ok")
            probe.flush()
