"""What an answer says, field by field. Nothing in here trusts a type, a length or a number."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Final

from studio.lib import strict_json
from studio.providers.base import Reply

Fields = Mapping[str, object]

MOST_TEXT: Final = 500
MOST_WORD: Final = 60
MOST_LINKS: Final = 20
# In credits or in a currency's units: beyond it, what is stated cannot be the price of a clip.
MOST_CHARGE: Final = 100_000
# Nobody waits less than a second, and after a quarter of an hour it is worth another look.
LEAST_PATIENCE: Final = 1.0
MOST_PATIENCE: Final = 900.0

_ID = re.compile(r"[!-~]{1,80}")
_DOTS = {".", ".."}
_LINK = re.compile(r"https?://[^\s]{1,4000}", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_PLACES = -6
_LONGEST_LINK_LIFE = int(timedelta(days=7).total_seconds())


def fields(reply: Reply) -> Fields | None:
    """The object in the body; None where there is none that can be read without doubt."""
    try:
        read = strict_json.loads(reply.body)
    except strict_json.NotStrict:
        return None
    return read if isinstance(read, dict) else None


def inside(value: object) -> Fields:
    """The object that stands in a field; an empty one where something else does."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Fields]:
    """The objects of a list; whatever else stands in it is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object, most: int = MOST_TEXT) -> str:
    """A text or a whole number as text of at most `most` characters; "" for anything else.

    What cannot be printed (zero bytes and half characters too, which no database takes) is a
    space.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in value[:most]).strip()


def identifier(value: object) -> str:
    """A job's name as a string: never null, 0, empty, a list, or fit to change a path."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        value = str(value)
    is_one = isinstance(value, str) and _ID.fullmatch(value) and value not in _DOTS | {"0"}
    return str(value) if is_one else ""


def links(values: Iterable[object]) -> tuple[str, ...]:
    """The web addresses among them, each once, in their order."""
    found = [v for v in values if isinstance(v, str) and _LINK.fullmatch(v) and v.isprintable()]
    return tuple(dict.fromkeys(found))[:MOST_LINKS]


def number(value: object) -> Decimal | None:
    """A number, or a text that is one and nothing else."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def charge(value: object) -> tuple[Decimal | None, bool]:
    """What is charged (None: not stated), and whether something is stated that cannot be it."""
    if value is None or value == "":
        return None, False
    stated = number(value)
    if stated is None or not 0 <= stated <= MOST_CHARGE or _has_crumbs(stated):
        return None, True
    return stated, False


def _has_crumbs(amount: Decimal) -> bool:
    """Whether it is finer than the books can keep."""
    return amount != amount.quantize(Decimal(1).scaleb(_PLACES))


def link_seconds(values: Iterable[object]) -> int | None:
    """How long the shortest-lived of the links lives; None where none says so."""
    stated = [n for n in map(number, values) if n is not None and n >= 1]
    return min(int(min(stated)), _LONGEST_LINK_LIFE) if stated else None


def share(percent: object) -> float | None:
    stated = number(percent)
    return None if stated is None else float(min(max(stated, Decimal(0)), Decimal(100)) / 100)


def patience(reply: Reply) -> float | None:
    """Retry-After in seconds, clamped; None where it is not there or says nothing.

    A date is measured against the sender's own clock, as far as it tells that.
    """
    written = reply.headers.get("retry-after", "").strip()
    stated = number(written)
    seconds = float(stated) if stated is not None else _until(written, reply)
    return None if seconds is None else min(max(seconds, LEAST_PATIENCE), MOST_PATIENCE)


def _until(written: str, reply: Reply) -> float | None:
    then, now = date(written), date(reply.headers.get("date", ""))
    return (then - now).total_seconds() if then and now else None


def date(written: str) -> datetime | None:
    """As HTTP writes it, in UTC; None where it is none, or none that can be."""
    try:
        found = parsedate_to_datetime(written)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
