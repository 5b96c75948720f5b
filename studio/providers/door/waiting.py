"""How long a provider asks us to wait, within reason."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LEAST_SECONDS = 1.0
MOST_SECONDS = 15 * 60.0

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from `now` by the Retry-After header (seconds or an HTTP date), 1 s to 15 min.

    None where there is none, or one that says nothing. Names of `headers` in lower case.
    """
    said = headers.get("retry-after", "").strip()
    seconds = float(said) if _NUMBER.fullmatch(said) else _until(said, now)
    return None if seconds is None else min(max(seconds, LEAST_SECONDS), MOST_SECONDS)


def _until(said: str, now: datetime) -> float | None:
    try:
        date = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (aware - now).total_seconds()
