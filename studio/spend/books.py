"""Do the figures that admission goes by still say what the ledger says?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from studio.spend import windows
from studio.spend.models import BudgetWindow, LedgerEntry, LedgerQuerySet, Period, Scope
from studio.spend.windows import Window


@dataclass(frozen=True)
class Figures:
    held: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.held + other.held, self.spent + other.spent)

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(self.held - other.held, self.spent - other.spent)


@dataclass(frozen=True)
class Drift:
    """By how much a window's figures are above what the ledger says."""

    window: Window
    by: Figures


def fold() -> dict[Window, Figures]:
    """What every window should say, from the ledger alone (studio's currency)."""
    folded: defaultdict[Window, Figures] = defaultdict(Figures)
    ledger = LedgerEntry.objects.all()
    for window, amount in _by_window(ledger.open_holds()):
        folded[window] += Figures(held=amount)
    for window, amount in _by_window(ledger.spent()):
        folded[window] += Figures(spent=amount)
    return dict(folded)


def drift() -> list[Drift]:
    """Every window whose figures are not the fold of the ledger. Reports, repairs nothing.

    Looks twice: what was being written during one look is in order at the other.
    """
    return sorted(_look() & _look(), key=lambda drift: drift.window.place)


def _look() -> set[Drift]:
    folded, cached = fold(), _cached()
    differences = {
        window: cached.get(window, Figures()) - folded.get(window, Figures())
        for window in folded.keys() | cached.keys()
    }
    return {Drift(window, by) for window, by in differences.items() if by != Figures()}


def _cached() -> dict[Window, Figures]:
    rows = BudgetWindow.objects.values_list(
        "scope", "subject", "period", "starts_on", "held", "spent"
    )
    return {
        Window(Scope(scope), subject, Period(period), starts_on): Figures(held, spent)
        for scope, subject, period, starts_on, held, spent in rows
    }


def _by_window(entries: LedgerQuerySet) -> Iterator[tuple[Window, Decimal]]:
    groups = (
        entries.order_by()
        .values_list("project__uid", "person__uid", "held_on")
        .annotate(amount=Sum("studio_amount"))
    )
    for project, person, day, amount in groups:
        for window in windows.of(project=project, person=person, day=day):
            yield window, amount
