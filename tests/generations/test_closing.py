"""An admin decides what no program can."""

from decimal import Decimal

import pytest
from django.test import Client

from studio.audit.models import AuditLine
from studio.generations import closing, endings
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from studio.providers.base import Ticket
from studio.spend import books
from studio.spend.models import LedgerEntry
from tests import people
from tests.generations.paying import Desk, follow, fresh, later, money, step

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "zai/vidu2-reference"


@pytest.fixture
def doubtful(desk: Desk) -> Generation:
    """A job whose outcome is unknown."""
    desk.connect("zai")
    unknown = desk.faulty("503_after_accept", MODEL)
    assert unknown.state == State.UNKNOWN
    return unknown


@pytest.mark.parametrize("was_charged", [True, False])
def test_an_unknown_job_is_closed_as_charged_or_not(
    doubtful: Generation, was_charged: bool
) -> None:
    admin = people.admin()
    assert closing.close(doubtful, admin, was_charged=was_charged, reason="their bill of March")
    spent = Decimal("0.4") if was_charged else Decimal(0)
    charge = Charge.SETTLED if was_charged else Charge.RELEASED
    assert fresh(doubtful).state == State.FAILED
    assert money(doubtful) == (charge, 0, spent)
    assert AuditLine.objects.get(action="generation.closed").reason == "their bill of March"
    assert not Generation.objects.to_be_checked().exists()


def test_what_is_closed_is_closed_once(doubtful: Generation) -> None:
    admin = people.admin()
    assert closing.close(doubtful, admin, was_charged=True, reason="a bill")
    assert not closing.close(fresh(doubtful), admin, was_charged=False, reason="no bill")
    assert money(doubtful)[0] == Charge.SETTLED


def test_a_job_that_was_found_after_all_cannot_be_closed(doubtful: Generation) -> None:
    assert endings.accepted(doubtful.attempts.get(), Ticket("77001"))
    there = fresh(doubtful)
    assert not closing.close(there, people.admin(), was_charged=False, reason="no bill")
    assert (fresh(doubtful).state, money(doubtful)[0]) == (State.RUNNING, Charge.HELD)
    assert fresh(doubtful).closed_at is None


def test_a_paid_clip_that_never_came_can_be_credited(desk: Desk) -> None:
    desk.connect("zai")
    job = desk.sent(MODEL)
    desk.sandbox.next("zai", "html_mp4", times=99)
    paid = follow(job)
    assert paid.error_code == "no_video"
    assert closing.close(paid, people.admin(), was_charged=False, reason="credited by Z.ai")
    total = sum(entry.amount for entry in LedgerEntry.objects.all().spent())
    assert total == 0 and books.drift() == []
    assert not Generation.objects.to_be_checked().exists()


def test_the_page_names_what_an_admin_looks_for_and_asks_for_a_reason(
    doubtful: Generation, client: Client
) -> None:
    client.force_login(people.admin())
    page = client.get("/closing/").content.decode()
    assert doubtful.attempts.get().uid in page and "We cannot tell whether" in page
    address = f"/closing/{doubtful.uid}/"
    refused = client.post(address, {f"{doubtful.uid}-charged": "no"})
    assert refused.status_code == 422 and fresh(doubtful).state == State.UNKNOWN
    sent = {f"{doubtful.uid}-charged": "no", f"{doubtful.uid}-reason": "not in their list"}
    assert client.post(address, sent).status_code == 302
    assert money(doubtful)[0] == Charge.RELEASED


@pytest.mark.row("A105")
def test_starting_again_while_unknown_asks_first_and_is_a_new_hold(
    doubtful: Generation, client: Client
) -> None:
    client.force_login(doubtful.person)
    address = f"/generations/{doubtful.uid}/another/"
    asked = client.post(address, {"form_key": "a" * 32})
    assert "perhaps pay twice" in asked.content.decode()
    assert Generation.objects.count() == 1
    client.post(address, {"form_key": "a" * 32, "twice": "yes"})
    assert Generation.objects.count() == 2
    assert money(doubtful)[0] == Charge.HELD


def test_a_lost_clip_can_be_asked_for_again_and_is_kept_when_it_comes(
    desk: Desk, client: Client
) -> None:
    desk.connect("jiekou")
    desk.sandbox.next("jiekou", "gone", times=2)
    job = follow(desk.sent("jiekou/vidu-2.0-reference2video"), State.ARCHIVING)
    step(job)
    with later(hours=26):
        assert step(job).state == State.LOST
    client.force_login(people.admin())
    assert "Try to fetch it again" in client.get("/closing/").content.decode()
    assert client.post(f"/closing/{job.uid}/fetch/").status_code == 302
    assert follow(job).state == State.SUCCEEDED
    assert not Generation.objects.to_be_checked().exists()
