from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from studio.accounts.models import Studio
from studio.lib import clock
from studio.lib.money import CurrencyMismatch, InexactAmount
from studio.spend import ledger
from studio.spend.books import Figures
from studio.spend.errors import BudgetExceeded, NothingHeld
from studio.spend.models import BudgetWindow, Kind, LedgerEntry, Period, Scope
from tests import people
from tests.spend.purses import Purse, figures, held, limit, purse, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def spender() -> Purse:
    return purse()


# ── Hold ──────────────────────────────────────────────────────────────────────────────────────


def test_a_hold_counts_in_the_day_and_the_month_of_studio_project_and_person(
    spender: Purse,
) -> None:
    spender.holds("0.20")
    subjects = {
        Scope.STUDIO: "",
        Scope.PROJECT: spender.project.uid,
        Scope.PERSON: spender.person.uid,
    }
    for scope, subject in subjects.items():
        for period in Period:
            assert figures(scope, period, subject) == held("0.20")
    assert BudgetWindow.objects.count() == 6


def test_a_hold_writes_down_who_what_and_at_which_price(spender: Purse) -> None:
    uid = spender.holds("2.50", currency="CNY", rate="0.14")
    entry = LedgerEntry.objects.get()
    assert entry.kind == Kind.HOLD
    assert entry.generation_uid == uid
    assert entry.person == spender.person
    assert entry.project == spender.project
    assert entry.model == "zai/vidu2-image"
    assert entry.provider == "zai"
    assert entry.price_version == "2026-11"
    assert (entry.amount, entry.currency) == (Decimal("2.50"), "CNY")
    assert (entry.studio_amount, entry.studio_currency) == (Decimal("0.35"), "USD")
    assert entry.rate == Decimal("0.14")


def test_nothing_free_is_ever_written(spender: Purse) -> None:
    uid = spender.holds("0")
    assert ledger.settle(uid) is None
    assert ledger.settle(uid, Decimal(0)) is None
    assert ledger.release(uid, reason="was free anyway") is None
    assert not LedgerEntry.objects.exists()
    assert not BudgetWindow.objects.exists()
    assert Studio.get().books_opened_at is None


def test_several_are_held_all_or_none(spender: Purse) -> None:
    limit(None, Period.MONTH, "1")
    wanted = [spender.wants("0.40") for _ in range(3)]
    with transaction.atomic():
        with pytest.raises(BudgetExceeded):
            ledger.hold(wanted)
        # Even for a caller who goes on after the refusal.
        assert not LedgerEntry.objects.exists()
        assert figures(Scope.STUDIO, Period.DAY) == Figures()
        ledger.hold(wanted[:2])
    assert figures(Scope.STUDIO, Period.DAY) == held("0.80")


@pytest.mark.django_db(transaction=True)
def test_a_hold_outside_a_transaction_is_refused() -> None:
    wanted = purse().wants("1")
    with pytest.raises(transaction.TransactionManagementError):
        ledger.hold([wanted])
    assert not LedgerEntry.objects.exists()


