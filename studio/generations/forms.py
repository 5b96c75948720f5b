"""From the Create form to the briefs that it means: one, or one of each picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets.models import Asset
from studio.catalogue import promises, rules, shapes
from studio.catalogue.specs import ModelSpec, Value
from studio.catalogue.styles import Style
from studio.generations import styles
from studio.generations.briefs import (
    Brief,
    Input,
    Problem,
    Refused,
    as_problem,
    check_all,
    find_model,
    find_pictures,
)
from studio.generations.entry import Entry
from studio.generations.ways import LEAST_EACH, MOST_EACH, Way


def briefs(person: User, entry: Entry) -> tuple[Brief, ...]:
    """Raises `Refused` where the entry names what is not there or not theirs."""
    spec = find_model(entry.model)
    try:
        given = settings_of(entry, spec)
    except rules.Unreadable as error:
        raise Refused([as_problem(error.fault)]) from error
    found = find_pictures(person, entry.uids)
    assets = {asset.uid: asset for asset in found}
    made = tuple(_briefs(spec, entry, assets, styles.find(entry.style), given))
    if list(_wrong_number(entry, len(found))):
        raise Refused(check_sketches(entry, made))
    return made


def sketched(person: User, entry: Entry) -> tuple[Brief, ...]:
    """As `briefs`, forgiving about the model's settings: for what another model is to make."""
    spec = find_model(entry.model)
    assets = {asset.uid: asset for asset in find_pictures(person, entry.uids)}
    made = sketches(spec, entry, assets, styles.find(entry.style))
    wrong = list(_wrong_number(entry, len(assets)))
    if wrong:
        raise Refused(wrong)
    return made


def sketches(
    spec: ModelSpec, entry: Entry, assets: Mapping[str, Asset], style: Style
) -> tuple[Brief, ...]:
    """What the entry means for `spec` so far, at least one brief: nothing is refused, and what
    does not fit falls away.
    """
    return tuple(_briefs(spec, entry, assets, style, _fitting(spec, entry)))


def check_sketches(entry: Entry, made: Sequence[Brief]) -> list[Problem]:
    """Everything wrong with what the entry means, each thing once."""
    mistyped = list(_mistyped(entry, made[0].spec))
    if entry.way != Way.EACH:
        return [*check_all(made), *mistyped]
    pictures = sum(len(brief.inputs) for brief in made)
    missing = list(_wrong_number(entry, pictures))
    # A lone empty brief only says once more that pictures are missing.
    rest = [p for p in check_all(made) if p.code != "missing_picture"]
    return [*missing, *rest, *mistyped]


def find_project(person: User, entry: Entry) -> Project:
    """Raises `Refused`: not theirs to order in, and not there, are the same answer."""
    found = Project.objects.orderable_by(person).filter(uid=entry.project).first()
    if found is None:
        raise Refused([Problem("project", "no_project", _("Project not found."))])
    return found


def _wrong_number(entry: Entry, pictures: int) -> Iterator[Problem]:
    if entry.way != Way.EACH or LEAST_EACH <= pictures <= MOST_EACH:
        return
    code = "too_many_pictures" if pictures > MOST_EACH else "number_of_pictures"
    message = _("Please add %(least)s to %(most)s pictures; there are %(given)s.")
    shown = {"least": LEAST_EACH, "most": MOST_EACH, "given": pictures}
    yield Problem("each", code, message % shown)


def _mistyped(entry: Entry, spec: ModelSpec) -> Iterator[Problem]:
    """What was written into a field by hand; a choice that this model lacks only falls away."""
    for parameter in spec.parameters_in(entry.mode):
        text = "" if parameter.values else entry.settings.get(parameter.name, "")
        if not text:
            continue
        try:
            given = {parameter.name: rules.parse(spec, parameter.name, text)}
        except rules.Unreadable as error:
            yield as_problem(error.fault)
        else:
            yield from map(as_problem, rules.check_parameters(spec, entry.mode, given))


# ── Settings ──────────────────────────────────────────────────────────────────────────────────


def settings_of(entry: Entry, spec: ModelSpec) -> dict[str, Value]:
    """What the entry says of this model's own settings; what belongs to another is left out."""
    given: dict[str, Value] = {}
    for parameter in spec.parameters_in(entry.mode):
        text = entry.settings.get(parameter.name, "")
        if text:
            given[parameter.name] = rules.parse(spec, parameter.name, text)
    return given


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


# ── Briefs ────────────────────────────────────────────────────────────────────────────────────


def _briefs(
    spec: ModelSpec,
    entry: Entry,
    assets: Mapping[str, Asset],
    style: Style,
    given: Mapping[str, Value],
) -> Iterator[Brief]:
    wanted = dict(given) | _asked_elsewhere(spec, entry, style)
    bare = Brief(
        spec=spec,
        mode=entry.mode,
        prompt=entry.prompt,
        parameters=promises.complete(spec, entry.mode, wanted),
        style=style.key,
        style_words=styles.words(style, spec, entry.mode, entry.prompt, entry.style_words),
        shape=entry.shape,
    )
    yield from (replace(bare, inputs=inputs) for inputs in _inputs(entry, assets))


def _asked_elsewhere(spec: ModelSpec, entry: Entry, style: Style) -> dict[str, Value]:
    """The model's fields for which the form has a place of its own: shape and style."""
    shaped = entry.shape in shapes.asked(spec, entry.mode)
    shape: dict[str, Value] = {shapes.FIELD: entry.shape} if shaped else {}
    return shape | styles.setting(style, spec, entry.mode)


def _inputs(entry: Entry, assets: Mapping[str, Asset]) -> Iterator[tuple[Input, ...]]:
    """The pictures of each brief."""
    placed = [
        (place, Input(place.role, assets[uid]))
        for place in entry.places
        for uid in entry.pictures.get(place, ())
        if uid in assets
    ]
    if entry.way == Way.EACH and placed:
        yield from ((given,) for _place, given in placed)
    else:
        yield tuple(given for _place, given in placed)
