"""Money that ends twice at one instant. Beside each race stands its control without the guard."""

from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest

from studio.lib import clock
from studio.spend import books, ledger, windows
from studio.spend.books import Figures
from studio.spend.models import BudgetWindow, Kind, LedgerEntry, Period, Scope
from tests.races.together import together
from tests.spend.purses import Purse, figures, purse, spent

pytestmark = pytest.mark.django_db(transaction=True)


def of_the_studio() -> Figures:
    return figures(Scope.STUDIO, Period.DAY)


def test_twenty_settles_at_once_are_one_settle() -> None:
    uid = purse().holds("0.40")
    entries = together(20, lambda number: ledger.settle(uid, Decimal("0.30")))
    assert len({entry.uid for entry in entries if entry}) == 1
    assert of_the_studio() == spent("0.30")
    assert LedgerEntry.objects.count() == 2
    assert books.drift() == []


def test_control_looking_for_an_end_first_spends_it_twenty_times() -> None:
    spender = purse()
    uid = spender.holds("0.40")
    looked = Barrier(20, timeout=60)

    def look_then_settle(_: int) -> None:
        ended = LedgerEntry.objects.end_of(uid).exists()
        looked.wait()
        if not ended:
            # A twentieth of the hold each: held below zero is refused by the database.
            windows.end(windows_of(spender), held=Decimal("0.02"), spent=Decimal("0.30"))

    together(20, look_then_settle)
    assert of_the_studio() == spent("6.00")
    assert len(books.drift()) == 6


def test_a_settle_and_a_release_at_once_end_in_one_of_them() -> None:
    uid = purse().holds("0.40")

    def end(number: int) -> LedgerEntry | None:
        if number % 2:
            return ledger.settle(uid)
        return ledger.release(uid, reason="cancelled")

    (first,) = {entry.uid: entry for entry in together(20, end) if entry}.values()
    assert first == LedgerEntry.objects.end_of(uid).get()
    assert of_the_studio() == (spent("0.40") if first.kind == Kind.SETTLE else Figures())
    assert books.drift() == []


def test_a_crowd_that_holds_settles_and_releases_loses_nothing() -> None:
    spender = purse()

    def spend(number: int) -> None:
        for turn in range(3):
            uid = spender.holds("0.10")
            if (number + turn) % 2:
                ledger.settle(uid, Decimal("0.11"))
            else:
                ledger.release(uid, reason="cancelled")

    together(20, spend)
    assert of_the_studio() == spent("3.30")
    assert books.drift() == []


def test_control_reading_adding_and_saving_loses_what_others_added() -> None:
    spender = purse()
    spender.holds("0.10")
    read = Barrier(20, timeout=60)

    def read_then_save(_: int) -> None:
        row = BudgetWindow.objects.get(scope=Scope.STUDIO, period=Period.DAY)
        read.wait()
        row.spent += Decimal("0.10")
        row.save()

    together(20, read_then_save)
    assert of_the_studio().spent == Decimal("0.10")


def windows_of(spender: Purse) -> list[windows.Window]:
    today: date = clock.now().date()
    return windows.of(project=spender.project.uid, person=spender.person.uid, day=today)
