"""How a line of the log looks: for people, or one JSON object. Nothing here ever raises.

`bound` marks every line of a block with what it is about: the generation, the request.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_HIDDEN = "[hidden]"
_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)

# What follows "?" in an address may sign it or log somebody in; what stands before "@" surely does.
_QUERY = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]+")
_USERINFO = re.compile(r"([a-z]+://)[^\s/@\"']+@")
_AUTHORISATION = re.compile(r"\b(Bearer|Token|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE)
# Shorter ones would blot out ordinary words.
_SHORTEST_SECRET = 8


@contextmanager
def bound(**about: str) -> Iterator[None]:
    """Every line that this thread logs in the block carries these names."""
    token = _about.set((_about.get() or {}) | about)
    try:
        yield
    finally:
        _about.reset(token)


class _Formatter(logging.Formatter):
    """`secrets` are taken out of every line, wherever they come from."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]

    def redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        text = _USERINFO.sub(rf"\1{_HIDDEN}@", text)
        text = _QUERY.sub(rf"\1?{_HIDDEN}", text)
        return _AUTHORISATION.sub(rf"\1 {_HIDDEN}", text)

    def message(self, record: logging.LogRecord) -> str:
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # Words and values that do not fit are still worth reading.
            text = f"{record.msg} {record.args}"
        return self.redacted(text)

    def exception(self, record: logging.LogRecord) -> str:
        parts = []
        if record.exc_info:
            parts.append(self.formatException(record.exc_info))
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return self.redacted("\n".join(parts))


class Line(_Formatter):
    """`2026-12-01 12:00:00,000 INFO studio.x message [generation=…]`, an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        about = " ".join(f"{name}={value}" for name, value in (_about.get() or {}).items())
        text = (
            f"{self.formatTime(record)} {record.levelname} {record.name} {self.message(record)}"
            f"{f' [{about}]' if about else ''}"
        )
        exception = self.exception(record)
        return f"{text}\n{exception}" if exception else text


class Json(_Formatter):
    """One object a line: time (UTC), level, logger, message, what it is about, exception."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            **(_about.get() or {}),
        }
        exception = self.exception(record)
        if exception:
            entry["exception"] = exception
        return json.dumps(entry, ensure_ascii=False)


class Stderr(logging.Handler):
    """Writes to what is the error output at that moment. A full disk or a closed pipe is no reason
    to stop working, and there is nobody left to tell."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: the log itself is what cannot be written."""
