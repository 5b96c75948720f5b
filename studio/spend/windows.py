"""The counters that admission goes by: for each scope the day's and the month's.

Whoever moves several takes them in one order (studio, project, person; day before month), so
that transactions wait for one another in a row and never in a circle.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from studio.spend.errors import BudgetExceeded
from studio.spend.models import Budget, BudgetWindow, Period, Scope, WindowQuerySet

_SCOPES = list(Scope)
_PERIODS = list(Period)


@dataclass(frozen=True)
class Window:
    """The name of one counter; the row of that name holds its figures."""

    scope: Scope
    subject: str
    period: Period
    starts_on: date

    @property
    def place(self) -> tuple[int, str, int, date]:
        """Where it stands in the order of locking."""
        scope, period = _SCOPES.index(self.scope), _PERIODS.index(self.period)
        return scope, self.subject, period, self.starts_on

    def row(self) -> WindowQuerySet:
        return BudgetWindow.objects.filter(
            scope=self.scope,
            subject=self.subject,
            period=self.period,
            starts_on=self.starts_on,
        )


def of(*, project: str, person: str, day: date) -> list[Window]:
    """The six windows in which money of this project and person (uids) counts, in their order."""
    subjects = {Scope.STUDIO: "", Scope.PROJECT: project, Scope.PERSON: person}
    return [
        Window(scope, subject, period, period.start(day))
        for scope, subject in subjects.items()
        for period in Period
    ]


def budgets(windows: Collection[Window]) -> dict[Window, Budget]:
    """The budget of each window that has one."""
    found = Budget.objects.filter(subject__in={window.subject for window in windows})
    by_name = {(budget.scope, budget.subject, budget.period): budget for budget in found}
    names = {window: (window.scope, window.subject, window.period) for window in windows}
    return {window: by_name[name] for window, name in names.items() if name in by_name}


def admit(amounts: Mapping[Window, Decimal], currency: str) -> None:
    """Hold every amount in its window, or raise `BudgetExceeded` at the first without room.

    Each admission is one statement that asks and writes at once: whoever looks first and
    writes afterwards lets two through where there is room for one. The caller's transaction
    takes back what was held before the refusal.
    """
    windows = sorted(amounts, key=lambda window: window.place)
    _open(windows)
    limits = budgets(windows)
    for window in windows:
        budget, amount = limits.get(window), amounts[window]
        if budget is None or not budget.hard:
            window.row().add(held=amount)
        elif not _with_room(window, budget, amount, currency).add(held=amount):
            raise _exceeded(window, budget)


def end(windows: Collection[Window], held: Decimal, spent: Decimal) -> None:
    """Take what was held out of each window and count what was spent instead."""
    for window in sorted(windows, key=lambda window: window.place):
        window.row().add(held=-held, spent=spent)


def _open(windows: Collection[Window]) -> None:
    # Two that come first at the same instant: the second waits and finds the first one's row.
    rows = [
        BudgetWindow(
            scope=window.scope,
            subject=window.subject,
            period=window.period,
            starts_on=window.starts_on,
        )
        for window in windows
    ]
    BudgetWindow.objects.bulk_create(rows, ignore_conflicts=True)


def _with_room(window: Window, budget: Budget, amount: Decimal, currency: str) -> WindowQuerySet:
    return window.row().with_room(amount, budget.money.expressed_in(currency))


def _exceeded(window: Window, budget: Budget) -> BudgetExceeded:
    left = budget.limit - window.row().get().used
    return BudgetExceeded(window.scope, window.period, left, budget.limit, budget.currency)
