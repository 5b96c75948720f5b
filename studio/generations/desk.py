"""What lies on the Create screen: slots, models, settings, price, and what is still missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets.models import Asset
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice
from studio.catalogue.specs import Mode, ModelSpec, Role
from studio.catalogue.words import MODES
from studio.generations import words
from studio.generations.briefs import MOST_TAKES, Brief, Problem, check
from studio.generations.fields import Choice, Setting, setting
from studio.generations.forms import Entry, sketch
from studio.generations.offers import UNFINISHED, Offer, length, offers, size
from studio.generations.quotes import Quote, quote
from studio.scheduling import seats

# In the order in which people think of them.
ORDER = (Mode.IMAGE, Mode.START_END, Mode.REFERENCE, Mode.TEXT)


@dataclass(frozen=True)
class Slot:
    """A place for one picture; `asset` None while it is empty."""

    role: Role
    word: str
    asset: Asset | None
    problem: str


@dataclass(frozen=True)
class Kept:
    role: Role
    uid: str


@dataclass(frozen=True)
class Desk:
    """Everything that the Create screen draws. `is_refused`: an order of it was."""

    entry: Entry
    spec: ModelSpec
    brief: Brief
    assets: Mapping[str, Asset]
    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]
    is_refused: bool

    @cached_property
    def modes(self) -> tuple[Choice, ...]:
        return tuple(Choice(m, _(MODES[m]), m == self.entry.mode) for m in ORDER)

    @cached_property
    def takes(self) -> tuple[Choice, ...]:
        counts = range(1, MOST_TAKES + 1)
        return tuple(Choice(str(n), str(n), n == self.entry.takes) for n in counts)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """One per picture, and an empty one where another is wanted or possible."""
        return tuple(slot for role in self.entry.roles for slot in self._slots(role))

    @cached_property
    def shown(self) -> tuple[Slot, ...]:
        """The slots that hold a picture."""
        return tuple(slot for slot in self.slots if slot.asset)

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        """The pictures of the other modes, which come back when the mode does."""
        others = [role for role in Role if role not in self.entry.roles]
        return tuple(Kept(r, u) for r in others for u in self.entry.pictures.get(r, ()))

    def _slots(self, role: Role) -> Iterable[Slot]:
        word, problem = str(words.ROLES[role]), self.problem_at.get(role, "")
        placed = [self.assets[u] for u in self.entry.pictures.get(role, ()) if u in self.assets]
        most = self._most_references if role == Role.REFERENCE else 1
        for number, asset in enumerate([*placed, None][:most], start=1):
            numbered = f"{word} {number}" if role == Role.REFERENCE else word
            yield Slot(role, numbered, asset, problem if number == 1 else "")

    @property
    def _most_references(self) -> int:
        rule = self.spec.pictures.get(self.entry.mode)
        return rule.maximum if rule else 1

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        typed, at = self.entry.settings, self.problem_at
        return tuple(
            setting(p, self.brief, typed.get(p.name, ""), at.get(p.name, ""))
            for p in self.spec.parameters_in(self.entry.mode)
        )

    @property
    def has_bad_setting(self) -> bool:
        return any(field.problem for field in self.settings)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """What the maker promises, as far as no field above says it."""
        fps = self.brief.promise.fps
        rate = _("%(n)s fps") % {"n": fps} if fps else ""
        return tuple(filter(None, (length(self.brief), size(self.brief), rate)))

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The connected models first."""
        return offers(self.entry, self.assets)

    @property
    def connected_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.is_connected)

    @property
    def other_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if not offer.is_connected)

    @cached_property
    def quote(self) -> Quote | None:
        try:
            return quote(self.brief, self.entry.takes)
        except NoPrice:
            return None

    @cached_property
    def problem_at(self) -> dict[str, str]:
        """The message to show at each field; what is unfinished is no fault until pressed."""
        shown = [p for p in self.problems if self.is_refused or p.code not in UNFINISHED]
        return {problem.field: problem.message for problem in reversed(shown)}

    @cached_property
    def missing(self) -> str:
        """What still stands between this brief and its clip, in one line; empty: nothing."""
        if not self.projects:
            return _("You may view here but not order.")
        if self.quote is None:
            return _("There is no price for these settings, so it cannot be ordered.")
        return self.problems[0].message if self.problems else ""


def lay(person: User, entry: Entry, refusals: Iterable[Problem] = ()) -> Desk:
    """The desk for what was typed. `refusals` are the problems of an order that was refused."""
    refused = tuple(refusals)
    assets = _assets(person, entry)
    projects = tuple(Project.objects.orderable_by(person))
    spec = _spec(entry)
    entry = replace(entry, model=spec.key, project=_project(entry, person, projects))
    there = sketch(spec, entry, assets)
    problems = refused or tuple(check(there))
    return Desk(entry, spec, there, assets, projects, problems, bool(refused))


def _assets(person: User, entry: Entry) -> dict[str, Asset]:
    wanted = [uid for uids in entry.pictures.values() for uid in uids]
    found = Asset.objects.visible_to(person).shelved().filter(uid__in=wanted)
    return {asset.uid: asset for asset in found.select_related("master")}


def _spec(entry: Entry) -> ModelSpec:
    """The chosen model, as long as it can do this; else the local one, else the first."""
    models = catalogue().models
    chosen = models.get(entry.model)
    if chosen and entry.mode in chosen.modes:
        return chosen
    fitting = [spec for spec in models.values() if entry.mode in spec.modes]
    return next((spec for spec in fitting if spec.provider == seats.LOCAL), fitting[0])


def _project(entry: Entry, person: User, projects: tuple[Project, ...]) -> str:
    uids = [project.uid for project in projects]
    if entry.project in uids or not uids:
        return entry.project
    own = [project.uid for project in projects if project.personal_of_id == person.pk]
    return str([*own, *uids][0])
