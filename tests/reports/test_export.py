"""Clips as CSV: exact sums, the provider's own job ids, and nothing that calculates."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from studio.accounts.models import User
from studio.lib.writing import neutral, restored
from studio.reports import sums
from studio.reports.months import Month
from tests import clips, people
from tests.reports.ledgers import Ledger

MID = datetime(2026, 11, 15, 3, tzinfo=UTC)


@pytest.fixture
def books(db: None) -> Ledger:
    return Ledger()


@pytest.fixture
def admin(client: Client) -> User:
    found = people.admin(name="Ada Admin")
    client.force_login(found)
    return found


def read(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/spend/clips.csv?month=2026-11{query}")
    assert answer["Content-Type"] == "text/csv"
    assert 'filename="spend-2026-11.csv"' in answer["Content-Disposition"]
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.django_db
def test_its_sums_are_those_of_the_screen(books: Ledger, admin: User, client: Client) -> None:
    for n in range(130):
        made = books.ordered(admin, "0.333333", MID, currency="CNY", rate="0.136998405")
        if n % 2:
            books.settled(made, MID)
    rows = read(client)
    assert len(rows) == 130
    figures = sums.of_person(admin, Month(2026, 11))
    charged = sum((Decimal(row["studio_charged"]) for row in rows), Decimal(0))
    assert charged == figures.charged.studio
    assert sum(Decimal(row["held"]) for row in rows) == figures.held.originals[0].amount
    assert {(row["currency"], row["studio_currency"]) for row in rows} == {("CNY", "USD")}


@pytest.mark.django_db
def test_it_names_the_jobs_as_the_bill_does(books: Ledger, admin: User, client: Client) -> None:
    made = books.ordered(admin, "0.20", MID)
    for remote in ("916550771912", "-2"):
        attempt = clips.attempt(made)
        attempt.remote_id = remote
        attempt.save()
    (row,) = read(client)
    assert row["job_ids"] == "916550771912 -2"
    assert row["clip"] == made.uid


@pytest.mark.django_db
def test_one_person_can_be_asked_for(books: Ledger, admin: User, client: Client) -> None:
    other = people.member()
    books.ordered(admin, "0.20", MID)
    books.ordered(other, "0.40", MID)
    assert len(read(client)) == 2
    assert [row["held"] for row in read(client, f"&person={other.uid}")] == ["0.4"]
    assert client.get(f"/spend/clips.csv?person={'0' * 32}").status_code == 404


@pytest.mark.row("A036")
@pytest.mark.django_db
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_prompt_that_would_be_a_formula_is_a_text(
    books: Ledger, admin: User, client: Client, first: str
) -> None:
    prompt = f'{first}HYPERLINK("http://evil.example";"Open")'
    books.ordered(admin, "0.20", MID, prompt=prompt)
    (row,) = read(client)
    assert row["prompt"] == f"'{prompt}"
    assert restored(row["prompt"]) == prompt


@pytest.mark.row("A036")
@given(some.text())
def test_every_text_comes_back_as_it_was(text: str) -> None:
    cell = neutral(text)
    assert restored(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
