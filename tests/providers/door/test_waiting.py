"""How long we wait when asked to: never less than a second, never more than a quarter hour."""

from datetime import UTC, datetime

import pytest

from studio.providers.door.waiting import retry_after

NOW = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.row("F033")
@pytest.mark.row("F034")
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        (" 120 ", 120.0),
        ("0", 1.0),
        ("0.5", 1.0),
        ("2.5", 2.5),
        ("-5", 1.0),
        ("999999999999", 900.0),
        ("9" * 5000, 900.0),
        ("Tue, 01 Dec 2026 12:05:00 GMT", 300.0),
        ("Tue, 01 Dec 2026 11:00:00 GMT", 1.0),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 900.0),
        ("Tue, 01 Dec 2026 14:05:00 +0200", 300.0),
        ("abc", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("٣", None),
        ("Tue, 99 Dec 2026 12:05:00 GMT", None),
        ("Tue, 01 Dec 99999999999 12:05:00 GMT", None),
    ],
)
def test_the_wish_is_followed_within_reason(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}, NOW) == seconds
    assert retry_after({}, NOW) is None
