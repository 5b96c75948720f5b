"""What a place where files are kept can do: a local folder, or a bucket of an object store."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from studio.lib.files import Content
from studio.storage.ranges import Span


@dataclass(frozen=True)
class Shown:
    """What a browser is told about a file that it fetches from the place itself."""

    media_type: str
    disposition: str


class Place(Protocol):
    """Files by the SHA-256 of their content. Raises FileNotFoundError for what is not there."""

    def put(self, source: BinaryIO) -> Content:
        """Copy in and return the content, durable and checked. Raises Damaged."""

    def open(self, sha256: str) -> BinaryIO:
        """The bytes; can be sought in."""

    def stream(self, sha256: str, wanted: Span | None) -> BinaryIO:
        """The bytes, or some of them, to be read once from the first to the last."""

    def path(self, sha256: str) -> Path:
        """Where the bytes are on this machine, to be read only."""

    def address(self, sha256: str) -> str:
        """Where the bytes are, for people: an absolute path, or s3://…"""

    def size(self, sha256: str) -> int | None:
        """Bytes, or None where there is no such file."""

    def url(self, sha256: str, shown: Shown) -> str | None:
        """A short-lived address for a browser; None: we hand the bytes out ourselves."""

    def sweep(self, older_than: float) -> int:
        """Remove what writers that died have left, `older_than` seconds ago."""

    def check(self) -> None:
        """Raises OSError when nothing could be put here now."""

    def is_reachable(self) -> bool:
        """False where the whole place is away, not one file of it."""

    def holds(self, content: Content) -> bool:
        """Whether the bytes are there, can be read, and are these: reads them all."""

    def mend(self, source: Path, content: Content) -> bool:
        """Put the file `source` in the place of a missing or damaged one, only to the byte."""

    def remove(self, sha256: str) -> None:
        """For good. Twice is once."""

    def kept(self) -> Iterator[tuple[str, int]]:
        """The content name and size (bytes) of every file that is one of ours."""
