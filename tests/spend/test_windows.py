"""Which day and month an amount belongs to, in the studio's time zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.accounts.models import Studio
from studio.lib import clock
from studio.spend import ledger
from studio.spend.books import Figures
from studio.spend.models import BudgetWindow, LedgerEntry, Period, Scope
from tests.spend.purses import at, held, limit, purse, spent
from tests.undone import undone

pytestmark = pytest.mark.django_db


def starts(period: Period) -> set[date]:
    rows = BudgetWindow.objects.filter(scope=Scope.STUDIO, period=period)
    return set(rows.values_list("starts_on", flat=True))


def window(starts_on: date, period: Period = Period.DAY) -> Figures:
    row = BudgetWindow.objects.get(scope=Scope.STUDIO, period=period, starts_on=starts_on)
    return Figures(row.held, row.spent)


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("UTC", datetime(2026, 12, 1, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 11, 30, 16, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 12, 1, 5, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 30, 10, tzinfo=UTC)),
    ],
)
def test_the_month_turns_at_midnight_where_the_studio_is(zone: str, midnight: datetime) -> None:
    spender = purse(zone=zone)
    with at(midnight - timedelta(seconds=5)):
        spender.holds("1")
    assert starts(Period.DAY) == {date(2026, 11, 30)}
    assert starts(Period.MONTH) == {date(2026, 11, 1)}
    with at(midnight):
        spender.holds("2")
    assert window(date(2026, 11, 30)) == held("1")
    assert window(date(2026, 12, 1)) == held("2")
    assert window(date(2026, 11, 1), Period.MONTH) == held("1")
    assert window(date(2026, 12, 1), Period.MONTH) == held("2")


@pytest.mark.parametrize(
    ("zone", "first", "last", "day"),
    [
        # 23 hours: the clock goes forward.
        (
            "Europe/Berlin",
            datetime(2026, 3, 28, 23, tzinfo=UTC),
            datetime(2026, 3, 29, 21, 59, 50, tzinfo=UTC),
            date(2026, 3, 29),
        ),
        # 25 hours: the clock goes back.
        (
            "America/New_York",
            datetime(2026, 11, 1, 4, tzinfo=UTC),
            datetime(2026, 11, 2, 4, 59, 50, tzinfo=UTC),
            date(2026, 11, 1),
        ),
        # Midnight itself does not exist.
        (
            "America/Santiago",
            datetime(2026, 9, 6, 4, tzinfo=UTC),
            datetime(2026, 9, 7, 2, 59, 50, tzinfo=UTC),
            date(2026, 9, 6),
        ),
    ],
)
def test_a_day_of_changing_clocks_is_one_window(
    zone: str, first: datetime, last: datetime, day: date
) -> None:
    spender = purse(zone=zone)
    for moment in (first, last):
        with at(moment):
            spender.holds("1")
    assert starts(Period.DAY) == {day}
    with at(first - timedelta(seconds=5)):
        spender.holds("1")
    with at(last + timedelta(seconds=10)):
        spender.holds("1")
    assert starts(Period.DAY) == {day - timedelta(days=1), day, day + timedelta(days=1)}
    assert window(day) == held("2")


def test_the_budget_of_the_day_starts_anew_at_midnight_and_that_of_the_month_does_not() -> None:
    spender = purse()
    limit(None, Period.DAY, "1")
    limit(None, Period.MONTH, "2")
    with at(datetime(2027, 1, 30, 12, tzinfo=UTC)):
        assert spender.may_hold("1")
        assert not spender.may_hold("1")
    with at(datetime(2027, 1, 31, 12, tzinfo=UTC)):
        assert spender.may_hold("1")
    with at(datetime(2027, 2, 1, 12, tzinfo=UTC)):
        assert spender.may_hold("1")
        assert not spender.may_hold("1")


def test_a_budget_counts_when_it_was_held_and_spend_when_it_was_settled() -> None:
    spender = purse(zone="Asia/Tokyo")
    with at(datetime(2026, 11, 30, 14, 59, tzinfo=UTC)):
        uid = spender.holds("1")
    with at(datetime(2026, 11, 30, 15, 1, tzinfo=UTC)):
        entry = ledger.settle(uid)
    assert entry is not None
    assert entry.held_on == date(2026, 11, 30)
    assert entry.booked_on == date(2026, 12, 1)
    assert window(date(2026, 11, 30)) == spent("1")
    assert window(date(2026, 11, 1), Period.MONTH) == spent("1")
    assert starts(Period.MONTH) == {date(2026, 11, 1)}


zones = some.sampled_from(
    [
        "UTC",
        "Asia/Shanghai",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "America/New_York",
        "America/Santiago",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Europe/Berlin",
        "Africa/Casablanca",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
    ]
)
moments = some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC))


@settings(max_examples=200, deadline=None)
@given(zones, moments)
def test_every_moment_lies_in_exactly_the_window_of_its_local_date(
    zone: str, moment: datetime
) -> None:
    with undone():
        spender = purse(zone=zone)
        with at(moment):
            before = clock.now().astimezone(ZoneInfo(zone)).date()
            spender.holds(Decimal("1"))
            after = clock.now().astimezone(ZoneInfo(zone)).date()
        entry = LedgerEntry.objects.get()
        assert before <= entry.held_on <= after
        assert entry.held_on == entry.at.astimezone(Studio.get().zone).date()
        assert starts(Period.DAY) == {entry.held_on}
        assert starts(Period.MONTH) == {entry.held_on.replace(day=1)}
