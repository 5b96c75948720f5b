"""Many running jobs asked at once: each one as if it were alone, within the account's budget."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from studio.generations import leases, poller, rounds, wake
from studio.generations.models import Attempt, Generation
from studio.generations.states import Charge, State
from studio.lib import clock
from studio.providers.base import Stage
from studio.scheduling import budget
from studio.scheduling.models import ProviderAccount
from tests.generations.paying import Desk, attempt, fresh, is_held, later, money
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "zai/vidu2-reference"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The messages, instead of a broker."""
    messages: list[tuple[str, Any]] = []

    def keep(name: str, arguments: Any, queue: str) -> None:
        messages.append((name, arguments[0]))

    monkeypatch.setattr(current_app, "send_task", keep)
    return messages


def running(desk: Desk, count: int, fault: str = "", **options: object) -> list[Generation]:
    """Jobs that the provider has and works on for long, unless the fault says otherwise."""
    made = []
    for _ in range(count):
        desk.sandbox.next("zai", fault or "late", **(options if fault else {"seconds": 600}))
        made.append(desk.sent(MODEL))
    assert {job.state for job in made} == {State.RUNNING}
    return made


def connected(desk: Desk) -> ProviderAccount:
    desk.sandbox.set(in_flight={"zai": 100})
    return desk.connect("zai", in_flight_limit=50)


def now_due(*jobs: Generation) -> list[int]:
    pks = [job.pk for job in jobs]
    Generation.objects.filter(pk__in=pks).update(due_at=clock.now())
    return pks


def look_at(*jobs: Generation) -> list[Generation]:
    assert poller.look_at(now_due(*jobs)) == len(jobs)
    return [fresh(job) for job in jobs]


def polls(desk: Desk) -> int:
    return len([call for call in desk.sandbox.requests("zai", "GET") if "result" in call["path"]])


def test_each_job_of_a_round_is_followed_as_if_it_were_alone(desk: Desk) -> None:
    connected(desk)
    at_work, done, failed, forgotten = (
        running(desk, 1, fault, **options)[0]
        for fault, options in (
            ("late", {"seconds": 600}),
            ("late", {"seconds": 0}),
            ("fail_silent", {}),
            ("forget", {}),
        )
    )
    assert polls(desk) == 0
    for _ in range(3):
        look_at(*(job for job in map(fresh, (at_work, done, failed, forgotten)) if is_there(job)))
    at_work, done, failed, forgotten = map(fresh, (at_work, done, failed, forgotten))
    assert at_work.state == State.RUNNING and attempt(at_work).stage == Stage.RUNNING
    assert at_work.looked_at and at_work.due_at and at_work.due_at > clock.now()
    assert done.state == State.ARCHIVING and money(done)[0] == Charge.SETTLED
    assert failed.state == State.FAILED and money(failed)[0] == Charge.UNCLEAR
    assert forgotten.state == State.RUNNING and attempt(forgotten).gone_since
    assert {job.lease_token for job in (at_work, done, failed, forgotten)} == {""}


def is_there(job: Generation) -> bool:
    return job.state == State.RUNNING


@pytest.mark.row("F063")
def test_two_rounds_over_the_same_jobs_ask_once_each(desk: Desk) -> None:
    connected(desk)
    jobs = running(desk, 4)
    pks = now_due(*jobs)
    looked = together(2, lambda _: poller.look_at(pks))
    assert sum(looked) == polls(desk) == 4
    assert all(is_held(fresh(job)) for job in jobs)


def test_what_goes_on_unchanged_costs_the_same_writes_however_many(desk: Desk) -> None:
    connected(desk)
    jobs = running(desk, 9)
    # From the first look on the word is "processing", which is then no news.
    look_at(*jobs)
    few = writes(lambda: look_at(*jobs[:3]))
    many = writes(lambda: look_at(*jobs[3:]))
    assert few == many


