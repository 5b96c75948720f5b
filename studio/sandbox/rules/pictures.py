"""The pictures inside a body: decoded, measured, and never fetched from anywhere."""

import base64
import binascii
import hashlib
import io
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from studio.sandbox.refusals import Refused, Why

_HEAD = re.compile(r"data:image/(?P<kind>[a-z+.-]+);base64,", re.IGNORECASE)
_KINDS = {"png": "PNG", "jpeg": "JPEG", "jpg": "JPEG", "webp": "WEBP"}
# Beside one another, the first frame and the last may differ by so much, either way.
PAIR_LOW, PAIR_HIGH = Fraction(4, 5), Fraction(5, 4)


@dataclass(frozen=True)
class Picture:
    """`width` is 0 for an address: the sandbox does not go and look."""

    digest: str
    bytes: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Pictures:
    """What a model takes. `form`: "string" or "list"."""

    field: str
    form: str
    least: int
    most: int
    below_bytes: int
    formats: frozenset[str] = frozenset({"PNG", "JPEG", "WEBP"})
    shortest_side: int = 1
    widest: float = 4.0
    is_pair: bool = False

    def read(self, given: Any) -> tuple[Picture, ...]:
        """The pictures of a body, checked. Raises Refused."""
        entries = self._entries(given)
        if not self.least <= len(entries) <= self.most:
            raise Refused(Why.COUNT, f"{self.field} must hold {self.least} to {self.most} pictures")
        pictures = tuple(self._read(entry, place) for place, entry in enumerate(entries))
        if self.is_pair:
            self._check_pair(pictures)
        return pictures

    def _entries(self, given: Any) -> list[str]:
        if self.form == "string":
            if not isinstance(given, str):
                raise Refused(Why.INVALID, f"{self.field} must be one string, not a list")
            return [given]
        if not isinstance(given, list) or not all(isinstance(entry, str) for entry in given):
            raise Refused(Why.INVALID, f"{self.field} must be a list of strings")
        return given

    def _read(self, entry: str, place: int) -> Picture:
        name = f"{self.field}[{place}]"
        if entry.startswith(("http://", "https://")):
            if not urlsplit(entry).hostname:
                raise Refused(Why.INVALID, f"{name} is no address")
            return Picture(hashlib.sha256(entry.encode()).hexdigest(), len(entry))
        head = _HEAD.match(entry)
        if head is None:
            raise Refused(Why.PICTURE_FORMAT, f"{name} is neither an address nor data:image/…")
        return self._decode(name, head["kind"].lower(), entry[head.end() :])

    def _decode(self, name: str, kind: str, encoded: str) -> Picture:
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused(Why.PICTURE_FORMAT, f"{name} is no base64: {error}") from error
        if len(raw) >= self.below_bytes:
            raise Refused(Why.PICTURE_HEAVY, f"{name} has {self.below_bytes} bytes or more")
        size, found = _measure(name, raw)
        if found not in self.formats or _KINDS.get(kind) != found:
            raise Refused(Why.PICTURE_FORMAT, f"{name} is {found}, said to be image/{kind}")
        self._check_shape(name, *size)
        return Picture(hashlib.sha256(raw).hexdigest(), len(raw), *size)

    def _check_shape(self, name: str, width: int, height: int) -> None:
        if min(width, height) < self.shortest_side:
            raise Refused(
                Why.PICTURE_SHAPE, f"{name} is smaller than {self.shortest_side} pixels a side"
            )
        if self.widest and max(width, height) > self.widest * min(width, height):
            raise Refused(Why.PICTURE_SHAPE, f"{name} is not between 1:4 and 4:1")

    def _check_pair(self, pictures: tuple[Picture, ...]) -> None:
        """Some pages say "resolution ratio", others "aspect ratio": read as the shapes' ratio."""
        if len(pictures) != 2 or not all(picture.width for picture in pictures):
            return
        first, last = pictures
        quotient = Fraction(first.width * last.height, first.height * last.width)
        if not PAIR_LOW <= quotient <= PAIR_HIGH:
            raise Refused(Why.PICTURE_SHAPE, "first and last frame differ too much in shape")


def _measure(name: str, raw: bytes) -> tuple[tuple[int, int], str]:
    """Decoded whole: a cut picture is refused, as the vendors do."""
    try:
        with Image.open(io.BytesIO(raw)) as picture:
            picture.load()
            return picture.size, str(picture.format)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(Why.PICTURE_FORMAT, f"{name} cannot be decoded: {error}") from error
