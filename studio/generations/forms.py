"""What stands in the Create form, right or wrong, and the brief that it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets.models import Asset
from studio.catalogue import promises, rules
from studio.catalogue.specs import ROLES, Mode, ModelSpec, Role, Value
from studio.generations.briefs import (
    Brief,
    Input,
    Problem,
    Refused,
    as_problem,
    find_model,
    find_pictures,
)
from studio.generations.models import Generation
from studio.lib import uid as uids

# Before the name of a setting, so that no vendor's spelling can meet one of our own fields.
SETTING = "set."
# Far above any seller's limit; what is longer is cut before anybody counts it.
MOST_CHARACTERS = 500_000
MOST_PICTURES = 50


@dataclass(frozen=True)
class Entry:
    """As typed: `pictures` are uids by role, `settings` texts in the vendor's spelling."""

    mode: Mode = Mode.IMAGE
    model: str = ""
    prompt: str = ""
    pictures: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    takes: int = 1
    project: str = ""

    @classmethod
    def from_post(cls, post: QueryDict) -> "Entry":
        names = [name for name in post if name.startswith(SETTING)]
        return cls(
            mode=_mode(post.get("mode")),
            model=_text(post.get("model")),
            prompt=_text(post.get("prompt"), MOST_CHARACTERS),
            pictures={role: _uids(post.getlist(role)) for role in Role},
            settings={n.removeprefix(SETTING): _text(post.get(n)) for n in names},
            takes=_number(post.get("takes")),
            project=uids.read(post.get("project")),
        )

    @classmethod
    def from_draft(cls, data: Mapping[str, Any]) -> "Entry":
        pictures = data.get("pictures", {})
        return cls(
            mode=_mode(data.get("mode")),
            model=data.get("model", ""),
            prompt=data.get("prompt", ""),
            pictures={role: tuple(pictures.get(role, ())) for role in Role},
            settings=data.get("settings", {}),
            takes=data.get("takes", 1),
            project=data.get("project", ""),
        )

    @classmethod
    def from_generation(cls, generation: Generation) -> "Entry":
        """The brief of a clip, to be used again."""
        inputs = list(generation.inputs.select_related("asset"))
        return cls(
            mode=Mode(generation.mode),
            model=generation.model,
            prompt=generation.prompt,
            pictures={r: tuple(i.asset.uid for i in inputs if i.role == r) for r in Role},
            settings={name: rules.spell(value) for name, value in generation.parameters.items()},
            project=generation.project.uid,
        )

    def as_draft(self) -> dict[str, Any]:
        return {
            "mode": self.mode,
            "model": self.model,
            "prompt": self.prompt,
            "pictures": {role: list(uids) for role, uids in self.pictures.items()},
            "settings": dict(self.settings),
            "takes": self.takes,
            "project": self.project,
        }

    def with_picture(self, role: Role, uid: str) -> "Entry":
        """A frame takes the place of the one that is there; a reference joins the others."""
        others = self.pictures.get(role, ()) if role == Role.REFERENCE else ()
        return self._with(role, (*(other for other in others if other != uid), uid))

    def begin_with(self, uid: str) -> "Entry":
        """The picture as start frame; in another mode than those with one, in the image mode."""
        mode = self.mode if Role.START in self.roles else Mode.IMAGE
        return replace(self, mode=mode).with_picture(Role.START, uid)

    def between(self, start: str, end: str) -> "Entry":
        mode = replace(self, mode=Mode.START_END)
        return mode.with_picture(Role.START, start).with_picture(Role.END, end)

    def without_picture(self, role: Role, uid: str) -> "Entry":
        return self._with(role, tuple(u for u in self.pictures.get(role, ()) if u != uid))

    def _with(self, role: Role, uids: tuple[str, ...]) -> "Entry":
        return replace(self, pictures={**self.pictures, role: tuple(filter(None, uids))})

    @property
    def roles(self) -> tuple[Role, ...]:
        return ROLES[self.mode]

    @property
    def uids(self) -> list[str]:
        """The pictures that count in this mode, in the order of their roles."""
        return [uid for role in self.roles for uid in self.pictures.get(role, ())]


def settings_of(entry: Entry, spec: ModelSpec) -> dict[str, Value]:
    """What the entry says of this model's own settings; what belongs to another is left out."""
    given: dict[str, Value] = {}
    for parameter in spec.parameters_in(entry.mode):
        text = entry.settings.get(parameter.name, "")
        if text:
            given[parameter.name] = rules.parse(spec, parameter.name, text)
    return given


def brief(person: User, entry: Entry) -> Brief:
    """Raises `Refused` where the entry names what is not there or not theirs."""
    spec = find_model(entry.model)
    try:
        given = settings_of(entry, spec)
    except rules.Unreadable as error:
        raise Refused([as_problem(error.fault)]) from error
    assets = iter(find_pictures(person, entry.uids))
    counted = [(role, next(assets)) for role in entry.roles for _uid in entry.pictures[role]]
    return Brief(
        spec=spec,
        mode=entry.mode,
        prompt=entry.prompt,
        parameters=promises.complete(spec, entry.mode, given),
        inputs=tuple(Input(role, asset) for role, asset in counted),
    )


def sketch(spec: ModelSpec, entry: Entry, assets: Mapping[str, Asset]) -> Brief:
    """What the entry means for `spec` so far: nothing is refused, what does not fit falls away."""
    found = [(r, assets[u]) for r in entry.roles for u in entry.pictures.get(r, ()) if u in assets]
    return Brief(
        spec=spec,
        mode=entry.mode,
        prompt=entry.prompt,
        parameters=promises.complete(spec, entry.mode, _fitting(spec, entry)),
        inputs=tuple(Input(role, asset) for role, asset in found),
    )


def _fitting(spec: ModelSpec, entry: Entry) -> dict[str, Value]:
    fitting: dict[str, Value] = {}
    for name, text in entry.settings.items():
        one = replace(entry, settings={name: text})
        try:
            given = settings_of(one, spec)
        except rules.Unreadable:
            continue
        if not rules.check_parameters(spec, entry.mode, given):
            fitting |= given
    return fitting


def find_project(person: User, entry: Entry) -> Project:
    """Raises `Refused`: not theirs to order in, and not there, are the same answer."""
    found = Project.objects.orderable_by(person).filter(uid=entry.project).first()
    if found is None:
        raise Refused([Problem("project", "no_project", _("Project not found."))])
    return found


def _mode(value: str | None) -> Mode:
    return Mode(value) if value in set(Mode) else Mode.IMAGE


def _text(value: str | None, most: int = 200) -> str:
    """Without NUL, which no database takes; lines end as people count them, in one character."""
    return (value or "").replace("\x00", "").replace("\r\n", "\n")[:most]


def _uids(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(uids.read, values))))[:MOST_PICTURES]


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 4 else 0
