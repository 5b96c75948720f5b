"""Where files are kept. A blob is its content: the same bytes are the same row and the same file.

Every caller goes through these functions; whether a local folder or a bucket of an object store
stands behind them is a matter of configuration.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.module_loading import import_string

from studio.lib import clock
from studio.lib.files import Content, copy_hashed
from studio.storage.folder import Folder
from studio.storage.models import Blob, Fault
from studio.storage.place import Place, Shown
from studio.storage.ranges import Span

_DAY = 24 * 60 * 60


def _place() -> Place:
    """The bucket is named, not imported: without one, none of its libraries is loaded."""
    if settings.S3_STORE is None:
        return Folder(Path(settings.MEDIA_ROOT))
    place: Place = import_string("studio.storage.bucket.configured")()
    return place


def put(source: Path, media_type: str) -> Blob:
    """Copy the file in and return its blob, durable when this returns.

    The same bytes give the same blob, whoever brings them; nothing is ever overwritten. A file
    that is already there under its content name (its writer died before the row) is adopted.
    Raises `Damaged` when the file there no longer holds what its name says.
    """
    with source.open("rb") as file:
        return _put(file, media_type)


def put_bytes(data: bytes, media_type: str) -> Blob:
    """As `put`, for what is in memory."""
    return _put(BytesIO(data), media_type)


def _put(source: BinaryIO, media_type: str) -> Blob:
    while True:
        source.seek(0)
        content = _place().put(source)
        blob, _ = Blob.objects.get_or_create(
            sha256=content.sha256, size=content.size, defaults={"media_type": media_type}
        )
        # A removal of the unused (`remove_unused`) may have come between: then once more.
        if _claim(blob) and exists(blob):
            return blob


def _claim(blob: Blob) -> bool:
    """Say that it is wanted, and that its bytes have just been seen whole; False: it is gone."""
    blob.unused_since, blob.fault = None, Fault.NONE
    changed = Blob.objects.filter(pk=blob.pk)
    return changed.update(unused_since=None, fault=Fault.NONE, checked_at=clock.now()) == 1


def open(blob: Blob) -> BinaryIO:
    """The bytes, to be closed by the caller. Raises FileNotFoundError."""
    return _place().open(blob.sha256)


def stream(blob: Blob, wanted: Span | None = None) -> BinaryIO:
    """The bytes, or some of them, from first to last; a bucket's do not come over this disk."""
    return _place().stream(blob.sha256, wanted)


def path(blob: Blob) -> Path:
    """Where the bytes are on this machine, for a while. Read only.

    What is kept in a bucket is fetched first, and FileNotFoundError says that it is not there;
    of a folder, whether they are there is `exists`.
    """
    return _place().path(blob.sha256)


def address(blob: Blob) -> str:
    """Where the bytes are, for people and scripts: an absolute path, or s3://bucket/name."""
    return _place().address(blob.sha256)


def stat(blob: Blob) -> int | None:
    """The size in bytes of what is kept, or None where nothing is."""
    return _place().size(blob.sha256)


def exists(blob: Blob) -> bool:
    return stat(blob) == blob.size


def is_reachable() -> bool:
    """False where the whole store is away (a disk that is not mounted), not one file of it."""
    return _place().is_reachable()


def look(blob: Blob) -> Fault:
    """Read every byte and say what is wrong. What cannot be read to its end is damaged."""
    try:
        with _place().stream(blob.sha256, None) as file:
            found = copy_hashed(file)
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.DAMAGED
    return Fault.NONE if found == Content(blob.sha256, blob.size) else Fault.DAMAGED


def mend(source: Path, content: Content) -> bool:
    """Put a file in the place of one that is missing or damaged, if it is that to the byte."""
    return _place().mend(source, content)


def holds(content: Content) -> bool:
    """Whether these bytes are kept and whole: reads them all."""
    return _place().holds(content)


def remove(sha256: str) -> None:
    """Delete the bytes for good. Whoever calls this has made sure that nobody wants them."""
    _place().remove(sha256)


def kept() -> Iterator[tuple[str, int]]:
    """The content name and size (bytes) of every file there is, with a row or without."""
    return _place().kept()


def url(blob: Blob, shown: Shown) -> str | None:
    """A short-lived address that serves the bytes without us; None: we serve them ourselves.

    Whoever has the address has the file: ask only after the object check.
    """
    return _place().url(blob.sha256, shown)


def sweep() -> int:
    """Remove the drafts of writers that died more than a day ago. Returns how many."""
    return _place().sweep(older_than=_DAY)


def check() -> None:
    """Raises OSError when nothing could be kept now."""
    _place().check()
