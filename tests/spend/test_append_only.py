"""What is written in the ledger stays, and what may stand there once stands there once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from studio.lib.uid import new as new_uid
from studio.spend import ledger
from studio.spend.models import AppendOnly, Kind, LedgerEntry, Period, Scope
from tests.spend.purses import Purse, figures, purse, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def spender() -> Purse:
    return purse()


def test_the_first_end_of_a_hold_stands_whatever_comes_later(spender: Purse) -> None:
    settled, released = spender.holds("1"), spender.holds("2")
    first = ledger.settle(settled, Decimal("0.70"))
    assert ledger.settle(settled) == first
    assert ledger.settle(settled, Decimal("0.90")) == first
    assert ledger.release(settled, reason="too late") == first
    given_back = ledger.release(released, reason="never sent")
    assert ledger.release(released, reason="again") == given_back
    assert ledger.settle(released) == given_back
    assert LedgerEntry.objects.count() == 4
    assert figures(Scope.STUDIO, Period.DAY) == spent("0.70")


def test_the_ledger_is_never_rewritten(spender: Purse) -> None:
    spender.holds("1")
    entry = LedgerEntry.objects.get()
    entry.amount = Decimal(2)
    for rewriting in (
        entry.save,
        entry.delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.update(amount=Decimal(2)),
        lambda: LedgerEntry.objects.bulk_update([entry], ["amount"]),
    ):
        with pytest.raises(AppendOnly):
            rewriting()
    assert LedgerEntry.objects.get().amount == 1


def test_the_database_refuses_what_no_ledger_may_hold(spender: Purse) -> None:
    uid = spender.holds("1")
    ledger.settle(uid)
    hold = LedgerEntry.objects.hold_of(uid).get()
    for wrong in (
        {"kind": "gift"},
        {"kind": Kind.SETTLE, "amount": Decimal(-1), "generation_uid": "b" * 32},
        {"kind": Kind.HOLD, "currency": "US", "generation_uid": "b" * 32},
        {"kind": Kind.HOLD, "rate": Decimal(0), "generation_uid": "b" * 32},
        {"kind": Kind.RELEASE},  # it has been settled
        {"kind": Kind.ADJUST},  # without a key of its own
        {"kind": Kind.HOLD, "key": "bill-1", "generation_uid": "b" * 32},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            another(hold, **wrong).save()
    assert LedgerEntry.objects.count() == 2


def test_a_correction_is_another_entry_once_per_key(spender: Purse) -> None:
    uid = spender.holds("1")
    hold = LedgerEntry.objects.hold_of(uid).get()
    correction = {"kind": Kind.ADJUST, "amount": Decimal("-0.10"), "note": "bill of November"}
    another(hold, key="bill-1", **correction).save()
    another(hold, key="bill-2", **correction).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        another(hold, key="bill-1", **correction).save()
    assert LedgerEntry.objects.count() == 3


def another(entry: LedgerEntry, **changes: object) -> LedgerEntry:
    """A new entry like this one but for the changes."""
    fields = {field.attname: getattr(entry, field.attname) for field in LedgerEntry._meta.fields}
    return LedgerEntry(**fields | {"id": None, "uid": new_uid()} | changes)
