"""A bucket of an object store that speaks S3, with copies on this machine for whoever needs a path.

The names are those of `folder`: `ab/cd/<sha256>`. One PUT carries a whole file and its SHA-256, so
there is never half an object; "only if there is none" is the store's own condition.
"""

import base64
import errno
import functools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from storages.backends.s3 import S3Storage

from studio.lib.files import Content, copy_hashed, hash_file
from studio.lib.s3 import S3
from studio.storage.cache import Cache
from studio.storage.folder import Damaged
from studio.storage.place import Shown
from studio.storage.ranges import Span

# How long a signed address is good for (seconds): long enough to begin, and to seek in a clip.
SIGNED_FOR = 600

_NOT_THERE = {"404", "NoSuchKey", "NotFound"}
_TAKEN = "PreconditionFailed"
# Look-alikes refuse checksums that they do not know, so only the one we name is sent.
_CONFIG = {
    "signature_version": "s3v4",
    "connect_timeout": 5,
    "read_timeout": 60,
    "retries": {"mode": "standard", "max_attempts": 3},
    "max_pool_connections": 32,
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class Unreachable(OSError):
    """The object store cannot be reached, or will not do what we ask: later, perhaps."""


@functools.cache
def connect(s3: S3) -> Any:
    """The client of this process; boto3's are shared by threads, and take a while to make."""
    config = Config(s3={"addressing_style": s3.addressing}, **_CONFIG)
    storage = S3Storage(
        bucket_name=s3.bucket,
        endpoint_url=s3.address,
        region_name=s3.region,
        access_key=s3.access_key or None,
        secret_key=s3.secret_key or None,
        default_acl=None,
        client_config=config,
    )
    return storage.connection.meta.client


def configured() -> "Bucket":
    """The one that the settings name."""
    s3 = settings.S3_STORE
    if s3 is None:
        raise ImproperlyConfigured("STUDIO_S3_BUCKET is not set.")
    return Bucket(s3, Cache(settings.DATA_DIR / "cache", s3.cache_bytes))


@dataclass(frozen=True)
class Bucket:
    s3: S3
    cache: Cache

    def put(self, source: BinaryIO) -> Content:
        """Copy `source` in and return its content: the store has it whole and has said so.

        1. copy it to this machine, hashing; whoever decodes it next finds it there
        2. send it in one PUT with its SHA-256, refused by the store if the name is taken
        3. ask the store what it holds under the name
        """
        content = self.cache.take_in(source)
        if self.size(content.sha256) is None:
            # Another writer may be faster: what it left is looked at as ours would be.
            with suppress(FileExistsError):
                self._upload(content, self.cache.path(content.sha256), IfNoneMatch="*")
        self._confirm(content)
        return content

    def _upload(self, content: Content, path: Path, **condition: str) -> None:
        with path.open("rb") as file, self._asking(content.sha256):
            self._client.put_object(
                **self._object(content.sha256),
                Body=file,
                ContentLength=content.size,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=_base64(content.sha256),
                **condition,
            )

    def _confirm(self, content: Content) -> None:
        with self._asking(content.sha256):
            told = self._client.head_object(**self._object(content.sha256), ChecksumMode="ENABLED")
        if told["ContentLength"] == content.size:
            checksum = told.get("ChecksumSHA256", "")
            if checksum == _base64(content.sha256):
                return
            # Not told, or that of an object sent in parts: then its bytes are read.
            if (not checksum or "-" in checksum) and self.holds(content):
                return
        raise Damaged(f"{content.sha256} does not hold what its name says")

    def open(self, sha256: str) -> BinaryIO:
        return self.path(sha256).open("rb")

    def stream(self, sha256: str, wanted: Span | None) -> BinaryIO:
        part = {} if wanted is None else {"Range": f"bytes={wanted.first}-{wanted.last}"}
        with self._asking(sha256):
            body: BinaryIO = self._client.get_object(**self._object(sha256), **part)["Body"]
        return body

    def path(self, sha256: str) -> Path:
        """A copy on this machine, fetched if need be. Raises Damaged when it is not itself."""
        found = self.cache.find(sha256)
        if found:
            return found
        with self._asking(sha256), self.stream(sha256, None) as body:
            content = self.cache.take_in(body, expected=sha256)
        if content.sha256 != sha256:
            raise Damaged(f"{sha256} does not hold what its name says")
        return self.cache.path(sha256)

    def address(self, sha256: str) -> str:
        return f"s3://{self.s3.bucket}/{_key(sha256)}"

    def size(self, sha256: str) -> int | None:
        """Bytes, or None where there is no such object."""
        try:
            with self._asking(sha256):
                size: int = self._client.head_object(**self._object(sha256))["ContentLength"]
        except FileNotFoundError:
            return None
        return size

    def url(self, sha256: str, shown: Shown) -> str | None:
        """Signed, for `SIGNED_FOR` seconds, and for this type and name only."""
        if not self.s3.is_direct:
            return None
        wanted = self._object(sha256) | {
            "ResponseContentType": shown.media_type,
            "ResponseContentDisposition": shown.disposition,
            "ResponseCacheControl": "private, max-age=31536000, immutable",
        }
        signed: str = self._client.generate_presigned_url("get_object", wanted, SIGNED_FOR)
        return signed

    def sweep(self, older_than: float) -> int:
        self.cache.trim()
        return self.cache.sweep(older_than)

    def check(self) -> None:
        """Whether the store answers and knows us; raises Unreachable (or FileNotFoundError)."""
        with self._asking(self.s3.bucket):
            self._client.head_bucket(Bucket=self.s3.bucket)

    def is_reachable(self) -> bool:
        try:
            self.check()
        except OSError:
            return False
        return True

    # ── For upkeep: to look, to mend, to prune ────────────────────────────────────────────────

    def holds(self, content: Content) -> bool:
        """Whether the bytes are there and are these: reads them all, from the store itself."""
        try:
            with self._asking(content.sha256), self.stream(content.sha256, None) as body:
                return copy_hashed(body) == content
        except FileNotFoundError:
            return False

    def mend(self, source: Path, content: Content) -> bool:
        """Put the file `source` in the place of a missing or damaged object, only to the byte."""
        if self.holds(content):
            return True
        if hash_file(source) != content:
            return False
        self.cache.forget(content.sha256)
        self._upload(content, source)
        return True

    def remove(self, sha256: str) -> None:
        """For good. Twice is once."""
        self.cache.forget(sha256)
        with self._asking(sha256):
            self._client.delete_object(**self._object(sha256))

    def kept(self) -> Iterator[tuple[str, int]]:
        """The content name and size (bytes) of every object that is one of ours."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.s3.bucket)
        with self._asking(self.s3.bucket):
            for page in pages:
                for found in page.get("Contents", ()):
                    name = found["Key"].rpartition("/")[2]
                    if found["Key"] == _key(name):
                        yield name, found["Size"]

    # ── The wire ──────────────────────────────────────────────────────────────────────────────

    @property
    def _client(self) -> Any:
        return connect(self.s3)

    def _object(self, sha256: str) -> dict[str, Any]:
        return {"Bucket": self.s3.bucket, "Key": _key(sha256)}

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        """What goes wrong is said as a file system would say it."""
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _NOT_THERE:
                raise FileNotFoundError(errno.ENOENT, "Not in the bucket", name) from error
            if code == _TAKEN:
                raise FileExistsError(errno.EEXIST, "Already in the bucket", name) from error
            raise Unreachable(errno.EIO, f"The object store refused ({code})", name) from error
        except BotoCoreError as error:
            kind = type(error).__name__
            raise Unreachable(errno.EIO, f"The object store cannot be reached ({kind})") from error


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()