def writes(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len([query for query in queries if query["sql"].startswith("UPDATE")])


def test_a_fault_of_the_line_slows_every_job_of_the_round(desk: Desk) -> None:
    connected(desk)
    jobs = running(desk, 3)
    desk.sandbox.next("zai", "poll_502", times=99)
    for failures in (1, 2):
        slowed = look_at(*jobs)
        assert {job.failures for job in slowed} == {failures}
        assert all(is_held(job) and job.looked_at is None for job in slowed)


def test_a_wrong_key_pauses_the_account_once_and_keeps_the_jobs(desk: Desk) -> None:
    account = connected(desk)
    jobs = running(desk, 3)
    desk.sandbox.next("zai", "poll_401", times=3)
    assert {job.state for job in look_at(*jobs)} == {State.RUNNING}
    account.refresh_from_db()
    assert account.paused_kind == "key"
    assert all(is_held(job) for job in jobs)


@pytest.mark.row("F053")
def test_a_busy_answer_slows_that_account_down_and_no_other(
    desk: Desk, sent: list[tuple[str, Any]]
) -> None:
    account, other = connected(desk), desk.connect("vidu")
    jobs = running(desk, 3)
    desk.sandbox.next("zai", "poll_429", retry_after=20)
    look_at(*jobs)
    now_due(*jobs)
    assert rounds.hand_out() == 0 and budget.take(other.pk, 3) == 3
    with later(seconds=25):
        assert rounds.hand_out() == 3
    assert sent == [("studio.look", [job.pk for job in jobs])]
    assert account.paused_at is None and all(is_held(job) for job in jobs)


def test_a_wish_to_cancel_is_passed_on_alone(desk: Desk, sent: list[tuple[str, Any]]) -> None:
    connected(desk)
    wished, other = running(desk, 2)
    Generation.objects.filter(pk=wished.pk).update(cancel_wished_at=clock.now())
    now_due(wished, other)
    sent.clear()
    assert (wake.sweep(), rounds.hand_out()) == (1, 1)
    assert sent == [("studio.step", wished.pk), ("studio.look", [other.pk])]


def test_a_poller_that_died_is_replaced_when_its_lease_dies(
    desk: Desk, sent: list[tuple[str, Any]]
) -> None:
    connected(desk)
    (job,) = running(desk, 1)
    now_due(job)
    dead = leases.take_many([job.pk], State.RUNNING)
    assert dead and rounds.hand_out() == 0
    with later(seconds=31):
        assert rounds.hand_out() == 1
        assert poller.look_at([job.pk]) == 1
    assert fresh(job).lease_token == "" and is_held(job)


def test_an_account_that_hangs_has_no_more_than_two_rounds_under_way(
    desk: Desk, sent: list[tuple[str, Any]]
) -> None:
    connected(desk)
    jobs = running(desk, 3)
    now_due(*jobs)
    for job in jobs[:2]:
        assert leases.take_many([job.pk], State.RUNNING)
    assert rounds.hand_out() == 0
    leases.renew_many([jobs[0].pk], fresh(jobs[0]).lease_token)
    Generation.objects.filter(pk=jobs[0].pk).update(lease_token="", due_at=None)
    assert rounds.hand_out() == 1


# ── A crowd ───────────────────────────────────────────────────────────────────────────────────


def crowd(desk: Desk, count: int) -> None:
    """So many rows that run there, without the work behind them."""
    account = connected(desk)
    order = desk.buy(MODEL).order
    now = clock.now()
    first = order.generations.get()
    Generation.objects.filter(pk=first.pk).update(due_at=None)
    rows = Generation.objects.bulk_create(
        Generation(
            order=order,
            number=number + 2,
            project=first.project,
            person=first.person,
            model=MODEL,
            mode=first.mode,
            currency="USD",
            state=State.RUNNING,
            started_at=now,
            due_at=now + timedelta(milliseconds=number),
        )
        for number in range(count)
    )
    Attempt.objects.bulk_create(
        Attempt(generation=row, account=account, number=1, remote_id=f"job-{row.number}")
        for row in rows
    )


@pytest.mark.row("F138")
def test_a_backlog_is_asked_for_evenly_and_oldest_first(
    desk: Desk, sent: list[tuple[str, Any]], settings: Settings
) -> None:
    crowd(desk, 2000)
    asked: list[int] = []
    per_second = settings.LOOKS_PER_MINUTE / 60
    for second in range(3, 600):
        with later(seconds=second):
            sent.clear()
            rounds.hand_out()
            new = [pk for _, pks in sent for pk in pks]
            asked += new
            assert len(new) <= per_second * 10
            assert len(asked) <= per_second * (second + 12)
            Generation.objects.filter(pk__in=new).update(due_at=None)
        if len(asked) == 2000:
            break
    assert asked == sorted(asked) and len(set(asked)) == 2000


@pytest.mark.row("F075")
@pytest.mark.parametrize("in_flight", [1, 50, 100, 500, 1000, 2000])
def test_many_jobs_are_asked_for_more_rarely_so_that_the_budget_suffices(
    in_flight: int, settings: Settings
) -> None:
    every = budget.every(in_flight, 5.0)
    assert every >= 5.0 and (in_flight > 80 or every == 5.0)
    assert in_flight / every * 60 <= settings.LOOKS_PER_MINUTE * budget.PLANNED
    # And no more rarely than it must be.
    assert every == 5.0 or in_flight / every * 60 >= settings.LOOKS_PER_MINUTE / 2


def test_two_who_spend_at_once_never_spend_more_than_there_is(desk: Desk) -> None:
    account = connected(desk)
    budget.hold(account.pk, 5)
    with later(seconds=10):
        assert sum(together(6, lambda _: budget.take(account.pk, 100))) <= 105


def test_an_accepted_job_is_looked_at_within_seconds(desk: Desk) -> None:
    connected(desk)
    (job,) = running(desk, 1)
    assert job.due_at and job.due_at - clock.now() <= timedelta(seconds=2)
