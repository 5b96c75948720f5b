"""What the tests of money share: somebody who spends, and moments to spend in."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from studio.accounts.models import Project, User
from studio.lib import clock, money, uid
from studio.spend import budgets, ledger
from studio.spend.books import Figures
from studio.spend.errors import BudgetExceeded
from studio.spend.models import Budget, BudgetWindow, Period, Scope
from tests import people


@dataclass(frozen=True)
class Purse:
    """A person who orders in a project of a founded studio (USD, UTC unless told)."""

    person: User
    project: Project
    studio_currency: str = "USD"

    def wants(
        self, amount: str | Decimal, *, currency: str = "USD", rate: str = "1", uid_: str = ""
    ) -> ledger.Hold:
        return ledger.Hold(
            generation_uid=uid_ or uid.new(),
            person=self.person,
            project=self.project,
            model="zai/vidu2-image",
            provider="zai",
            amount=Decimal(amount),
            currency=currency,
            studio_amount=money.convert(Decimal(amount), Decimal(rate)),
            studio_currency=self.studio_currency,
            rate=Decimal(rate),
            price_version="2026-11",
        )

    def holds(self, amount: str | Decimal, *, currency: str = "USD", rate: str = "1") -> str:
        """Order something of that price; the uid of the generation."""
        wanted = self.wants(amount, currency=currency, rate=rate)
        with transaction.atomic():
            ledger.hold([wanted])
        return wanted.generation_uid

    def may_hold(self, amount: str | Decimal) -> bool:
        try:
            self.holds(amount)
        except BudgetExceeded:
            return False
        return True


def purse(*, currency: str = "USD", zone: str = "UTC") -> Purse:
    people.studio(currency=currency, time_zone=zone)
    return Purse(people.member(), people.project(), currency)


def limit(
    whose: Project | User | None, period: Period, amount: str | Decimal, *, hard: bool = True
) -> Budget:
    return budgets.set_limit(whose, period, Decimal(amount), actor=people.admin(), hard=hard)


def figures(scope: Scope, period: Period, subject: str = "") -> Figures:
    """What admission goes by, over all windows of that scope and period."""
    rows = BudgetWindow.objects.filter(scope=scope, period=period, subject=subject)
    return sum((Figures(row.held, row.spent) for row in rows), Figures())


def held(amount: str) -> Figures:
    return Figures(held=Decimal(amount))


def spent(amount: str) -> Figures:
    return Figures(spent=Decimal(amount))


def at(moment: datetime) -> AbstractContextManager[None]:
    """Run the block as if it were that moment."""
    return clock.shift(moment - clock.now())
