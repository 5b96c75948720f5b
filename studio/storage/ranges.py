"""Which bytes a Range header asks for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"([0-9]{0,30})-([0-9]{0,30})")


class NotSatisfiable(Exception):
    """Answer 416: out of reach, malformed, or more than one range."""


@dataclass(frozen=True)
class Span:
    """First and last byte, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def span(header: str, size: int) -> Span | None:
    """The bytes asked for of a file of `size` bytes; None: another unit, so send it all."""
    unit, _, wanted = header.strip().partition("=")
    if unit.strip().lower() != "bytes":
        return None
    match = _ONE_RANGE.fullmatch(wanted.strip())
    if match is None or not any(match.groups()):
        raise NotSatisfiable
    first, last = match.groups()
    return _within(first, last, size)


def _within(first: str, last: str, size: int) -> Span:
    """`10-`, `10-19`, or `-10`: the last ten."""
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise NotSatisfiable
    return Span(start, end)
