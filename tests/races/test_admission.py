"""Many at once, on whichever database the tests run. Beside each race stands its control: the
same crowd without the guard, to show that the crowd is dense enough to find the gap."""

from decimal import Decimal
from itertools import product
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from studio.lib import clock
from studio.spend import books, budgets, windows
from studio.spend.errors import BudgetExceeded
from studio.spend.models import BudgetWindow, LedgerEntry, Period, Scope
from tests import people
from tests.races.together import together
from tests.spend.purses import Purse, figures, held, limit, purse

pytestmark = pytest.mark.django_db(transaction=True)


def order(spender: Purse, amount: str = "1") -> BudgetExceeded | None:
    """Hold that much; the refusal, if it was refused."""
    try:
        spender.holds(amount)
    except BudgetExceeded as refused:
        return refused
    return None


# ── Admission ─────────────────────────────────────────────────────────────────────────────────


def test_fifty_orders_against_a_budget_for_ten_end_in_exactly_ten() -> None:
    spender = purse()
    limit(None, Period.DAY, "10")
    refusals = [refused for refused in together(50, lambda _: order(spender)) if refused]
    assert len(refusals) == 40
    assert {refused.left for refused in refusals} == {Decimal(0)}
    assert {refused.limit for refused in refusals} == {Decimal(10)}
    assert figures(Scope.STUDIO, Period.DAY) == held("10")
    assert LedgerEntry.objects.count() == 10
    assert books.drift() == []


def test_control_looking_first_and_holding_afterwards_lets_all_fifty_through() -> None:
    spender = purse()
    # A budget that only warns is the same code without the guard.
    limit(None, Period.DAY, "10", hard=False)
    looked = Barrier(50, timeout=60)

    def look_then_hold(_: int) -> bool:
        room = budgets.tightest(spender.person, spender.project, Decimal(1))
        looked.wait()
        return room is not None and room.after.amount >= 0 and spender.may_hold("1")

    assert sum(together(50, look_then_hold)) == 50
    assert figures(Scope.STUDIO, Period.DAY) == held("50")


@pytest.mark.row("A090")
def test_three_levels_nearly_full_are_never_exceeded_and_nobody_waits_in_a_circle() -> None:
    first = purse()
    persons, projects = [first.person, people.member()], [first.project, people.project()]
    purses = [Purse(person, project) for person, project in product(persons, projects)]
    limit(None, Period.MONTH, "12")
    for person, project in zip(persons, projects, strict=True):
        for period in Period:
            limit(person, period, "7")
            limit(project, period, "7")
    refusals = together(40, lambda number: order(purses[number % 4]))
    assert refusals.count(None) <= 12
    assert figures(Scope.STUDIO, Period.MONTH).held <= 12
    for person, project in product(persons, projects):
        assert figures(Scope.PERSON, Period.DAY, person.uid).held <= 7
        assert figures(Scope.PROJECT, Period.MONTH, project.uid).held <= 7
    # Nothing was given back, so whoever was refused finds no room afterwards either.
    for number, refused in enumerate(refusals):
        assert (refused is None) or not purses[number % 4].may_hold("1")
    assert books.drift() == []


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one lock, nobody can wait in a circle"
)
def test_control_windows_taken_in_two_orders_wait_in_a_circle() -> None:
    purse().holds("1")
    day, month = BudgetWindow.objects.filter(scope=Scope.STUDIO).order_by("period")
    both_have_one = Barrier(2, timeout=60)

    def take(number: int) -> bool:
        first, second = (day, month) if number else (month, day)
        try:
            with transaction.atomic():
                BudgetWindow.objects.filter(pk=first.pk).add(held=Decimal(1))
                both_have_one.wait()
                BudgetWindow.objects.filter(pk=second.pk).add(held=Decimal(1))
        except OperationalError:
            return False
        return True

    assert sorted(together(2, take)) == [False, True]


def test_the_first_eight_orders_of_a_new_person_share_one_budget() -> None:
    spender = purse()
    limit(spender.person, Period.DAY, "3")
    refusals = together(8, lambda _: order(spender))
    assert refusals.count(None) == 3
    assert figures(Scope.PERSON, Period.DAY, spender.person.uid) == held("3")
    assert BudgetWindow.objects.count() == 6


def test_control_making_a_missing_window_after_looking_fails_for_all_but_one() -> None:
    spender = purse()
    today = clock.now().date()
    window = windows.of(project=spender.project.uid, person=spender.person.uid, day=today)[0]
    looked = Barrier(8, timeout=60)

    def look_then_make(_: int) -> str:
        found = window.row().exists()
        looked.wait()
        try:
            return "found" if found else str(BudgetWindow.objects.create(**vars(window)).pk)
        except IntegrityError:
            return "refused"

    assert together(8, look_then_make).count("refused") == 7
