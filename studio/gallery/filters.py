"""Which clips to look at, as the address says it. A value that means nothing finds nothing."""

from dataclasses import dataclass, fields

from django.db.models import Q
from django.http import QueryDict

from studio.accounts.models import User
from studio.catalogue.load import catalogue
from studio.generations.models import Generation, GenerationQuerySet
from studio.generations.states import FINAL, State

UNDER_WAY = frozenset(State) - FINAL - {State.UNKNOWN}
# What people ask for, rather than ten states.
STATES: dict[str, frozenset[State]] = {
    "ready": frozenset({State.SUCCEEDED}),
    "under-way": UNDER_WAY,
    "unsettled": frozenset({State.UNKNOWN, State.LOST}),
    "failed": frozenset({State.FAILED}),
    "cancelled": frozenset({State.CANCELLED}),
}
# Cancelled work left nothing to look at; it shows when it is asked for.
USUAL = frozenset(State) - {State.CANCELLED}
STARS = ("1", "2", "3", "4", "5")
MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Filters:
    """Empty means no limit. `show`: "", "rejected" (them as well) or "trash"."""

    project: str = ""
    person: str = ""
    model: str = ""
    state: str = ""
    stars: str = ""
    tag: str = ""
    price: str = ""
    brief: str = ""
    show: str = ""
    q: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        names = [field.name for field in fields(cls)]
        return cls(**{n: query.get(n, "").replace("\x00", "")[:MOST_CHARACTERS] for n in names})

    @property
    def given(self) -> dict[str, str]:
        pairs = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in pairs.items() if value}


def shelf(person: User, filters: Filters) -> GenerationQuerySet:
    """The clips that `person` may see and the filters let through, newest first."""
    rows = Generation.objects.visible_to(person).filter(_shown(filters) & _stated(filters))
    if not _makes_sense(filters):
        return rows.none()
    exact = {"project": "project__uid", "person": "person__uid", "model": "model"}
    for name, lookup in exact.items():
        if getattr(filters, name):
            rows = rows.filter(**{lookup: getattr(filters, name)})
    if filters.tag:
        rows = rows.filter(tags__name=filters.tag).distinct()
    if filters.stars:
        rows = rows.filter(stars__gte=int(filters.stars))
    if filters.brief:
        rows = rows.filter(is_off_brief=True)
    if filters.price:
        rows = rows.filter(_free() if filters.price == "free" else ~_free())
    for word in filters.q.split():
        rows = rows.filter(prompt__icontains=word)
    return rows


def _shown(filters: Filters) -> Q:
    if filters.show == "trash":
        return Q(deleted_at__isnull=False)
    kept = Q(deleted_at=None)
    return kept if filters.show == "rejected" else kept & Q(is_rejected=False)


def _stated(filters: Filters) -> Q:
    if filters.show == "trash" and not filters.state:
        return Q()
    return Q(state__in=STATES.get(filters.state, USUAL))


def _makes_sense(filters: Filters) -> bool:
    allowed: dict[str, tuple[str, ...]] = {
        "state": tuple(STATES),
        "stars": STARS,
        "price": ("free", "paid"),
        "brief": ("off",),
        "show": ("rejected", "trash"),
    }
    return all(getattr(filters, name) in ("", *values) for name, values in allowed.items())


def _free() -> Q:
    """Made here. Asked by the provider, so that a price of nothing is not mistaken for ours."""
    ours = Q()
    for provider in catalogue().providers:
        if provider.free:
            ours |= Q(model__startswith=f"{provider.key}/")
    return ours
