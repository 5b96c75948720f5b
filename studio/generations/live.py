"""What is under way for one person: the tray on every page, and the cards that changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from studio.accounts.models import User
from studio.generations.awake import Vigil, vigil
from studio.generations.models import Generation, GenerationQuerySet
from studio.generations.states import FINAL, State

# The tray is a glance, not a list; the gallery has the rest.
MOST_SHOWN = 12


@dataclass(frozen=True)
class Tray:
    """The person's own jobs: under way, and ended since they last looked."""

    under_way: tuple[Generation, ...]
    under_way_count: int
    ended: tuple[Generation, ...]
    vigil: Vigil | None = None

    @property
    def done_count(self) -> int:
        return sum(generation.state == State.SUCCEEDED for generation in self.ended)


def tray(person: User, looked_at: datetime) -> Tray:
    own = Generation.objects.filter(person=person).shelved().for_show()
    under_way = own.under_way()
    ended = own.filter(state__in=FINAL, finished_at__gt=looked_at).order_by("-finished_at")
    return Tray(
        under_way=tuple(under_way.order_by("created_at")[:MOST_SHOWN]),
        under_way_count=under_way.count(),
        ended=tuple(ended[:MOST_SHOWN]),
        vigil=vigil(Q(person=person)),
    )


def changed(person: User, seen: Iterable[tuple[str, int]]) -> GenerationQuerySet:
    """Of the generations on the page (uid, version seen), those that moved or are moving."""
    versions = dict(seen)
    rows = Generation.objects.visible_to(person).filter(uid__in=versions)
    moved = [row.pk for row in rows if row.version != versions[row.uid] or not row.is_final]
    return rows.filter(pk__in=moved).for_show().prefetch_related("attempts")
