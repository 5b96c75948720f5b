"""What lies on the Create screen: slots, models, settings, price, and what is still missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets.models import Asset
from studio.catalogue import shapes
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice
from studio.catalogue.specs import ModelSpec
from studio.catalogue.styles import Style
from studio.generations import animatics, orders, styles, words
from studio.generations.briefs import MOST_TAKES, Brief, Problem
from studio.generations.entry import Entry
from studio.generations.fields import Choice, Setting, setting
from studio.generations.forms import check_sketches, sketches
from studio.generations.offers import UNFINISHED, Offer, length, offers, size
from studio.generations.quotes import Quote, quote
from studio.generations.starters import STARTERS, Starter
from studio.generations.switched import switched_off
from studio.generations.ways import LEAST_EACH, MOST_EACH, Place, Way
from studio.scheduling import seats, switches


@dataclass(frozen=True)
class Slot:
    """A place for one picture; `asset` None while it is empty."""

    place: Place
    word: str
    asset: Asset | None
    problem: Problem | None


@dataclass(frozen=True)
class Kept:
    place: Place
    uid: str


@dataclass(frozen=True)
class Desk:
    """Everything that the Create screen draws. `is_refused`: an order of it was."""

    entry: Entry
    spec: ModelSpec
    briefs: tuple[Brief, ...]
    style: Style
    assets: Mapping[str, Asset]
    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]
    is_refused: bool
    # The models that this person may not order.
    off: frozenset[str] = frozenset()

    @property
    def brief(self) -> Brief:
        """The first of them; they differ in nothing but their pictures."""
        return self.briefs[0]

    @property
    def clips(self) -> int:
        """How many clips one press makes."""
        return len(self.briefs) * self.entry.takes

    @cached_property
    def ways(self) -> tuple[Choice, ...]:
        return tuple(Choice(w, str(words.WAYS[w]), w == self.entry.way) for w in Way)

    @cached_property
    def takes(self) -> tuple[Choice, ...]:
        counts = range(1, MOST_TAKES + 1)
        return tuple(Choice(str(n), str(n), n == self.entry.takes) for n in counts)

    # ── Pictures ──────────────────────────────────────────────────────────────────────────────

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """One per picture, and an empty one where another is wanted or possible."""
        return tuple(slot for place in self.entry.places for slot in self._slots(place))

    @cached_property
    def shown(self) -> tuple[Slot, ...]:
        """The slots that hold a picture."""
        return tuple(slot for slot in self.slots if slot.asset)

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        """The pictures of the other ways, which come back when the way does."""
        others = [place for place in Place if place not in self.entry.places]
        return tuple(Kept(p, u) for p in others for u in self.entry.pictures.get(p, ()))

    def _slots(self, place: Place) -> Iterable[Slot]:
        word = str(words.PLACES[place])
        placed = [self.assets[u] for u in self.entry.pictures.get(place, ()) if u in self.assets]
        room = len(placed) < self._most(place)
        for number, asset in enumerate([*placed, *([None] if room else [])], start=1):
            numbered = f"{word} {number}" if place.holds_many else word
            named = _("Add pictures") if place is Place.EACH and asset is None else numbered
            yield Slot(place, named, asset, self._problem_of(place, number, asset))

    def _most(self, place: Place) -> int:
        if place is Place.EACH:
            return MOST_EACH
        rule = self.spec.pictures.get(self.entry.mode)
        return rule.maximum if rule and place.holds_many else 1

    def _problem_of(self, place: Place, number: int, asset: Asset | None) -> Problem | None:
        """What is wrong with this picture; what concerns the place is said at its first slot."""
        for problem in self.shown_problems:
            of_this = asset is not None and problem.picture == asset.uid
            of_all = number == 1 and not problem.picture and problem.field == place
            if of_this or of_all:
                return problem
        return None

    @property
    def least_each(self) -> int:
        return LEAST_EACH

    @property
    def most_each(self) -> int:
        return MOST_EACH

    # ── Shape and style ───────────────────────────────────────────────────────────────────────

    @cached_property
    def shapes(self) -> tuple[Choice, ...]:
        """Empty where neither the model nor the picture has a say in it."""
        asked = shapes.asked(self.spec, self.entry.mode)
        if asked:
            now = self.brief.parameters.get(shapes.FIELD)
            return tuple(Choice(shape, shape, shape == now) for shape in asked)
        if not self.brief.promise.follows_picture:
            return ()
        common = [shape for shape in shapes.COMMON if shape != self.entry.shape]
        wanted = [self.entry.shape] if self.entry.shape else []
        listed = sorted({*common, *wanted}, key=lambda shape: -shapes.ratio(shape))
        as_picture = Choice("", _("As picture"), not self.entry.shape)
        return (as_picture, *(Choice(s, s, s == self.entry.shape) for s in listed))

    @cached_property
    def styles(self) -> tuple[Style, ...]:
        return styles.styles()

    @property
    def words_beside_prompt(self) -> int:
        """How many characters the style adds to the prompt, for the counter on the page."""
        return len(self.brief.sent_prompt) - len(self.entry.prompt)

    @property
    def starters(self) -> tuple[Starter, ...]:
        return STARTERS

    @property
    def style_adds_words(self) -> bool:
        return styles.adds_words(self.style, self.spec, self.entry.mode)

    # ── Settings ──────────────────────────────────────────────────────────────────────────────

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The fields of the model; shape and style have places of their own."""
        typed, at = self.entry.settings, self.problem_at
        return tuple(
            setting(p, self.brief, typed.get(p.name, ""), at.get(p.name))
            for p in self.spec.parameters_in(self.entry.mode)
            if p.name not in words.ASKED_ELSEWHERE
        )

    @property
    def choices(self) -> tuple[Setting, ...]:
        return tuple(field for field in self.settings if not field.is_fact)

    @property
    def has_bad_setting(self) -> bool:
        return any(field.problem for field in self.settings)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """What is so and cannot be chosen: settings with one value, and what the maker promises."""
        fixed = [field.shown for field in self.settings if field.is_fact and field.shown]
        fps = self.brief.promise.fps
        rate = _("%(n)s fps") % {"n": fps} if fps else ""
        promised = (length(self.brief), size(self.brief), rate)
        chosen = {field.shown.casefold() for field in self.choices}
        said = dict.fromkeys(filter(None, (*promised, *fixed)))
        return tuple(fact for fact in said if fact.casefold() not in chosen)

    # ── Models and money ──────────────────────────────────────────────────────────────────────

    @cached_property
    def is_connected(self) -> bool:
        return self.spec.provider in seats.connected()

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The connected models first."""
        return offers(self.entry, self.assets, self.style, self.off)

    @property
    def connected_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.is_connected)

    @property
    def other_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if not offer.is_connected)

    @cached_property
    def quote(self) -> Quote | None:
        try:
            return quote(self.brief, self.clips)
        except NoPrice:
            return None

    @cached_property
    def animatic(self) -> str:
        """Why the free animatic of this brief cannot be made yet; empty: it can."""
        if not self.projects:
            return _("You may view here but not order.")
        problems = check_sketches(self.entry, animatics.of_all(self.briefs, self.entry.slate))
        return problems[0].message if problems else ""

    # ── Problems ──────────────────────────────────────────────────────────────────────────────

    @cached_property
    def shown_problems(self) -> tuple[Problem, ...]:
        """What is unfinished is no fault until the button was pressed."""
        return tuple(p for p in self.problems if self.is_refused or p.code not in UNFINISHED)

    @cached_property
    def problem_at(self) -> dict[str, Problem]:
        """The first problem at each field that is no single picture."""
        of_fields = [p for p in self.shown_problems if not p.picture]
        return {problem.field: problem for problem in reversed(of_fields)}

    @cached_property
    def missing(self) -> str:
        """What still stands between this brief and its clip, in one line; empty: nothing."""
        if not self.projects:
            return _("You may view here but not order.")
        if self.quote is None:
            return _("There is no price for these settings, so it cannot be ordered.")
        if self.problems:
            return self.problems[0].message
        if self.spec.key in self.off:
            return switched_off().message
        return "" if self.is_connected else orders.not_connected(self.spec).message


def lay(person: User, entry: Entry, refusals: Iterable[Problem] = ()) -> Desk:
    """The desk for what was typed. `refusals` are the problems of an order that was refused."""
    refused = tuple(refusals)
    assets = _assets(person, entry)
    projects = tuple(Project.objects.orderable_by(person))
    spec = _spec(entry)
    entry = replace(entry.with_model(spec.key), project=_project(entry, person, projects))
    style = styles.find(entry.style)
    made = sketches(spec, entry, assets, style)
    problems = refused or tuple(check_sketches(entry, made))
    off = switches.off_for(person)
    return Desk(entry, spec, made, style, assets, projects, problems, bool(refused), off)


def _assets(person: User, entry: Entry) -> dict[str, Asset]:
    wanted = [uid for uids in entry.pictures.values() for uid in uids]
    found = Asset.objects.visible_to(person).shelved().filter(uid__in=wanted)
    return {asset.uid: asset for asset in found.select_related("master", "made_from")}


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
