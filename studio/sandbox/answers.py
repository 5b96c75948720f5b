"""What goes back over the socket, good or bad."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """One reply, and how it misbehaves on its way.

    `length` is what Content-Length says instead of the truth; None leaves it out, "" is honest.
    `send` bytes of the body go out before the end; `reset` ends by RST instead of FIN. `hang`
    seconds pass before the first byte, `drip` seconds before each byte of all.
    """

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    length: str | None = ""
    send: int | None = None
    reset: bool = False
    hang: float = 0
    drip: float = 0
    # Endless or slow bodies; then `body` is not sent.
    stream: Iterable[bytes] | None = field(default=None, compare=False)


def document(status: int, content: Any, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(), headers=headers)


def page(status: int, words: str) -> Answer:
    """What a gateway in front of a vendor says."""
    body = f"<html><head><title>{status} {words}</title></head><body><h1>{words}</h1></body></html>"
    return Answer(status, body.encode(), "text/html")


def silence() -> Answer:
    """The connection is reset without a byte."""
    return Answer(0, reset=True)
