"""Prices, rates and the limit of the day, as an admin sees and enters them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.accounts.models import User
from studio.catalogue.load import catalogue, model
from studio.catalogue.prices import price
from studio.lib import clock
from studio.reports import pricing
from studio.spend import prices, rates
from studio.spend.models import Budget, Period, PriceRow, Rate
from studio.spend.prices import Book, Terms
from tests import people
from tests.spend.purses import limit

pytestmark = pytest.mark.django_db

FLAT = "/prices/zai/vidu2-image/"
CREDITS = "/prices/vidu/viduq2-pro-img2video/"


@pytest.fixture(autouse=True)
def admin(client: Client) -> User:
    people.studio(currency="USD")
    found = people.admin(name="Ada Admin")
    client.force_login(found)
    return found


def said(**changes: str) -> dict[str, str]:
    day = clock.now().date().isoformat()
    whole = {"amount": "0.25", "currency": "USD", "valid_from": day, "note": "the bill"}
    return whole | changes


# ── Prices ────────────────────────────────────────────────────────────────────────────────────


def test_every_model_that_costs_money_is_there_with_its_source(client: Client) -> None:
    page = client.get("/prices/").content.decode()
    for spec in catalogue().models.values():
        assert (f"/prices/{spec.key}/" in page) != spec.is_free
    assert "docs.z.ai/guides/video/vidu2" in page and "$0.20" in page and "unconfirmed" in page


@pytest.mark.parametrize(
    "spec", [spec for spec in catalogue().models.values() if not spec.is_free], ids=lambda s: s.key
)
def test_every_combination_has_a_line_with_its_price(spec: object) -> None:
    found = model(getattr(spec, "key", ""))
    lines = pricing.lines(found, Book({}))
    assert lines
    assert len({line.terms for line in lines}) == len(lines)
    assert all(line.price == price(found, line.values) for line in lines)


def test_a_price_is_entered_for_one_combination_and_told_with_who_and_why(
    client: Client, admin: User
) -> None:
    form = said(amount="56", credit_value="0.005", note="Invoice 12")
    form |= {"with-resolution": "720p", "with-duration": "5", "with-off_peak": "false"}
    assert client.post(CREDITS, form).status_code == 302
    row = PriceRow.objects.get()
    assert row.values == {"resolution": "720p", "duration": 5, "off_peak": False}
    assert (row.amount, row.credit_value, row.actor) == (Decimal(56), Decimal("0.005"), admin)
    page = client.get(CREDITS).content.decode()
    assert "Invoice 12" in page and "56 credits at $0.005" in page and "Ada Admin" in page
    spec = model("vidu/viduq2-pro-img2video")
    changed = [line for line in pricing.lines(spec, prices.book()) if line.row]
    # With music and without, with the prompt improved and not.
    assert {line.price.amount for line in changed if line.price} == {Decimal("0.28")}


def test_an_unconfirmed_price_is_confirmed_by_entering_it(client: Client) -> None:
    address = "/prices/jiekou/vidu-2.0-reference2video/"
    page = client.get(address).content.decode()
    assert "No list confirms this price." in page and 'value="0.4"' in page
    client.post(address, said(amount="0.4"))
    page = client.get(address).content.decode()
    assert "No list confirms this price." not in page
    assert "Confirm<" not in page


def test_the_link_at_a_line_opens_the_form_with_its_values_and_price(client: Client) -> None:
    page = client.get(f"{CREDITS}?with-resolution=1080p&with-duration=1").content.decode()
    assert '<option value="1080p" selected>' in page
    assert 'name="amount" value="55"' in page
    assert 'name="amount" value' not in client.get(CREDITS).content.decode()


def test_a_price_of_tomorrow_is_told_as_to_come(client: Client) -> None:
    client.post(FLAT, said(valid_from="2999-01-01"))
    page = client.get(FLAT).content.decode()
    assert "to come" in page and "from 2999-01-01" in page
    assert prices.price_of(model("zai/vidu2-image"), {}).amount == Decimal("0.2")


@pytest.mark.row("F042")
def test_a_model_without_a_price_is_counted_as_such(admin: User) -> None:
    spec = model("zai/vidu2-image")
    assert spec.price is not None
    bare = replace(spec, price=replace(spec.price, rows=()))
    told = pricing.summary(bare, Book({}))
    assert (told.lowest, told.highest, told.unpriced) == (None, None, 1)
    today = clock.now().date()
    prices.enter(admin, spec, {}, Terms(Decimal("0.3"), "USD"), valid_from=today, note="why")
    told = pricing.summary(bare, prices.book())
    assert told.unpriced == 0
    assert told.lowest is not None and told.lowest.amount == Decimal("0.3")


@pytest.mark.row("A093")
@pytest.mark.parametrize(
    "amount", ["", "-1", "0", "NaN", "Infinity", "1e9", "1_000", "٣", "1,5", "0.0000001", "9" * 13]
)
def test_what_is_no_amount_is_refused_at_its_field_and_kept(client: Client, amount: str) -> None:
    answer = client.post(FLAT, said(amount=amount, note="as typed"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_amount_error"' in page and "as typed" in page
    assert not PriceRow.objects.exists()


@pytest.mark.row("A092")
def test_a_value_that_the_model_does_not_have_is_refused(client: Client) -> None:
    assert client.post(CREDITS, said(**{"with-resolution": "8K"})).status_code == 422
    assert client.post(FLAT, said(note="")).status_code == 422
    assert not PriceRow.objects.exists()


@pytest.mark.parametrize("key", ["local/animatic", "zai/nothing", "nobody/vidu2-image"])
def test_what_is_free_or_unknown_has_no_price_page(client: Client, key: str) -> None:
    assert client.get(f"/prices/{key}/").status_code == 404
    assert client.post(f"/prices/{key}/", said()).status_code == 404


@pytest.mark.parametrize("address", ["/prices/", FLAT])
def test_the_number_of_queries_does_not_grow(client: Client, admin: User, address: str) -> None:
    client.get(address)
    counted = []
    for more in (0, 1, 8):
        for _ in range(more):
            for key in ("zai/vidu2-image", "vidu/viduq1-text2video"):
                terms = Terms(Decimal("0.3"), "USD")
                today = clock.now().date()
                prices.enter(admin, model(key), {}, terms, valid_from=today, note="why")
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counted.append(len(seen))
    assert counted[0] == counted[1] == counted[2] <= 13


# ── Rates ─────────────────────────────────────────────────────────────────────────────────────


def test_a_rate_is_shown_with_source_and_date_and_marked_when_old(client: Client) -> None:
    page = client.get("/prices/rates/").content.decode()
    assert "0.136998405" in page and "ECB euro reference rates" in page and "2024-12-31" in page
    assert "dot unknown" in page
    form = {"base": "CNY", "quote": "USD", "rate": "0.14", "source": "the bank"}
    day = clock.now().date().isoformat()
    assert client.post("/prices/rates/", form | {"on": day}).status_code == 302
    page = client.get("/prices/rates/").content.decode()
    assert "0.14 <" in page and "the bank" in page and "Ada Admin" in page
    assert "dot unknown" not in page


def test_a_missing_rate_is_asked_for_in_place(client: Client) -> None:
    people.studio()
    studio = people.studio()
    studio.currency = "TWD"
    studio.save()
    page = client.get("/prices/rates/").content.decode()
    assert "Nothing can be ordered in it until a rate is entered." in page
    assert '<option value="CNY" selected>' in page and '<option value="TWD" selected>' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "0"},
        {"rate": "-1"},
        {"rate": "1e3"},
        {"rate": "NaN"},
        {"rate": "1_0"},
        {"quote": "CNY"},
        {"base": "XXX"},
        {"source": ""},
        {"on": "yesterday"},
    ],
)
def test_what_is_no_rate_is_refused_and_kept(client: Client, wrong: dict[str, str]) -> None:
    form = {"base": "CNY", "quote": "USD", "rate": "0.14", "on": "2026-12-01", "source": "bank"}
    answer = client.post("/prices/rates/", form | wrong)
    assert answer.status_code == 422
    assert f'id="id_{next(iter(wrong))}_error"' in answer.content.decode()
    assert not Rate.objects.exists()
    assert rates.rate("CNY", "USD", clock.now().date()) is not None


# ── The limit of the day ──────────────────────────────────────────────────────────────────────


def test_the_limit_is_set_changed_and_removed(client: Client) -> None:
    assert "none" in client.get("/spend/limit/").content.decode()
    assert client.post("/spend/limit/", {"limit": "10"}).status_code == 302
    assert client.post("/spend/limit/", {"limit": "12.50", "reason": "launch"}).status_code == 302
    budget = Budget.objects.get()
    assert (budget.limit, budget.period, budget.hard) == (Decimal("12.5"), Period.DAY, True)
    page = client.get("/spend/limit/").content.decode()
    assert "$12.50" in page and 'value="12.50"' in page
    assert client.post("/spend/limit/remove/").status_code == 302
    assert not Budget.objects.exists()
    assert client.post("/spend/limit/remove/").status_code == 302


def test_the_other_budgets_stand_beside_it_by_name(client: Client) -> None:
    project, person = people.project(name="Autumn spots"), people.member(name="Mei")
    limit(project, Period.MONTH, "100")
    limit(person, Period.DAY, "3", hard=False)
    page = client.get("/spend/limit/").content.decode()
    assert "Autumn spots" in page and "$100.00" in page
    assert "Mei" in page and "counted only" in page


@pytest.mark.parametrize("wrong", ["", "-1", "0.001", "NaN", "1e3", "1_000", "٣"])
def test_a_limit_that_is_no_amount_of_coins_is_refused(client: Client, wrong: str) -> None:
    answer = client.post("/spend/limit/", {"limit": wrong, "reason": "as typed"})
    assert answer.status_code == 422
    assert 'id="id_limit_error"' in answer.content.decode()
    assert "as typed" in answer.content.decode()
    assert not Budget.objects.exists()
