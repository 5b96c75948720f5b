"""Who spent what in a month: the ledger folded by person, in a fixed number of queries.

What was charged, corrected or given back counts in the month in which it was booked, what is
still reserved in the month of its hold. Both are the studio's own days.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Sum

from studio.accounts.models import User
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from studio.lib.money import Money
from studio.reports.months import Month
from studio.spend.models import SPENT, Kind, LedgerEntry, LedgerQuerySet


@dataclass(frozen=True)
class Spent:
    """An amount in the studio's currency, and what it was in the sellers' own."""

    studio: Decimal = Decimal(0)
    originals: tuple[Money, ...] = ()

    def __add__(self, other: "Spent") -> "Spent":
        each: defaultdict[str, Decimal] = defaultdict(Decimal)
        for money in (*self.originals, *other.originals):
            each[money.currency] += money.amount
        originals = tuple(Money(amount, currency) for currency, amount in sorted(each.items()))
        return Spent(self.studio + other.studio, originals)

    def foreign(self, currency: str) -> tuple[Money, ...]:
        """The sellers' amounts, where any of them is in another currency than the studio's."""
        others = any(money.currency != currency for money in self.originals)
        return self.originals if others else ()


@dataclass(frozen=True)
class Figures:
    """`held` is what waits for its end in order, `unclear` what nobody knows yet."""

    clips: int = 0
    failed: int = 0
    held: Spent = field(default_factory=Spent)
    charged: Spent = field(default_factory=Spent)
    given_back: Spent = field(default_factory=Spent)
    unclear: Spent = field(default_factory=Spent)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.clips + other.clips,
            self.failed + other.failed,
            self.held + other.held,
            self.charged + other.charged,
            self.given_back + other.given_back,
            self.unclear + other.unclear,
        )


@dataclass(frozen=True)
class Row:
    person: User
    figures: Figures


def by_person(month: Month) -> tuple[Row, ...]:
    """Everybody with a line in the ledger of that month; who spent most stands first."""
    found = _figures(LedgerEntry.objects.booked_in(month.first, month.after))
    people = User.objects.in_bulk(found)
    rows = [Row(people[pk], figures) for pk, figures in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.figures.charged.studio, str(row.person))))


def of_person(person: User, month: Month) -> Figures:
    entries = LedgerEntry.objects.booked_in(month.first, month.after).filter(person=person)
    return total(_figures(entries).values())


def total(each: Iterable[Figures]) -> Figures:
    return sum(each, Figures())


def _figures(entries: LedgerQuerySet) -> dict[int, Figures]:
    """By the key of the person."""
    found: defaultdict[int, Figures] = defaultdict(Figures)
    for person, kind, amount, clips in _booked(entries):
        if kind == Kind.HOLD:
            found[person] += Figures(clips=clips)
        elif kind in SPENT:
            found[person] += Figures(charged=amount)
        else:
            found[person] += Figures(given_back=amount)
    for person, is_unclear, amount in _open(entries):
        found[person] += Figures(unclear=amount) if is_unclear else Figures(held=amount)
    for person, failed in _failed(entries):
        found[person] += Figures(failed=failed)
    return dict(found)


def _booked(entries: LedgerQuerySet) -> Iterable[tuple[int, str, Spent, int]]:
    groups = entries.order_by().values_list("person", "kind", "currency")
    for person, kind, currency, amount, studio, count in groups.annotate(
        Sum("amount"), Sum("studio_amount"), Count("pk")
    ):
        yield person, kind, Spent(studio, (Money(amount, currency),)), count


def _open(entries: LedgerQuerySet) -> Iterable[tuple[int, bool, Spent]]:
    doubtful = Generation.objects.filter(uid=OuterRef("generation_uid"), charge=Charge.UNCLEAR)
    holds = entries.open_holds().annotate(is_unclear=Exists(doubtful))
    groups = holds.order_by().values_list("person", "is_unclear", "currency")
    for person, is_unclear, currency, amount, studio in groups.annotate(
        Sum("amount"), Sum("studio_amount")
    ):
        yield person, is_unclear, Spent(studio, (Money(amount, currency),))


def _failed(entries: LedgerQuerySet) -> Iterable[tuple[int, int]]:
    failed = Generation.objects.filter(uid=OuterRef("generation_uid"), state=State.FAILED)
    holds = entries.filter(Exists(failed), kind=Kind.HOLD)
    return holds.order_by().values_list("person").annotate(Count("pk"))
