"""The month per person: every figure is a plain fold over the ledger."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.accounts.models import User
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from studio.lib import clock
from studio.reports import clips as lists
from studio.reports import months, sums
from studio.reports.months import Month
from studio.reports.sums import Figures
from studio.spend.models import Kind, LedgerEntry
from tests import people
from tests.reports.ledgers import Ledger

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
MID = datetime(2026, 11, 15, 3, tzinfo=UTC)
LATER = datetime(2026, 12, 5, 3, tzinfo=UTC)
# Half past midnight of the first of December in Tokyo, still November in London.
EDGE = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)


@pytest.fixture
def books() -> Ledger:
    return Ledger()


@pytest.fixture
def admin(client: Client) -> User:
    found = people.admin(name="Ada Admin")
    client.force_login(found)
    return found


def a_busy_month(books: Ledger, admin: User) -> list[User]:
    """Every kind of entry, in two months and two currencies, by three people."""
    persons = [people.member(name=f"Person {n}") for n in range(3)]
    numbers = count()
    for person in persons:
        for when in (MID, MID + timedelta(days=3), EDGE, LATER):
            n = next(numbers)
            currency, rate = ("CNY", "0.136998405") if n % 2 else ("USD", "1")
            made = [
                books.ordered(person, "0.20", when, currency=currency, rate=rate),
                books.ordered(person, "2.50", when, state=State.FAILED, charge=Charge.UNCLEAR),
                books.ordered(person, "0.333333", when, currency=currency, rate=rate),
                books.ordered(person, "0.10", when, state=State.FAILED),
            ]
            books.settled(made[0], when + timedelta(days=17), "0.21")
            books.released(made[3], when + timedelta(hours=1))
            if n % 3 == 0:
                books.adjusted(made[0], LATER + timedelta(days=1), "-0.05", admin)
    return persons


def plain_fold(person: User, month: Month) -> dict[str, object]:
    """The same figures, added up line by line with no database to help."""
    tokyo = ZoneInfo("Asia/Tokyo")
    ends = {e.generation_uid for e in LedgerEntry.objects.all() if e.kind in ("settle", "release")}
    made = {g.uid: g for g in Generation.objects.all()}
    said: defaultdict[str, Decimal] = defaultdict(Decimal)
    originals: defaultdict[str, Decimal] = defaultdict(Decimal)
    clips = failed = 0
    for entry in LedgerEntry.objects.filter(person=person):
        day = entry.at.astimezone(tokyo).date()
        if (day.year, day.month) != (month.year, month.number):
            continue
        if entry.kind == Kind.HOLD:
            clips += 1
            failed += made[entry.generation_uid].state == "failed"
            if entry.generation_uid not in ends:
                doubtful = made[entry.generation_uid].charge == "unclear"
                said["unclear" if doubtful else "held"] += entry.studio_amount
        elif entry.kind == Kind.RELEASE:
            said["given back"] += entry.studio_amount
        else:
            said["charged"] += entry.studio_amount
            originals[entry.currency] += entry.amount
    return {"clips": clips, "failed": failed, "originals": dict(originals), **said}


def as_folded(figures: Figures) -> dict[str, object]:
    amounts = {
        "held": figures.held.studio,
        "unclear": figures.unclear.studio,
        "given back": figures.given_back.studio,
        "charged": figures.charged.studio,
    }
    originals = {money.currency: money.amount for money in figures.charged.originals}
    said = {name: amount for name, amount in amounts.items() if amount}
    return {"clips": figures.clips, "failed": figures.failed, "originals": originals, **said}


def test_every_figure_is_the_plain_fold_of_the_ledger(books: Ledger, admin: User) -> None:
    persons = a_busy_month(books, admin)
    for month in (NOVEMBER, DECEMBER, Month(2027, 1)):
        rows = {row.person: row.figures for row in sums.by_person(month)}
        for person in persons:
            told = plain_fold(person, month)
            figures = rows.get(person, Figures())
            assert as_folded(figures) == told
            assert sums.of_person(person, month) == figures
    assert sums.by_person(Month(2026, 10)) == ()


def test_the_clips_of_a_person_add_up_to_their_row(books: Ledger, admin: User) -> None:
    for person in a_busy_month(books, admin):
        for month in (NOVEMBER, DECEMBER):
            page = lists.page(month, person, 1)
            figures = sums.of_person(person, month)
            for name in ("held", "charged", "given_back", "unclear"):
                whole = sum((getattr(line, name).studio for line in page.lines), Decimal(0))
                assert whole == getattr(figures, name).studio


def test_a_month_begins_at_the_studios_midnight(books: Ledger, admin: User) -> None:
    person = people.member()
    books.ordered(person, "1", EDGE)
    books.ordered(person, "2", EDGE - timedelta(hours=1))
    assert sums.of_person(person, NOVEMBER).held.studio == 2
    assert sums.of_person(person, DECEMBER).held.studio == 1


def test_what_was_ordered_in_one_month_and_charged_in_the_next(books: Ledger, admin: User) -> None:
    person = people.member()
    made = books.ordered(person, "1", MID)
    books.settled(made, LATER, "1.50")
    assert sums.of_person(person, NOVEMBER) == Figures(clips=1)
    december = sums.of_person(person, DECEMBER)
    assert (december.clips, december.charged.studio) == (0, Decimal("1.50"))
    assert [line.generation for line in lists.page(DECEMBER, person, 1).lines] == [made]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────


def test_a_row_says_what_was_spent_in_both_currencies_and_leads_to_its_clips(
    books: Ledger, admin: User, client: Client
) -> None:
    person = people.member(name="Mei Member")
    made = books.ordered(person, "2.50", MID, currency="CNY", rate="0.2", prompt="Quokkas")
    books.settled(made, MID)
    page = client.get("/spend/?month=2026-11").content.decode()
    assert "Mei Member" in page and "$0.50" in page and "CN¥2.50" in page
    address = f"/spend/people/{person.uid}/?month=2026-11"
    assert address in page
    opened = client.get(address).content.decode()
    assert "Quokkas" in opened and f"/{made.uid}/" in opened
    assert "Autumn spots" in opened and "$0.50" in opened and "CN¥2.50" in opened
    assert (
        "Quokkas" not in client.get(f"/spend/people/{person.uid}/?month=2026-10").content.decode()
    )


def test_members_see_their_own_and_nobody_elses(books: Ledger, client: Client) -> None:
    mine, other = people.member(name="Mei"), people.member(name="Olu")
    books.ordered(mine, "1", MID, prompt="Mine")
    books.ordered(other, "2", MID, prompt="Theirs")
    client.force_login(mine)
    page = client.get("/spend/mine/?month=2026-11").content.decode()
    assert "Mine" in page and "Theirs" not in page
    for address in ("/spend/", f"/spend/people/{other.uid}/", f"/spend/people/{mine.uid}/"):
        assert client.get(address).status_code == 404
    exported = b"".join(client.get(f"/spend/clips.csv?month=2026-11&person={other.uid}"))
    assert b"Mine" in exported and b"Theirs" not in exported


@pytest.mark.parametrize("wrong", ["2026-13", "x", "0000-01", "2026-11-01", "٢٠٢٦-١١", "9999-12"])
def test_a_month_that_is_none_is_the_present_one(
    books: Ledger, admin: User, client: Client, wrong: str
) -> None:
    person = people.member(name="Just Now")
    books.ordered(person, "1", clock.now())
    answer = client.get("/spend/", {"month": wrong})
    assert answer.status_code == 200
    assert "Just Now" in answer.content.decode()


def test_months_follow_one_another_over_the_year() -> None:
    assert (Month(2026, 12).later, Month(2026, 1).earlier) == (Month(2027, 1), Month(2025, 12))
    assert str(Month(2026, 2)) == "2026-02" and Month(2026, 2).after.isoformat() == "2026-03-01"


def test_the_months_go_back_to_when_the_books_were_opened(books: Ledger) -> None:
    books.ordered(people.member(), "1", clock.now() - timedelta(days=400))
    studio = people.studio()
    listed = months.listed(studio, months.this_month(studio))
    assert 13 <= len(listed) <= 15
    assert listed == sorted(listed, reverse=True)


@pytest.mark.parametrize("address", ["/spend/", "/spend/people/{}/", "/spend/mine/"])
def test_the_number_of_queries_does_not_grow(
    books: Ledger,
    admin: User,
    client: Client,
    address: str,
) -> None:
    person = people.member(name="Mei")
    address = address.format(person.uid) + "?month=2026-11"
    client.get(address)
    counted = []
    for more in (0, 1, 12):
        for _ in range(more):
            for whose in (person, admin, people.member()):
                books.settled(books.ordered(whose, "1", MID), MID)
                books.ordered(whose, "1", MID, charge=Charge.UNCLEAR)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counted.append(len(seen))
    assert counted[0] <= counted[1] == counted[2] <= 18