def test_a_second_hold_for_a_generation_is_refused_by_the_database(spender: Purse) -> None:
    uid = spender.holds("1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.hold([spender.wants("1", uid_=uid)])
    assert figures(Scope.STUDIO, Period.DAY) == held("1")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount": Decimal("-1"), "studio_amount": Decimal("-1")}, "negative"),
        ({"studio_amount": Decimal("0.9")}, "at its rate"),
        ({"rate": Decimal("0.9"), "studio_amount": Decimal("0.9")}, "within one currency"),
    ],
)
def test_a_hold_that_contradicts_itself_cannot_be_made(
    spender: Purse, change: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        replace(spender.wants("1"), **change)


def test_a_price_in_a_former_currency_of_the_studio_is_not_held(spender: Purse) -> None:
    quoted = replace(spender.wants("1"), studio_currency="EUR", rate=Decimal(1))
    with pytest.raises(CurrencyMismatch), transaction.atomic():
        ledger.hold([quoted])
    assert not LedgerEntry.objects.exists()


def test_the_first_entry_opens_the_books_and_no_later_one_moves_that_date(
    spender: Purse,
) -> None:
    before = clock.now()
    spender.holds("1")
    opened = Studio.get().books_opened_at
    assert opened is not None
    assert before <= opened <= clock.now()
    spender.holds("1")
    assert Studio.get().books_opened_at == opened


# ── Settle ────────────────────────────────────────────────────────────────────────────────────


def test_a_settle_charges_what_was_held_unless_told_otherwise(spender: Purse) -> None:
    uid = spender.holds("0.40")
    entry = ledger.settle(uid, attempt_uid="a" * 32)
    assert entry is not None
    assert entry.kind == Kind.SETTLE
    assert entry.amount == Decimal("0.40")
    assert entry.attempt_uid == "a" * 32
    assert figures(Scope.PERSON, Period.MONTH, spender.person.uid) == spent("0.40")


def test_a_settle_below_its_hold_gives_the_rest_back(spender: Purse) -> None:
    uid = spender.holds("0.40")
    entry = ledger.settle(uid, Decimal("0.30"))
    assert entry is not None
    assert entry.amount == Decimal("0.30")
    assert entry.overrun == 0
    assert figures(Scope.STUDIO, Period.DAY) == spent("0.30")


def test_a_settle_above_its_hold_is_recorded_and_never_refused(
    spender: Purse, caplog: pytest.LogCaptureFixture
) -> None:
    limit(None, Period.MONTH, "0.40")
    uid = spender.holds("0.40")
    entry = ledger.settle(uid, Decimal("0.60"))
    assert entry is not None
    assert (entry.amount, entry.overrun) == (Decimal("0.60"), Decimal("0.20"))
    assert figures(Scope.STUDIO, Period.DAY) == spent("0.60")
    assert "above its hold" in caplog.text
    assert not spender.may_hold("0.01")


def test_a_charge_of_nothing_ends_the_hold(spender: Purse) -> None:
    uid = spender.holds("0.40")
    entry = ledger.settle(uid, Decimal(0))
    assert entry is not None
    assert entry.kind == Kind.SETTLE
    assert entry.amount == 0
    assert figures(Scope.STUDIO, Period.DAY) == Figures()


def test_a_settle_uses_the_rate_that_the_hold_froze(spender: Purse) -> None:
    uid = spender.holds("2.50", currency="CNY", rate="0.14")
    entry = ledger.settle(uid, Decimal("5"))
    assert entry is not None
    assert (entry.studio_amount, entry.overrun) == (Decimal("0.70"), Decimal("0.35"))
    assert (entry.rate, entry.price_version) == (Decimal("0.14"), "2026-11")
    assert figures(Scope.STUDIO, Period.DAY) == spent("0.70")


@pytest.mark.parametrize("charge", ["NaN", "Infinity", "1e15", "0.0000001"])
def test_a_charge_that_is_no_amount_of_money_changes_nothing(spender: Purse, charge: str) -> None:
    uid = spender.holds("1")
    with pytest.raises(InexactAmount):
        ledger.settle(uid, Decimal(charge))
    assert LedgerEntry.objects.count() == 1
    assert figures(Scope.STUDIO, Period.DAY) == held("1")


def test_a_negative_charge_changes_nothing(spender: Purse) -> None:
    uid = spender.holds("1")
    with pytest.raises(ValueError, match="negative"):
        ledger.settle(uid, Decimal("-1"))
    assert LedgerEntry.objects.count() == 1
    assert figures(Scope.STUDIO, Period.DAY) == held("1")


def test_a_charge_for_what_was_free_is_not_booked_in_silence(spender: Purse) -> None:
    with pytest.raises(NothingHeld):
        ledger.settle("f" * 32, Decimal("0.10"))
    assert not LedgerEntry.objects.exists()


# ── Release ───────────────────────────────────────────────────────────────────────────────────


def test_a_release_gives_everything_back_and_says_who_and_why(spender: Purse) -> None:
    admin = people.admin()
    uid = spender.holds("0.40")
    entry = ledger.release(uid, reason="never sent", actor=admin)
    assert entry is not None
    assert entry.kind == Kind.RELEASE
    assert entry.amount == Decimal("0.40")
    assert entry.note == "never sent"
    assert entry.actor == admin
    assert figures(Scope.STUDIO, Period.DAY) == Figures()


def test_money_is_not_given_back_without_a_reason(spender: Purse) -> None:
    uid = spender.holds("0.40")
    with pytest.raises(ValueError, match="reason"):
        ledger.release(uid, reason=" ")
    assert figures(Scope.STUDIO, Period.DAY) == held("0.40")


def test_room_that_was_given_back_can_be_used_again(spender: Purse) -> None:
    limit(None, Period.MONTH, "1")
    uid = spender.holds("1")
    assert not spender.may_hold("1")
    ledger.release(uid, reason="never sent")
    assert spender.may_hold("1")
