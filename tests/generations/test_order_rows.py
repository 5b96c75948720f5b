"""Deaths around an order, messages that come too often, and people who order too much."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from studio.generations import wake, work
from studio.generations.models import Attempt, AttemptState, Generation, Order, Origin
from studio.generations.orders import place
from studio.generations.states import State
from studio.lib import clock, failpoints
from studio.spend import books, budgets
from studio.spend.models import BudgetWindow, LedgerEntry, Period
from tests import people
from tests.generations.paying import Desk, attempt, fresh, is_held, later, step
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "zai/vidu2-reference"


@contextmanager
def dying_at(point: str) -> Iterator[None]:
    """The process ends there; what is left is the database."""
    failpoints.ARMED[point] = "raise"
    try:
        with pytest.raises(failpoints.Died):
            yield
    finally:
        del failpoints.ARMED[point]


def press(desk: Desk, key: str) -> Order:
    home = desk.person.personal_project
    brief = desk.brief(MODEL)
    return place(desk.person, home, [brief], takes=1, form_key=key, origin=Origin.CREATE)


@pytest.mark.row("F001")
def test_a_death_before_the_order_is_committed_leaves_nothing(desk: Desk) -> None:
    desk.connect("zai")
    with dying_at("create.before_commit"):
        press(desk, "a" * 32)
    assert not Order.objects.exists() and not LedgerEntry.objects.exists()
    assert not any(window.held for window in BudgetWindow.objects.all())
    assert is_held(press(desk, "a" * 32).generations.get())


@pytest.mark.row("F002", "F003")
def test_a_death_after_the_commit_leaves_an_order_that_is_taken_up(desk: Desk) -> None:
    desk.connect("zai")
    brief = desk.brief(MODEL)
    home, origin = desk.person.personal_project, Origin.CREATE
    with dying_at("create.after_commit"):
        place(desk.person, home, [brief], takes=1, form_key="b" * 32, origin=origin)
    left = Generation.objects.get()
    assert left.state == State.QUEUED and is_held(left)
    again = place(desk.person, home, [brief], takes=1, form_key="b" * 32, origin=origin)
    assert again.generations.get() == left and LedgerEntry.objects.count() == 1
    assert left in Generation.objects.due(clock.now())
    assert step(left).state == State.RUNNING


@pytest.mark.row("F007", "F018")
def test_ten_messages_about_one_job_are_one_attempt(desk: Desk) -> None:
    desk.connect("zai")
    job = desk.buy(MODEL)
    took = together(10, lambda _: work.step(job.pk))
    assert took.count(True) >= 1
    assert Attempt.objects.filter(generation=job).count() == 1
    assert len(desk.sandbox.journal()) == 1 and is_held(job)


def test_control_without_the_lease_ten_workers_make_ten_attempts(desk: Desk) -> None:
    """What the lease keeps from happening: each writes an attempt of its own."""
    account = desk.connect("zai")
    job = desk.buy(MODEL)

    def unguarded(number: int) -> None:
        Attempt.objects.create(generation=job, account=account, number=number + 1)

    together(10, unguarded)
    assert Attempt.objects.filter(generation=job).count() == 10


@pytest.mark.row("F040")
def test_whoever_orders_one_waits_behind_no_crowd_of_somebody_elses(desk: Desk) -> None:
    desk.connect("zai", in_flight_limit=2)
    desk.sandbox.next("zai", "late", seconds=600, times=3)
    crowd = [desk.buy(MODEL) for _ in range(8)]
    for job in crowd:
        step(job)
    modest = Desk(people.person(), desk.sandbox)
    one = modest.buy(MODEL)
    assert step(one).state == State.QUEUED
    running = Generation.objects.filter(state=State.RUNNING).first()
    assert running is not None
    running.attempts.update(seat_given_back_at=clock.now())
    waiting = Generation.objects.filter(state=State.QUEUED, person=desk.person).first()
    assert waiting is not None and step(waiting).state == State.QUEUED
    assert step(one).state == State.RUNNING


@pytest.mark.row("F043")
def test_a_budget_that_shrinks_below_what_is_held_stops_only_what_is_new(desk: Desk) -> None:
    desk.connect("zai")
    job = desk.buy(MODEL)
    budgets.set_limit(None, Period.DAY, Decimal("0.10"), actor=people.admin(), reason="less")
    room = budgets.tightest(desk.person, desk.person.personal_project, Decimal("0.4"))
    assert room is not None and room.left.amount < 0
    with pytest.raises(Exception, match="budget"):
        desk.buy(MODEL)
    assert step(job).state == State.RUNNING and is_held(job)


@pytest.mark.row("F117")
def test_due_times_live_in_rows_and_no_message_waits_in_the_broker(desk: Desk) -> None:
    desk.connect("zai")
    job = desk.buy(MODEL)
    Generation.objects.filter(pk=job.pk).update(due_at=clock.now() + timedelta(hours=2))
    assert wake.sweep() == 0
    with later(hours=3):
        assert job in Generation.objects.due(clock.now())
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert "visibility_timeout" not in options


@pytest.mark.row("F127")
def test_a_database_that_goes_away_in_mid_step_leaves_what_was_committed(desk: Desk) -> None:
    desk.connect("zai")
    job = desk.buy(MODEL)

    def gone(execute: object, sql: str, *rest: object) -> object:
        if "studio_attempt" in sql and sql.startswith("INSERT"):
            raise OperationalError("server closed the connection")
        return execute(sql, *rest)  # type: ignore[operator]

    Generation.objects.filter(pk=job.pk).update(due_at=clock.now())
    with connection.execute_wrapper(gone), pytest.raises(OperationalError):
        work.step(job.pk)
    left = fresh(job)
    assert left.state == State.QUEUED and is_held(left) and books.drift() == []
    Generation.objects.filter(pk=job.pk).update(lease_token="")
    done = step(left)
    assert done.state == State.RUNNING
    assert attempt(done).state == AttemptState.ACCEPTED


@pytest.mark.row("F139", "F140", "F142")
@pytest.mark.parametrize("hours", [24, -1])
def test_a_clock_that_jumps_ends_and_releases_nothing(desk: Desk, hours: int) -> None:
    desk.connect("zai")
    desk.sandbox.next("zai", "late", seconds=600)
    running, waiting = desk.sent(MODEL), desk.buy(MODEL)
    with later(hours=hours):
        assert step(running).state == State.RUNNING
        assert is_held(running) and is_held(waiting)
        assert fresh(waiting).state == State.QUEUED
