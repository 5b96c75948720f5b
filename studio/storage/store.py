"""Where files are kept. A blob is its content: the same bytes are the same row and the same file.

Every caller goes through these functions, so that an object store can take the folder's place.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from studio.storage.folder import Folder
from studio.storage.models import Blob

_DAY = 24 * 60 * 60


def _folder() -> Folder:
    return Folder(Path(settings.MEDIA_ROOT))


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
    content = _folder().put(source)
    blob, _ = Blob.objects.get_or_create(
        sha256=content.sha256, size=content.size, defaults={"media_type": media_type}
    )
    return blob


def open(blob: Blob) -> BinaryIO:
    """The bytes, to be closed by the caller. Raises FileNotFoundError."""
    return _folder().open(blob.sha256)


def path(blob: Blob) -> Path:
    """Where the bytes are on this machine. Read only; whether they are there is `exists`."""
    return _folder().path(blob.sha256)


def stat(blob: Blob) -> int | None:
    """The size in bytes of what is kept, or None where nothing is."""
    return _folder().size(blob.sha256)


def exists(blob: Blob) -> bool:
    return stat(blob) == blob.size


def url(blob: Blob) -> str | None:
    """An address that serves the bytes without us; None: we serve them ourselves."""
    return None


def sweep() -> int:
    """Remove the drafts of writers that died more than a day ago. Returns how many."""
    return _folder().sweep(older_than=_DAY)
