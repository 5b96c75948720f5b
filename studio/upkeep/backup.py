"""One file that holds the whole studio: database, media, and a manifest that proves them.

The database is read first and the files after it: whatever the snapshot names is there, since
nothing unused is removed for a week (`upkeep.prune`). The manifest comes last, so that a file
without one is no backup.
"""

import hashlib
import logging
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from django.conf import settings

from studio import VERSION
from studio.lib import clock
from studio.lib.files import Content, sync_directory
from studio.storage import store
from studio.storage.models import Blob
from studio.upkeep import manifest, seals, snapshots
from studio.upkeep.manifest import Head, media_name, member_line
from studio.upkeep.snapshots import Snapshot

log = logging.getLogger(__name__)

_CHUNK = 1024 * 1024


class Exists(Exception):
    """A file of that name is there; backups are never overwritten."""


@dataclass
class Made:
    """`faulty`: content names of files that were missing or damaged, and so are not in it."""

    files: int = 0
    bytes: int = 0
    faulty: list[str] = field(default_factory=list)


def measure() -> Made:
    """What a backup would hold now: how many files, how many bytes. Writes nothing that stays."""
    made = Made()
    with (
        tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as place,
        snapshots.taken(Path(place)) as snapshot,
    ):
        for path in snapshot.files:
            made.bytes += path.stat().st_size
        for sha256, size in snapshot.blobs:
            made.files += 1
            made.bytes += size
            if not store.exists(Blob(sha256=sha256, size=size)):
                made.faulty.append(sha256)
    return made


def back_up(target: Path, *, with_keys: bool = False) -> Made:
    """Write the backup, readable to its owner only. Its name appears when it is whole.

    Raises Exists; OSError when the disk is full.
    """
    if target.exists():
        raise Exists(f"{target} is there already.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as place:
        draft = Path(place) / "draft.tar"
        draft.touch(mode=0o600)
        with draft.open("wb") as file:
            made = _write(file, Path(place), with_keys)
            file.flush()
            os.fsync(file.fileno())
        # Fails where somebody has made one of that name meanwhile.
        target.hardlink_to(draft)
    sync_directory(target.parent)
    return made


def _write(file: BinaryIO, place: Path, with_keys: bool) -> Made:
    with (
        snapshots.taken(place) as snapshot,
        tarfile.open(fileobj=file, mode="w|", bufsize=_CHUNK) as tar,
        tempfile.TemporaryFile(dir=place) as lines,
    ):
        bundle = _Bundle(tar, lines)
        for path in snapshot.files:
            with path.open("rb") as source:
                bundle.add(f"database/{path.name}", source, path.stat().st_size)
        made = _add_media(bundle, snapshot)
        if with_keys:
            for name, value in _secrets():
                bundle.add(f"secrets/{name}", BytesIO(value), len(value))
        bundle.close(_head(snapshot, made, with_keys))
        return made


def _secrets() -> Iterator[tuple[str, bytes]]:
    """What opens the rest."""
    yield "SECRET_KEY", settings.SECRET_KEY.encode()
    yield "STUDIO_ENCRYPTION_KEYS", ",".join(settings.ENCRYPTION_KEYS).encode()


def _add_media(bundle: "_Bundle", snapshot: Snapshot) -> Made:
    """A damaged file comes along as it is, under the name of what it was, and is listed."""
    made = Made()
    for sha256, size in snapshot.blobs:
        found = _add_file(bundle, Blob(sha256=sha256, size=size))
        if found != Content(sha256, size):
            made.faulty.append(sha256)
        if found:
            made.files += 1
            made.bytes += found.size
    return made


def _add_file(bundle: "_Bundle", blob: Blob) -> Content | None:
    size = store.stat(blob)
    if size is None:
        return None
    try:
        source = store.open(blob)
    except OSError:
        return None
    with source:
        return bundle.add(media_name(blob.sha256), source, size)


def _head(snapshot: Snapshot, made: Made, with_keys: bool) -> Head:
    return Head(
        studio=VERSION,
        made_at=clock.now().isoformat(timespec="seconds"),
        engine=snapshot.engine,
        migrations=snapshot.migrations,
        counts=snapshot.counts,
        tables=snapshot.tables,
        sealed_with=seals.sealed_with(),
        has_keys=with_keys,
        faulty=made.faulty,
    )


class _Bundle:
    """The archive as it grows, and the manifest's lines beside it."""

    def __init__(self, tar: tarfile.TarFile, lines: IO[bytes]) -> None:
        self._tar, self._lines = tar, lines

    def add(self, name: str, source: IO[bytes], size: int) -> Content:
        reader = _Reader(source, size)
        self._add(name, reader, size)
        content = reader.content()
        self._lines.write(f"{member_line(name, content)}\n".encode())
        return content

    def close(self, head: Head) -> None:
        first = f"{head.line()}\n".encode()
        length = self._lines.tell()
        self._lines.seek(0)
        self._add(manifest.NAME, _Chained(BytesIO(first), self._lines), len(first) + length)

    def _add(self, name: str, source: "_Readable", size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(clock.now().timestamp())
        self._tar.addfile(entry, source)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Reader:
    """Exactly `size` bytes of a file, hashed as they are read.

    What cannot be read any more is filled up with zeros: the archive stays in step, and the hash
    tells that these are not the bytes.
    """

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source, self._left, self._size = source, size, size
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._read(wanted)
        self._left -= len(data)
        self._digest.update(data)
        return data

    def _read(self, wanted: int) -> bytes:
        try:
            data = self._source.read(wanted)
        except OSError as error:
            log.error("A file cannot be read to its end: %s", error)
            data = b""
        return data or bytes(wanted)

    def content(self) -> Content:
        return Content(self._digest.hexdigest(), self._size)


class _Chained:
    """Several files, read as one."""

    def __init__(self, *sources: IO[bytes]) -> None:
        self._sources = list(sources)

    def read(self, size: int = -1) -> bytes:
        data = b""
        while self._sources and (size < 0 or len(data) < size):
            more = self._sources[0].read(size - len(data) if size >= 0 else -1)
            data += more
            if not more:
                del self._sources[0]
        return data
