from decimal import Decimal

import pytest

from studio.accounts.models import Project, Studio, User
from studio.audit.models import AuditLine
from studio.lib.money import CurrencyMismatch, InexactAmount, Money
from studio.spend import budgets, ledger
from studio.spend.errors import BudgetExceeded
from studio.spend.models import Budget, Period, Scope
from tests import people
from tests.spend.purses import Purse, figures, held, limit, purse

pytestmark = pytest.mark.django_db


@pytest.fixture
def spender() -> Purse:
    return purse()


# ── Admission ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("period", Period)
@pytest.mark.parametrize("scope", Scope)
def test_a_budget_lets_through_what_fits_to_the_last_cent_and_nothing_more(
    spender: Purse, scope: Scope, period: Period
) -> None:
    whose: dict[str, Project | User | None]
    whose = {Scope.STUDIO: None, Scope.PROJECT: spender.project, Scope.PERSON: spender.person}
    limit(whose[scope], period, "1.00")
    # Ten times 0.1 is 1 here, which it is not in floating point.
    assert [spender.may_hold("0.1") for _ in range(11)] == [True] * 10 + [False]
    with pytest.raises(BudgetExceeded) as refused:
        spender.holds("0.1")
    assert refused.value.scope == scope
    assert refused.value.period == period
    assert refused.value.left == 0
    assert refused.value.limit == 1
    assert refused.value.currency == "USD"


def test_a_budget_of_one_person_or_project_stops_nobody_else(spender: Purse) -> None:
    other = Purse(people.member(), people.project())
    limit(spender.person, Period.DAY, "0")
    limit(spender.project, Period.DAY, "0")
    assert not spender.may_hold("0.01")
    assert not Purse(spender.person, other.project).may_hold("0.01")
    assert not Purse(other.person, spender.project).may_hold("0.01")
    assert other.may_hold("0.01")


def test_the_budget_of_the_studio_stops_everybody(spender: Purse) -> None:
    limit(None, Period.DAY, "1")
    assert Purse(people.member(), people.project()).may_hold("1")
    assert not spender.may_hold("0.01")


def test_the_widest_budget_without_room_is_the_one_that_is_named(spender: Purse) -> None:
    limit(spender.person, Period.DAY, "1")
    limit(spender.project, Period.MONTH, "1")
    limit(spender.project, Period.DAY, "1")
    with pytest.raises(BudgetExceeded) as refused:
        spender.holds("2")
    assert (refused.value.scope, refused.value.period) == (Scope.PROJECT, Period.DAY)


def test_a_budget_that_only_warns_counts_and_refuses_nothing(spender: Purse) -> None:
    limit(None, Period.DAY, "1", hard=False)
    assert spender.may_hold("3")
    assert figures(Scope.STUDIO, Period.DAY) == held("3")


def test_a_limit_set_later_counts_what_was_held_before_it(spender: Purse) -> None:
    uid = spender.holds("0.70")
    limit(spender.person, Period.MONTH, "1")
    assert not spender.may_hold("0.31")
    assert spender.may_hold("0.30")
    ledger.release(uid, reason="never sent")
    assert spender.may_hold("0.70")


def test_a_limit_lowered_below_what_is_held_refuses_new_work_only(spender: Purse) -> None:
    uid = spender.holds("12")
    limit(None, Period.MONTH, "10")
    with pytest.raises(BudgetExceeded) as refused:
        spender.holds("0.01")
    assert refused.value.left == -2
    assert ledger.settle(uid) is not None


# ── Setting a limit ───────────────────────────────────────────────────────────────────────────


def test_who_set_which_limit_from_what_to_what_is_remembered(spender: Purse) -> None:
    admin = people.admin()
    budgets.set_limit(spender.project, Period.MONTH, Decimal(10), actor=admin)
    budget = budgets.set_limit(
        spender.project, Period.MONTH, Decimal("12.50"), actor=admin, hard=False, reason="launch"
    )
    assert Budget.objects.get() == budget
    assert budget.money == Money(Decimal("12.50"), "USD")
    assert not budget.hard
    second, first = AuditLine.objects.filter(action="budget.set")
    assert first.before == {}
    assert second.before == first.after
    assert second.before["limit"] == "10.00"
    assert second.after["limit"] == "12.50"
    assert (second.after["currency"], second.after["hard"]) == ("USD", False)
    assert second.actor_uid == admin.uid
    assert second.project_uid == spender.project.uid
    assert second.reason == "launch"


@pytest.mark.parametrize("wrong", ["-1", "NaN", "Infinity", "1e400", "0.001", "99999999999999"])
def test_a_limit_that_is_no_amount_of_coins_is_refused(spender: Purse, wrong: str) -> None:
    with pytest.raises(ValueError):
        limit(None, Period.DAY, wrong)
    assert not Budget.objects.exists()
    assert not AuditLine.objects.filter(action="budget.set").exists()


def test_a_limit_has_the_places_of_the_studios_currency() -> None:
    purse(currency="JPY")
    assert limit(None, Period.DAY, "1000").limit == 1000
    with pytest.raises(InexactAmount):
        limit(None, Period.DAY, "1000.50")


def test_a_limit_in_a_former_currency_lets_nothing_through_unseen(spender: Purse) -> None:
    limit(None, Period.DAY, "1000")
    Studio.objects.update(currency="EUR")
    elsewhere = Purse(spender.person, spender.project, "EUR")
    with pytest.raises(CurrencyMismatch):
        elsewhere.holds("1", currency="EUR")


def test_the_same_limit_twice_is_said_once(spender: Purse) -> None:
    for _ in range(2):
        budgets.set_limit(None, Period.DAY, Decimal(10), actor=people.admin())
    assert AuditLine.objects.filter(action="budget.set").count() == 1
    assert Budget.objects.get().limit == 10


def test_a_limit_that_is_removed_limits_nothing_and_is_remembered(spender: Purse) -> None:
    admin = people.admin()
    budget = limit(None, Period.DAY, "1")
    assert not spender.may_hold("2")
    assert budgets.remove_limit(None, Period.DAY, actor=admin, reason="sale")
    assert spender.may_hold("2")
    line = AuditLine.objects.get(action="budget.remove")
    assert (line.object_uid, line.actor_uid, line.reason) == (budget.uid, admin.uid, "sale")
    assert (line.before["limit"], line.after) == ("1.00", {})
    assert not budgets.remove_limit(None, Period.DAY, actor=admin)
    assert AuditLine.objects.filter(action="budget.remove").count() == 1


# ── What is left ──────────────────────────────────────────────────────────────────────────────


def test_without_a_budget_there_is_nothing_to_show(spender: Purse) -> None:
    assert budgets.tightest(spender.person, spender.project, Decimal(1)) is None


def test_the_tightest_budget_is_the_one_with_the_least_left(spender: Purse) -> None:
    limit(None, Period.MONTH, "100")
    limit(spender.project, Period.MONTH, "10")
    limit(spender.person, Period.DAY, "11")
    spender.holds("2.50")
    room = budgets.tightest(spender.person, spender.project, Decimal("1.25"))
    assert room is not None
    assert (room.scope, room.period) == (Scope.PROJECT, Period.MONTH)
    assert room.limit == Money(Decimal(10), "USD")
    assert room.left == Money(Decimal("7.50"), "USD")
    assert room.after == Money(Decimal("6.25"), "USD")


def test_a_budget_not_touched_yet_is_all_there(spender: Purse) -> None:
    limit(spender.person, Period.MONTH, "5")
    room = budgets.tightest(spender.person, spender.project, Decimal(6))
    assert room is not None
    assert room.left.amount == 5
    assert room.after.amount == -1
