"""One request as it came in, and how it is written into the book: no key, no picture."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.sandbox.refusals import Refused, Why

_PICTURE = re.compile(rb"(data:[\w.+/-]*;base64,)([A-Za-z0-9+/=_-]{16,})")
_SECRET = re.compile(r"\S+$")
_LONGEST_KEPT = 200_000


@dataclass(frozen=True)
class Call:
    """`path` stands behind the provider's prefix; header names are in lower case."""

    provider: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """The body as an object. Raises Refused on what no vendor should have to read."""
        if self.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Refused(Why.BODY, "Content-Type must be application/json")
        try:
            found = json.loads(self.body, object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Refused(Why.BODY, f"the body is no JSON: {error}") from error
        if not isinstance(found, dict):
            raise Refused(Why.BODY, "the body must be an object")
        return found

    def entry(self) -> dict[str, Any]:
        """For the book: keys are hidden, each picture is replaced by its digest."""
        headers = {
            name: _SECRET.sub("…", value) if name in {"authorization", "cookie"} else value
            for name, value in self.headers.items()
        }
        return {
            "provider": self.provider,
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "headers": headers,
            "body": _PICTURE.sub(_digest, self.body)[:_LONGEST_KEPT].decode(errors="replace"),
        }


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _digest(found: "re.Match[bytes]") -> bytes:
    try:
        raw = base64.b64decode(found[2], validate=True)
    except (binascii.Error, ValueError):
        raw = found[2]
    return found[1] + f"<{len(raw)} bytes, sha256 {hashlib.sha256(raw).hexdigest()}>".encode()
