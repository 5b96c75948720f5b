"""A page of the shelf, found from where the one before ended; the last is as quick as the first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from studio.generations.models import Generation, GenerationQuerySet

PAGE = 48
MOST_COUNTED = 1000
CURSOR = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """`after` is what to ask for next; empty when this was all."""

    generations: list[Generation]
    after: str


@dataclass(frozen=True)
class Count:
    """How many there are, counted no further than anybody reads."""

    number: int

    @property
    def is_capped(self) -> bool:
        return self.number > MOST_COUNTED

    @property
    def shown(self) -> int:
        return min(self.number, MOST_COUNTED)


def page(rows: GenerationQuerySet, after: str = "") -> Page:
    """At most 48, the newest first. A cursor that means nothing starts at the beginning."""
    found = list(_beyond(rows, after).for_show().order_by("-created_at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, _cursor(shown[-1]) if len(found) > PAGE else "")


def count(rows: GenerationQuerySet) -> Count:
    return Count(rows.order_by()[: MOST_COUNTED + 1].count())


def _cursor(last: Generation) -> str:
    """Whole microseconds: a float would lose some, and with them a clip."""
    return f"{(last.created_at - EPOCH) // timedelta(microseconds=1)}-{last.pk}"


def _beyond(rows: GenerationQuerySet, after: str) -> GenerationQuerySet:
    found = CURSOR.fullmatch(after)
    if not found:
        return rows
    then = EPOCH + timedelta(microseconds=int(found[1]))
    same = Q(created_at=then, pk__lt=int(found[2]))
    return rows.filter(Q(created_at__lt=then) | same)
