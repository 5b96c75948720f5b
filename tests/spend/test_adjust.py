"""Corrections: another entry with a reason, once per key."""

from datetime import timedelta
from decimal import Decimal

import pytest

from studio.accounts.models import User
from studio.audit.models import AuditLine
from studio.lib import clock
from studio.lib.money import InexactAmount
from studio.spend import books, ledger
from studio.spend.errors import KeyTaken, NothingHeld
from studio.spend.models import Kind, LedgerEntry, Period, Scope
from tests import people
from tests.spend.purses import Purse, figures, purse, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def spender() -> Purse:
    return purse()


@pytest.fixture
def admin() -> User:
    return people.admin()


def test_a_correction_counts_in_the_budget_of_the_hold_and_the_spend_of_today(
    spender: Purse, admin: User
) -> None:
    uid = spender.holds("0.20")
    ledger.settle(uid)
    with clock.shift(timedelta(days=40)):
        entry = ledger.adjust(uid, Decimal("0.05"), key="bill 7", reason="the bill", actor=admin)
    held = LedgerEntry.objects.hold_of(uid).get()
    assert (entry.kind, entry.key, entry.actor) == (Kind.ADJUST, "bill 7", admin)
    assert entry.held_on == held.held_on
    assert entry.booked_on == held.booked_on + timedelta(days=40)
    assert figures(Scope.STUDIO, Period.DAY) == spent("0.25")
    assert books.drift() == []


def test_a_correction_downwards_undoes_what_was_charged_to_the_last_place(admin: User) -> None:
    spender = purse(currency="EUR")
    uid = spender.holds("0.333333", rate="0.131873")
    charged = ledger.settle(uid)
    back = ledger.adjust(uid, Decimal("-0.333333"), key="k", reason="not delivered", actor=admin)
    assert charged is not None
    assert charged.studio_amount + back.studio_amount == 0
    assert figures(Scope.PROJECT, Period.MONTH, spender.project.uid) == spent("0")
    assert books.drift() == []


@pytest.mark.row("F149")
def test_pressed_twice_it_is_one_correction(spender: Purse, admin: User) -> None:
    uid = spender.holds("1")
    ledger.settle(uid)
    first = ledger.adjust(uid, Decimal("-1"), key="k", reason="twice", actor=admin)
    assert ledger.adjust(uid, Decimal("-1"), key="k", reason="twice", actor=admin) == first
    assert LedgerEntry.objects.filter(kind=Kind.ADJUST).count() == 1
    assert AuditLine.objects.filter(action="ledger.adjust").count() == 1
    assert figures(Scope.PERSON, Period.DAY, spender.person.uid) == spent("0")


def test_a_key_corrects_one_thing_only(spender: Purse, admin: User) -> None:
    one, other = spender.holds("1"), spender.holds("1")
    ledger.adjust(one, Decimal("0.10"), key="k", reason="the bill", actor=admin)
    for uid, amount in ((other, "0.10"), (one, "0.20")):
        with pytest.raises(KeyTaken):
            ledger.adjust(uid, Decimal(amount), key="k", reason="the bill", actor=admin)
    assert figures(Scope.STUDIO, Period.DAY).spent == Decimal("0.10")


@pytest.mark.parametrize(
    ("amount", "key", "reason"), [("0", "k", "why"), ("1", "", "why"), ("1", "k", " ")]
)
def test_a_correction_needs_an_amount_a_key_and_a_reason(
    spender: Purse, admin: User, amount: str, key: str, reason: str
) -> None:
    uid = spender.holds("1")
    with pytest.raises(ValueError):
        ledger.adjust(uid, Decimal(amount), key=key, reason=reason, actor=admin)
    assert LedgerEntry.objects.count() == 1


def test_what_was_never_held_and_what_is_no_amount_is_not_corrected(
    spender: Purse, admin: User
) -> None:
    with pytest.raises(NothingHeld):
        ledger.adjust("f" * 32, Decimal(1), key="k", reason="why", actor=admin)
    with pytest.raises(InexactAmount):
        ledger.adjust(spender.holds("1"), Decimal("NaN"), key="k", reason="why", actor=admin)
    assert not AuditLine.objects.exists()


def test_who_corrected_what_and_why_is_remembered(spender: Purse, admin: User) -> None:
    uid = spender.holds("1")
    ledger.adjust(uid, Decimal("-0.25"), key="k", reason="half a clip", actor=admin)
    line = AuditLine.objects.get(action="ledger.adjust")
    assert (line.object_uid, line.actor_uid, line.reason) == (uid, admin.uid, "half a clip")
    assert Decimal(line.after["amount"]) == Decimal("-0.25")
    assert line.project_uid == spender.project.uid
