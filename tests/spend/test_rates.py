"""One currency in another: the newest word up to a day, its inverse, the way by the euro."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pytest_django import DjangoAssertNumQueries

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.models import AuditLine
from studio.lib import money
from studio.spend import rates
from studio.spend.models import Rate
from tests import people

pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 1)
SHIPPED = date(2024, 12, 31)


@pytest.fixture
def admin() -> User:
    return people.admin()


def enters(admin: User, base: str, quote: str, rate: str, on: date = TODAY) -> Rate:
    return rates.enter(admin, base, quote, Decimal(rate), on=on, source="the bank")


def test_the_first_rates_ship_with_source_and_date() -> None:
    found = rates.find("EUR", "USD", TODAY)
    assert found is not None
    assert (found.rate, found.on) == (Decimal("1.0389"), SHIPPED)
    assert found.source == "ECB euro reference rates"
    assert {one.quote for one in rates.shipped()} >= {"USD", "CNY", "JPY", "GBP", "KRW"}


def test_two_currencies_meet_in_the_euro() -> None:
    # 1.0389 / 7.5833 = 0.136998404…, the last place rounded up.
    assert rates.rate("CNY", "USD", TODAY) == Decimal("0.136998405")


def test_before_its_date_a_rate_is_not_known() -> None:
    assert rates.rate("CNY", "USD", SHIPPED) is not None
    assert rates.rate("CNY", "USD", SHIPPED - timedelta(days=1)) is None


def test_a_currency_without_a_rate_has_none_until_an_admin_enters_one(admin: User) -> None:
    assert rates.rate("TWD", "USD", TODAY) is None
    enters(admin, "USD", "TWD", "32")
    assert rates.rate("TWD", "USD", TODAY) == Decimal("0.03125")
    # USD meets every currency of the euro, TWD only USD: there is no third step.
    assert rates.rate("TWD", "JPY", TODAY) is None


def test_within_one_currency_the_rate_is_one_and_nobody_is_asked(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert rates.rate("TWD", "TWD", TODAY) == 1


def test_the_newest_word_counts_whichever_way_round_it_was_said(admin: User) -> None:
    enters(admin, "USD", "CNY", "7", on=TODAY - timedelta(days=3))
    enters(admin, "CNY", "USD", "0.125", on=TODAY - timedelta(days=1))
    enters(admin, "USD", "CNY", "9", on=TODAY + timedelta(days=1))
    assert rates.rate("USD", "CNY", TODAY) == 8
    assert rates.rate("USD", "CNY", TODAY - timedelta(days=2)) == 7
    assert rates.rate("USD", "CNY", TODAY + timedelta(days=1)) == 9


def test_a_way_by_the_euro_is_as_old_as_its_older_half(admin: User) -> None:
    enters(admin, "EUR", "USD", "2")
    enters(admin, "USD", "CNY", "7", on=date(2025, 6, 1))
    # The dollar's euro is of today, the yuan's of 2024: the direct word of 2025 is newer.
    assert rates.rate("USD", "CNY", TODAY) == 7
    enters(admin, "EUR", "CNY", "16")
    assert rates.rate("USD", "CNY", TODAY) == 8


def test_of_one_day_the_last_word_counts(admin: User) -> None:
    enters(admin, "EUR", "USD", "1.10")
    enters(admin, "EUR", "USD", "1.20")
    assert rates.rate("EUR", "USD", TODAY) == Decimal("1.2")
    enters(admin, "EUR", "USD", "1.5", on=SHIPPED)
    assert rates.rate("EUR", "USD", SHIPPED) == Decimal("1.5")


@pytest.mark.parametrize(
    ("base", "quote", "rate", "source", "field"),
    [
        ("XXX", "USD", "1", "the bank", "base"),
        ("USD", "ABC", "1", "the bank", "quote"),
        ("USD", "USD", "1", "the bank", "quote"),
        ("USD", "CNY", "0", "the bank", "rate"),
        ("USD", "CNY", "-7", "the bank", "rate"),
        ("USD", "CNY", "NaN", "the bank", "rate"),
        ("USD", "CNY", "1e400", "the bank", "rate"),
        ("USD", "CNY", "0.0000000001", "the bank", "rate"),
        ("USD", "CNY", "7", "  ", "source"),
    ],
)
def test_what_is_no_rate_is_refused_at_its_field(
    admin: User, base: str, quote: str, rate: str, source: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        rates.enter(admin, base, quote, Decimal(rate), on=TODAY, source=source)
    assert refused.value.field == field
    assert not Rate.objects.exists() and not AuditLine.objects.exists()


def test_who_entered_which_rate_is_remembered(admin: User) -> None:
    enters(admin, "USD", "TWD", "32.5")
    line = AuditLine.objects.get(action="rate.enter")
    assert (line.actor_uid, line.after["rate"], line.reason) == (admin.uid, "32.5", "the bank")


def test_many_rates_are_two_questions(
    admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(40):
        enters(admin, "USD", "CNY", "7", on=TODAY - timedelta(days=days))
        enters(admin, "EUR", "USD", "1.1", on=TODAY - timedelta(days=days))
    with django_assert_num_queries(2):
        assert rates.rate("USD", "CNY", TODAY) == 7


CURRENCIES = some.sampled_from(["EUR", *sorted(one.quote for one in rates.shipped())])


@given(CURRENCIES, CURRENCIES, some.decimals("0.01", 1000, places=6))
def test_there_and_back_is_never_less_and_hardly_more(
    base: str, quote: str, amount: Decimal
) -> None:
    there, back = rates.rate(base, quote, TODAY), rates.rate(quote, base, TODAY)
    assert there is not None and back is not None
    again = money.convert(money.convert(amount, there), back)
    assert amount <= again
    # Nine places of a rate as small as 1/1592; each way rounds up to the sixth place.
    assert again <= amount * Decimal("1.00001") + money.MICRO * (back + 1)
