"""What admins say of prices, beside what the catalogue says."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.models import AuditLine
from studio.catalogue.load import model
from studio.catalogue.prices import FREE, NoPrice, Price
from studio.catalogue.specs import ModelSpec, Values
from studio.lib import clock
from studio.lib.money import InexactAmount
from studio.spend import prices
from studio.spend.models import PriceRow
from studio.spend.prices import Terms
from tests import people

pytestmark = pytest.mark.django_db

FLAT = "zai/vidu2-image"
CREDITS = "vidu/viduq2-pro-img2video"
UNCONFIRMED = "vidu/viduq2-pro-reference2video"
TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def the_day() -> object:
    people.studio(time_zone="Asia/Tokyo")
    noon = clock.now().replace(year=2026, month=12, day=1, hour=3)
    with clock.shift(noon - clock.now()):
        yield


@pytest.fixture
def admin() -> User:
    return people.admin()


def enters(
    admin: User,
    amount: str,
    *,
    key: str = FLAT,
    values: Values | None = None,
    on: date = TODAY,
    currency: str = "USD",
    credit_value: str = "",
    note: str = "as billed",
) -> PriceRow:
    worth = Decimal(credit_value) if credit_value else None
    terms = Terms(Decimal(amount), currency, worth)
    return prices.enter(admin, model(key), values or {}, terms, valid_from=on, note=note)


def unpriced(spec: ModelSpec) -> ModelSpec:
    assert spec.price is not None
    return replace(spec, price=replace(spec.price, rows=()))


def test_without_a_row_the_catalogue_counts() -> None:
    found = prices.price_of(model(FLAT), {})
    assert (found.amount, found.currency, found.unconfirmed) == (Decimal("0.2"), "USD", False)
    assert found.version.startswith("zai ")


def test_an_entered_price_wins_and_names_its_row(admin: User) -> None:
    row = enters(admin, "0.25")
    found = prices.price_of(model(FLAT), {})
    assert found == Price(Decimal("0.25"), "USD", None, f"admin 2026-12-01 {row.uid}")
    assert len(found.version) <= 80


def test_the_newest_row_in_force_wins_and_of_one_day_the_last(admin: User) -> None:
    enters(admin, "0.30", on=TODAY)
    enters(admin, "0.25", on=TODAY - timedelta(days=9))
    enters(admin, "0.31", on=TODAY)
    assert prices.price_of(model(FLAT), {}).amount == Decimal("0.31")
    earlier = clock.now() - timedelta(days=1)
    assert prices.price_of(model(FLAT), {}, earlier).amount == Decimal("0.25")


def test_a_price_of_tomorrow_counts_from_the_studios_midnight(admin: User) -> None:
    enters(admin, "0.25", on=TODAY + timedelta(days=1))
    assert prices.price_of(model(FLAT), {}).amount == Decimal("0.2")
    # It is noon in Tokyo: its midnight is twelve hours away, that of UTC twenty-one.
    assert prices.price_of(model(FLAT), {}, clock.now() + timedelta(hours=13)).amount == Decimal(
        "0.25"
    )


def test_a_row_counts_for_its_values_only_a_missing_one_being_the_default(admin: User) -> None:
    enters(admin, "14", key=CREDITS, values={"resolution": "720p"}, credit_value="0.005")
    spec = model(CREDITS)
    sharp = prices.price_of(spec, {"resolution": "720p"})
    assert (sharp.amount, sharp.credits) == (Decimal("0.07"), Decimal(14))
    assert sharp.credit_value == Decimal("0.005")
    assert not prices.price_of(spec, {"resolution": "1080p"}).version.startswith("admin")
    default = spec.parameter("resolution")
    assert default is not None and default.default == "720p"
    assert prices.price_of(spec, {}) == sharp


def test_a_switch_is_no_number(admin: User) -> None:
    enters(admin, "9", key=CREDITS, values={"off_peak": True}, credit_value="0.005")
    spec = model(CREDITS)
    assert prices.price_of(spec, {"off_peak": True}).credits == Decimal(9)
    assert prices.price_of(spec, {"off_peak": 1}).credits != Decimal(9)


def test_whoever_confirms_a_price_takes_the_doubt_away(admin: User) -> None:
    doubtful = prices.price_of(model(UNCONFIRMED), {})
    assert doubtful.unconfirmed
    enters(admin, str(doubtful.amount), key=UNCONFIRMED)
    confirmed = prices.price_of(model(UNCONFIRMED), {})
    assert not confirmed.unconfirmed
    assert confirmed.amount == doubtful.amount


def test_what_credits_are_worth_is_rounded_up(admin: User) -> None:
    enters(admin, "0.3", key=CREDITS, credit_value="0.000005")
    assert prices.price_of(model(CREDITS), {}).amount == Decimal("0.000002")


@pytest.mark.row("F042")
def test_where_neither_has_a_price_there_is_none(admin: User) -> None:
    spec = unpriced(model(FLAT))
    with pytest.raises(NoPrice):
        prices.price_of(spec, {})
    row = enters(admin, "0.25")
    assert prices.price_of(spec, {}).amount == Decimal("0.25")
    assert row.model == spec.key


def test_what_is_free_is_free_and_stays_so(admin: User) -> None:
    assert prices.price_of(model("local/animatic"), {}) == FREE
    with pytest.raises(Refused):
        enters(admin, "0.25", key="local/animatic")
    assert not PriceRow.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1", "credit_value": "-0.1"}, "credit_value"),
        ({"amount": "1", "currency": "XYZ"}, "currency"),
        ({"amount": "1", "note": " "}, "note"),
        ({"amount": "1", "values": {"size": "1x1"}}, "size"),
        ({"amount": "1", "values": {"with_audio": 1}}, "with_audio"),
        ({"amount": "1", "values": {"colour": "red"}}, "colour"),
    ],
)
def test_a_price_that_cannot_be_one_is_refused_at_its_field(
    admin: User, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        enters(admin, **wrong)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not PriceRow.objects.exists()
    assert not AuditLine.objects.filter(action="price.enter").exists()


@pytest.mark.row("A093")
@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e400", "0.0000001"])
def test_what_is_no_amount_is_no_price(admin: User, amount: str) -> None:
    with pytest.raises(InexactAmount):
        enters(admin, amount)
    assert not PriceRow.objects.exists()


def test_who_entered_which_price_and_why_is_remembered(admin: User) -> None:
    row = enters(admin, "0.25", values={"with_audio": True}, note="invoice 12")
    line = AuditLine.objects.get(action="price.enter")
    assert (line.actor_uid, line.object_uid, line.reason) == (admin.uid, row.uid, "invoice 12")
    assert line.after["values"] == {"with_audio": True}


def test_all_prices_are_read_at_once(
    admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for amount in ("0.21", "0.22", "0.23"):
        enters(admin, amount)
        enters(admin, "7", key=CREDITS, credit_value="0.005")
    with django_assert_num_queries(2):
        book = prices.book()
        assert book.price_of(model(FLAT), {}).amount == Decimal("0.23")
        assert book.price_of(model(CREDITS), {}).credits == Decimal(7)
