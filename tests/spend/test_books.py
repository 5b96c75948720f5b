from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from studio.lib import clock
from studio.spend import books, ledger
from studio.spend.books import Drift, Figures
from studio.spend.models import BudgetWindow, Kind, LedgerEntry, Period, Scope
from studio.spend.windows import Window
from tests.spend.purses import Purse, held, purse, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def spender() -> Purse:
    return purse()


def this_month() -> date:
    return clock.now().date().replace(day=1)


def test_the_fold_says_what_the_windows_say(spender: Purse) -> None:
    spender.holds("1")
    ledger.settle(spender.holds("2"), Decimal("2.50"))
    ledger.release(spender.holds("4"), reason="never sent")
    folded = books.fold()
    assert len(folded) == 6
    assert set(folded.values()) == {held("1") + spent("2.50")}
    assert books.drift() == []


def test_empty_books_are_in_order() -> None:
    assert books.fold() == {}
    assert books.drift() == []


def test_a_figure_that_the_ledger_does_not_explain_is_reported_and_left_alone(
    spender: Purse,
) -> None:
    spender.holds("1")
    month = BudgetWindow.objects.filter(scope=Scope.PERSON, period=Period.MONTH)
    month.add(held=Decimal("0.25"))
    window = Window(Scope.PERSON, spender.person.uid, Period.MONTH, this_month())
    assert books.drift() == [Drift(window, Figures(held=Decimal("0.25")))]
    assert month.get().held == Decimal("1.25")


def test_an_entry_that_no_window_counted_is_reported_in_all_six(spender: Purse) -> None:
    spender.holds("1")
    entry = LedgerEntry.objects.get()
    fields = {field.attname: getattr(entry, field.attname) for field in LedgerEntry._meta.fields}
    fields |= {"id": None, "uid": "d" * 32, "kind": Kind.ADJUST, "key": "bill-1"}
    LedgerEntry(**fields).save()
    assert [drift.by for drift in books.drift()] == [Figures(spent=Decimal(-1))] * 6
    assert [drift.window.scope for drift in books.drift()] == [
        scope for scope in Scope for _ in Period
    ]


def test_a_window_that_was_lost_is_reported(spender: Purse) -> None:
    spender.holds("1")
    BudgetWindow.objects.filter(scope=Scope.STUDIO, period=Period.DAY).delete()
    (found,) = books.drift()
    assert found.window == Window(Scope.STUDIO, "", Period.DAY, clock.now().date())
    assert found.by == Figures(held=Decimal(-1))


def test_whether_a_hold_is_open_is_one_step_in_an_index(spender: Purse) -> None:
    """Without one, every hold would read the whole ledger: a hundred thousand times itself."""
    still = spender.holds("1")
    ledger.settle(spender.holds("2"))
    ledger.release(spender.holds("4"), reason="never sent")
    open_holds = LedgerEntry.objects.open_holds()
    assert [entry.generation_uid for entry in open_holds] == [still]
    if connection.vendor == "sqlite":
        _, _, inner = open_holds.order_by().explain().partition("CORRELATED")
        assert "SEARCH" in inner and "generation_uid=?" in inner
        assert "SCAN" not in inner


def test_the_entries_of_one_generation_are_found_by_an_index(spender: Purse) -> None:
    uid = spender.holds("1")
    found = LedgerEntry.objects.hold_of(uid).order_by()
    assert found.get().generation_uid == uid
    if connection.vendor == "sqlite":
        assert "SCAN studio_ledgerentry" not in found.explain()
        assert "SCAN" not in LedgerEntry.objects.end_of(uid).order_by().explain()
