"""Take a backup apart beside the data, and prove every byte of it before anything is touched."""

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from studio.lib.files import Content, copy_hashed, sync_directory
from studio.storage import store
from studio.upkeep import manifest
from studio.upkeep.manifest import Head, NotABackup, media_name, member_line

_MOST_HEAD = 16 * 1024 * 1024


@dataclass(frozen=True)
class Unpacked:
    """What a backup held, under `folder`; files that are kept whole already are not there again."""

    folder: Path
    head: Head
    files: int

    def media(self) -> Iterator[tuple[Path, Content]]:
        """What is to be put into the store, each with what it holds."""
        for path in sorted(self.folder.glob("media/??/??/*")):
            yield path, Content(path.name, path.stat().st_size)

    def database(self) -> list[Path]:
        return sorted(self.folder.glob("database/*"))

    def secret(self, name: str) -> str:
        """Empty where the backup has no keys."""
        path = self.folder / "secrets" / name
        return path.read_text().strip() if path.exists() else ""


def unpack(source: Path, folder: Path, *, keep: bool = True) -> Unpacked:
    """Read the backup to its end, with every member checked against its manifest.

    With `keep` False nothing is written: it only proves. Raises NotABackup, which says what is
    wrong; OSError when the disk is full.
    """
    with TemporaryFile(dir=folder) as lines:
        try:
            with tarfile.open(source, mode="r|", bufsize=1024 * 1024) as tar:
                head, files = _take_apart(tar, folder, lines, keep)
        except FileExistsError as error:
            raise NotABackup(f"It holds a member twice ({error.filename}).") from error
        except (tarfile.TarError, EOFError) as error:
            raise NotABackup(f"It is cut off or damaged ({error}).") from error
    return Unpacked(folder, head, files)


def _take_apart(
    tar: tarfile.TarFile, folder: Path, lines: IO[bytes], keep: bool
) -> tuple[Head, int]:
    files = 0
    for member in tar:
        body = tar.extractfile(member)
        if body is None or not member.isreg():
            raise NotABackup(f"It holds something that is no file ({member.name}).")
        if member.name == manifest.NAME:
            head = _compare(body, lines)
            if tar.next() is not None:
                raise NotABackup("Something follows its manifest.")
            return head, files
        if not manifest.MEMBER.fullmatch(member.name):
            raise NotABackup(f"It holds {member.name}, which no backup of ours does.")
        content = _take(member.name, body, folder, keep)
        if content.size != member.size:
            raise NotABackup(f"It is cut off within {member.name}.")
        lines.write(f"{member_line(member.name, content)}\n".encode())
        files += member.name.startswith("media/")
    raise NotABackup("It has no manifest at its end: it was never finished, or is cut off.")


def _take(name: str, body: IO[bytes], folder: Path, keep: bool) -> Content:
    if not keep:
        return copy_hashed(body)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        content = copy_hashed(body, file)
        file.flush()
        os.fsync(file.fileno())
    if name.startswith("media/") and not _is_wanted(name, content):
        target.unlink()
    return content


def _is_wanted(name: str, content: Content) -> bool:
    """Not what was damaged when the backup was made, and not what is here and whole already."""
    return name == media_name(content.sha256) and not store.holds(content)


def _compare(body: IO[bytes], lines: IO[bytes]) -> Head:
    """The manifest's lines must be, to the byte, those that the members have given."""
    head = manifest.read_head(body.readline(_MOST_HEAD).decode())
    lines.seek(0)
    while True:
        said, found = body.readline(), lines.readline()
        if said != found:
            name = (said or found).decode(errors="replace").strip()
            raise NotABackup(f"A member is not what its manifest says: {name[:200]}")
        if not said:
            return head


def sync(folder: Path) -> None:
    """Until this returns, names made in `folder` may be lost with the power."""
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        sync_directory(path)
