"""The oracle sees: each invariant, broken on purpose, is named."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from studio.generations.models import Attempt, AttemptState, Generation, GenerationEvent
from studio.generations.states import State
from studio.lib import clock
from studio.scheduling.models import ProviderAccount
from studio.spend import budgets
from studio.spend.models import BudgetWindow, Period
from tests import invariants, people
from tests.generations.paying import Desk, attempt, follow

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "zai/vidu2-reference"


@pytest.fixture
def done(desk: Desk) -> Generation:
    """A paid clip with nothing wrong about it."""
    desk.connect("zai")
    made = follow(desk.sent(MODEL))
    invariants.Witness().check(desk.sandbox.journal())
    return made


def named(desk: Desk) -> set[str]:
    return {fault.partition(":")[0] for fault in invariants.broken(desk.sandbox.journal())}


def spoil(column: str, value: str, where: str = "kind = 'hold'") -> None:
    """Past the studio's own code, which would refuse."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE studio_ledgerentry SET {column} = %s WHERE {where}", [value])


def test_figures_that_left_the_ledger_are_named(desk: Desk, done: Generation) -> None:
    BudgetWindow.objects.filter(scope="studio", period="day").update(spent=Decimal("9"))
    assert named(desk) == {"conservation"}


def test_more_than_the_limit_is_named(desk: Desk, done: Generation) -> None:
    budgets.set_limit(None, Period.DAY, Decimal("1"), actor=people.admin())
    BudgetWindow.objects.filter(scope="studio", period="day").update(held=Decimal("5"))
    assert "no_overdraft" not in named(desk)
    with clock.shift(timedelta(days=1)):
        desk.buy(MODEL)
        BudgetWindow.objects.filter(scope="studio", period="day").update(held=Decimal("5"))
        assert "no_overdraft" in named(desk)


def test_a_charge_that_the_ledger_does_not_know_is_named(desk: Desk, done: Generation) -> None:
    Generation.objects.filter(pk=done.pk).update(charge="released", charged=0)
    assert named(desk) == {"one_hold_each", "settled_as_said", "the_bill_is_in_the_books"}


def test_money_held_for_what_has_ended_is_named(desk: Desk) -> None:
    desk.connect("zai")
    waiting = desk.buy(MODEL)
    Generation.objects.filter(pk=waiting.pk).update(
        state=State.CANCELLED, due_at=None, finished_at=clock.now()
    )
    assert {"no_orphan_money", "moves_make_a_chain"} <= named(desk)


def test_an_entry_that_was_rewritten_is_named(desk: Desk, done: Generation) -> None:
    witness = invariants.Witness()
    witness.check()
    spoil("note", "never happened")
    with pytest.raises(AssertionError, match="then changed"):
        witness.check()


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("studio_amount", "300000", "exact_numbers"),
        ("price_version", "another", "priced_before_held"),
    ],
)
def test_a_hold_that_is_not_what_was_ordered_is_named(
    desk: Desk, done: Generation, column: str, value: str, name: str
) -> None:
    spoil(column, value)
    assert name in named(desk)


def test_a_release_without_proof_is_named(desk: Desk, done: Generation) -> None:
    spoil("kind", "release", "kind = 'settle'")
    Generation.objects.filter(pk=done.pk).update(charge="released", charged=0)
    assert "release_needs_proof" in named(desk)


def test_a_second_job_is_named(desk: Desk, done: Generation) -> None:
    job = desk.sandbox.journal()[0]
    found = invariants.broken([job, job | {"id": "another"}])
    assert {fault.partition(":")[0] for fault in found} == {
        "at_most_once",
        "nothing_is_sent_again",
    }


def test_a_job_that_nobody_announced_is_named(desk: Desk, done: Generation) -> None:
    stranger = desk.sandbox.journal()[0] | {"id": "another", "reference": "another"}
    assert "intent_first_id_next" in invariants.broken([stranger])[0]
    Attempt.objects.all().update(sending_at=None)
    assert "intent_first_id_next" in named(desk)


def test_a_second_attempt_beside_an_accepted_one_is_named(desk: Desk, done: Generation) -> None:
    Attempt.objects.create(
        generation=done,
        account=attempt(done).account,
        number=2,
        state=AttemptState.UNKNOWN,
        seat_given_back_at=clock.now(),
    )
    assert {"at_most_once", "attempts_do_not_bleed"} <= named(desk)


def test_more_in_flight_than_there_are_seats_is_named(desk: Desk) -> None:
    desk.connect("zai")
    for _ in range(2):
        desk.sent(MODEL)
    assert named(desk) == set()
    ProviderAccount.objects.update(in_flight_limit=1)
    assert named(desk) == {"seats_hold"}


def test_an_end_that_was_left_is_named(desk: Desk, done: Generation) -> None:
    GenerationEvent.objects.create(
        generation=done, kind="moved", from_state=State.SUCCEEDED, to_state=State.RUNNING
    )
    Generation.objects.filter(pk=done.pk).update(state=State.RUNNING)
    assert {"terminal_is_terminal", "moves_make_a_chain"} <= named(desk)
