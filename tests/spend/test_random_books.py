"""Whatever is held, settled, released, limited, and whenever: the books stay right.

A second, simpler book is kept beside ours, in plain Python. After every step both agree on
what is admitted, on every figure, and the ledger folds into the same.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from studio.accounts.models import Project, User
from studio.lib import clock
from studio.spend import books, budgets, ledger
from studio.spend.errors import BudgetExceeded
from studio.spend.models import BudgetWindow, LedgerEntry, Period
from tests import people
from tests.spend.purses import Purse

Place = tuple[str, str, date]  # whose, period, first day
FROZEN = {"USD": Decimal(1), "CNY": Decimal("0.138889"), "JPY": Decimal("0.0066225")}

amounts = some.decimals(min_value=0, max_value=5, places=4)
whoever = some.integers(0, 1)


@dataclass
class SimpleBook:
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    limits: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    held: defaultdict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    spent: defaultdict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def places(self, purse: Purse) -> list[Place]:
        today = clock.now().astimezone(self.zone).date()
        days = {"day": today, "month": date(today.year, today.month, 1)}
        return [
            (whose, period, first)
            for whose in ("", purse.project.uid, purse.person.uid)
            for period, first in days.items()
        ]

    def has_room(self, places: list[Place], amount: Decimal) -> bool:
        return all(
            self.held[place] + self.spent[place] + amount <= self.limits[place[:2]]
            for place in places
            if place[:2] in self.limits
        )


@dataclass
class Held:
    purse: Purse
    places: list[Place]
    amount: Decimal
    currency: str
    ended: LedgerEntry | None = None

    def in_dollars(self, amount: Decimal) -> Decimal:
        exactly = amount * FROZEN[self.currency]
        return exactly.quantize(Decimal("0.000001"), rounding=ROUND_CEILING)


class RandomBooks(RuleBasedStateMachine):
    @initialize(zone=some.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
    def found(self, zone: str) -> None:
        self.sandbox = transaction.atomic()
        self.sandbox.__enter__()
        people.studio(currency="USD", time_zone=zone)
        self.persons = [people.member(), people.member()]
        self.projects = [people.project(), people.project()]
        self.admin = people.admin()
        self.simple = SimpleBook(ZoneInfo(zone))
        self.holds: dict[str, Held] = {}
        self.corrections: list[str] = []
        self.waited = timedelta(0)

    def teardown(self) -> None:
        clock.set_offset(timedelta(0))
        if hasattr(self, "sandbox"):
            transaction.set_rollback(True)
            self.sandbox.__exit__(None, None, None)

    @rule(hours=some.integers(1, 40 * 24))
    def wait(self, hours: int) -> None:
        self.waited += timedelta(hours=hours)
        clock.set_offset(self.waited)

    @rule(
        whose=some.sampled_from(["studio", "project", "person"]),
        which=whoever,
        period=some.sampled_from(list(Period)),
        limit=some.decimals(min_value=0, max_value=30, places=2),
    )
    def limit(self, whose: str, which: int, period: Period, limit: Decimal) -> None:
        subjects: dict[str, Project | User | None] = {
            "studio": None,
            "project": self.projects[which],
            "person": self.persons[which],
        }
        subject = subjects[whose]
        budgets.set_limit(subject, period, limit, actor=self.admin)
        self.simple.limits[subject.uid if subject else "", str(period)] = limit

    @rule(
        person=whoever,
        project=whoever,
        prices=some.lists(amounts, min_size=1, max_size=4),
        currency=some.sampled_from(list(FROZEN)),
    )
    def order(self, person: int, project: int, prices: list[Decimal], currency: str) -> None:
        purse = Purse(self.persons[person], self.projects[project])
        places = self.simple.places(purse)
        rate = str(FROZEN[currency])
        wanted = [purse.wants(price, currency=currency, rate=rate) for price in prices]
        new = {each.generation_uid: Held(purse, places, each.amount, currency) for each in wanted}
        whole = sum((held.in_dollars(held.amount) for held in new.values()), Decimal(0))
        admitted = not whole or self.simple.has_room(places, whole)
        try:
            with transaction.atomic():
                ledger.hold(wanted)
        except BudgetExceeded as refused:
            assert not admitted
            assert refused.left < whole
        else:
            assert admitted
            self.holds |= {uid: held for uid, held in new.items() if held.amount}
            for place in places:
                self.simple.held[place] += whole

    @rule(pick=some.integers(0), charge=some.none() | amounts)
    def settle(self, pick: int, charge: Decimal | None) -> None:
        self.end(pick, charge, released=False)

    @rule(pick=some.integers(0), amount=amounts, down=some.booleans())
    def adjust(self, pick: int, amount: Decimal, down: bool) -> None:
        if not self.holds or not amount:
            return
        uid, held = list(self.holds.items())[pick % len(self.holds)]
        key = f"correction {len(self.corrections)}"
        self.corrections.append(key)
        signed = -amount if down else amount
        for _pressed in range(2):
            ledger.adjust(uid, signed, key=key, reason="the bill", actor=self.admin)
        for place in held.places:
            self.simple.spent[place] += held.in_dollars(amount) * (-1 if down else 1)

    @rule(pick=some.integers(0))
    def release(self, pick: int) -> None:
        self.end(pick, Decimal(0), released=True)

    def end(self, pick: int, charge: Decimal | None, *, released: bool) -> None:
        if not self.holds:
            return
        uid, held = list(self.holds.items())[pick % len(self.holds)]
        if released:
            entry = ledger.release(uid, reason="a rule of the game", actor=self.admin)
        else:
            entry = ledger.settle(uid, charge)
        assert entry is not None
        if held.ended:
            assert entry == held.ended
            return
        held.ended = entry
        for place in held.places:
            self.simple.held[place] -= held.in_dollars(held.amount)
            self.simple.spent[place] += held.in_dollars(held.amount if charge is None else charge)

    @invariant()
    def the_ledger_folds_into_the_figures(self) -> None:
        if hasattr(self, "sandbox"):
            assert books.drift() == []

    @invariant()
    def the_figures_are_those_of_the_simple_book(self) -> None:
        for row in BudgetWindow.objects.all() if hasattr(self, "sandbox") else []:
            place = (row.subject, row.period, row.starts_on)
            assert row.held == self.simple.held[place]
            assert row.spent == self.simple.spent[place]


@pytest.mark.django_db
def test_random_books_stay_right() -> None:
    run_state_machine_as_test(
        RandomBooks, settings=settings(max_examples=25, stateful_step_count=40, deadline=None)
    )
