"""What the filters of the gallery offer to this person."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.catalogue.load import catalogue
from studio.gallery.filters import STARS, Filters
from studio.generations.models import Generation, Tag

NEWEST = 1000


@dataclass(frozen=True)
class Option:
    value: str
    word: str
    is_current: bool


@dataclass(frozen=True)
class Choice:
    """One filter. With nothing to choose from it is not shown; one option is a switch."""

    name: str
    word: str
    options: tuple[Option, ...]

    @property
    def is_switch(self) -> bool:
        return len(self.options) == 1


def choices(person: User, filters: Filters) -> tuple[Choice, ...]:
    every = (
        ("project", _("Project"), _projects(person)),
        ("person", _("Person"), _people(person)),
        ("model", _("Model"), _models(person)),
        ("state", _("State"), _states()),
        ("stars", _("Stars"), _stars()),
        ("tag", _("Tag"), _tags(person)),
        ("price", _("Price"), {"free": _("Free"), "paid": _("Paid")}),
        ("show", _("Show"), {"rejected": _("With rejected"), "trash": _("Trash")}),
        ("brief", _("Off brief"), {"off": _("Off brief")}),
    )
    return tuple(
        Choice(name, word, _options(words, getattr(filters, name)))
        for name, word, words in every
        if words
    )


def _options(words: dict[str, str], current: str) -> tuple[Option, ...]:
    return tuple(Option(value, word, value == current) for value, word in words.items())


def _projects(person: User) -> dict[str, str]:
    return _several({p.uid: str(p) for p in Project.objects.visible_to(person)})


def _people(person: User) -> dict[str, str]:
    mine = Project.objects.visible_to(person)
    people = User.objects.filter(memberships__project__in=mine).distinct().order_by("name", "email")
    return _several({user.uid: str(user) for user in people})


def _tags(person: User) -> dict[str, str]:
    tags = Tag.objects.filter(project__in=Project.objects.visible_to(person))
    return {name: name for name in tags.values_list("name", flat=True).distinct()}


def _models(person: User) -> dict[str, str]:
    """Those of the newest clips; the whole catalogue would be a list of what was never used."""
    newest = Generation.objects.visible_to(person).values_list("model", flat=True)[:NEWEST]
    used = set(newest)
    words = {
        spec.key: f"{provider.name} · {spec.name}"
        for provider in catalogue().providers
        for spec in provider.models
        if spec.key in used
    }
    return _several(words | {key: key for key in used - words.keys()})


def _states() -> dict[str, str]:
    return {
        "ready": _("Ready"),
        "under-way": _("Under way"),
        "failed": _("Failed"),
        "unsettled": _("Unknown or lost"),
        "cancelled": _("Cancelled"),
    }


def _stars() -> dict[str, str]:
    return {n: "★" * int(n) + ("" if n == STARS[-1] else " +") for n in STARS}


def _several(words: dict[str, str]) -> dict[str, str]:
    return words if len(words) > 1 else {}
