"""The clips behind a figure: what each was held at, charged and given back in a month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet

from studio.accounts.models import Project, User
from studio.generations.models import Attempt, Generation
from studio.generations.states import Charge
from studio.lib.money import Money
from studio.reports.months import Month
from studio.reports.sums import Spent
from studio.spend.models import ENDS, SPENT, Kind, LedgerEntry

PAGE = 100


@dataclass(frozen=True)
class Line:
    """One clip in one month; its four amounts add up to the figures of `sums`.

    `generation` is None where only the books remember it. `entries` are all of its lines, of
    other months too, the first being the hold.
    """

    generation: Generation | None
    entries: tuple[LedgerEntry, ...]
    held: Spent
    charged: Spent
    given_back: Spent
    unclear: Spent

    @property
    def hold(self) -> LedgerEntry:
        return self.entries[0]

    @property
    def person(self) -> User:
        return self.hold.person

    @property
    def project(self) -> Project:
        return self.hold.project

    @property
    def notes(self) -> list[str]:
        return [entry.note for entry in self.entries if entry.note]


@dataclass(frozen=True)
class Page:
    """`number` counts from 1; `following` is the next one's, 0 where this is the last."""

    lines: tuple[Line, ...]
    number: int
    following: int


def page(month: Month, person: User, number: int) -> Page:
    """A hundred clips, those with the newest line in the ledger first."""
    start = (number - 1) * PAGE
    uids = list(_uids(month, person)[start : start + PAGE + 1])
    following = number + 1 if len(uids) > PAGE else 0
    return Page(tuple(lines(month, uids[:PAGE])), number, following)


def batches(month: Month, person: User | None) -> Iterator[list[Line]]:
    """All of them, of one person or of everybody, a hundred at a time."""
    uids = list(_uids(month, person))
    for start in range(0, len(uids), PAGE):
        yield lines(month, uids[start : start + PAGE])


def lines(month: Month, uids: Sequence[str]) -> list[Line]:
    """In the order of `uids`, in two queries."""
    generations = {one.uid: one for one in Generation.objects.filter(uid__in=uids)}
    entries: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    found = LedgerEntry.objects.filter(generation_uid__in=uids).select_related("person", "project")
    for entry in found.order_by("at", "pk"):
        entries[entry.generation_uid].append(entry)
    return [_line(month, generations.get(uid), entries[uid]) for uid in uids]


def jobs(found: Iterable[Line]) -> dict[int, list[str]]:
    """What the provider calls each, by the key of the generation: its bill lists these."""
    keys = [line.generation.pk for line in found if line.generation]
    ids: defaultdict[int, list[str]] = defaultdict(list)
    attempts = Attempt.objects.filter(generation__in=keys).exclude(remote_id="").order_by("number")
    for key, remote in attempts.values_list("generation", "remote_id"):
        ids[key].append(remote)
    return ids


def _uids(month: Month, person: User | None) -> QuerySet[Any, str]:
    entries = LedgerEntry.objects.booked_in(month.first, month.after)
    if person is not None:
        entries = entries.filter(person=person)
    groups = entries.order_by().values("generation_uid").annotate(last=Max("at"))
    return groups.order_by("-last", "generation_uid").values_list("generation_uid", flat=True)


def _line(month: Month, generation: Generation | None, entries: list[LedgerEntry]) -> Line:
    booked = [entry for entry in entries if month.first <= entry.booked_on < month.after]
    is_open = not any(entry.kind in ENDS for entry in entries)
    reserved = _sum(entry for entry in booked if entry.kind == Kind.HOLD and is_open)
    is_unclear = generation is not None and generation.charge == Charge.UNCLEAR
    return Line(
        generation=generation,
        entries=tuple(entries),
        held=Spent() if is_unclear else reserved,
        charged=_sum(entry for entry in booked if entry.kind in SPENT),
        given_back=_sum(entry for entry in booked if entry.kind == Kind.RELEASE),
        unclear=reserved if is_unclear else Spent(),
    )


def _sum(entries: Iterable[LedgerEntry]) -> Spent:
    each = (Spent(one.studio_amount, (Money(one.amount, one.currency),)) for one in entries)
    return sum(each, Spent(Decimal(0)))
