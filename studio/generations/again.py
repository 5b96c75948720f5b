"""A clip's brief once more: as it was, or as it was but for one thing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from studio.accounts.models import User
from studio.catalogue import promises, rules
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice
from studio.catalogue.specs import Mode, ModelSpec, Parameter, Role, Value, Values
from studio.catalogue.styles import FIELD
from studio.generations import orders, styles, words
from studio.generations.briefs import Brief, Input, find_model
from studio.generations.models import Generation, Order, Origin
from studio.generations.quotes import Quote, quote

SEED = "seed"


def brief_of(generation: Generation) -> Brief:
    """Raises `Refused` where its model has left the catalogue."""
    spec = find_model(generation.model)
    inputs = generation.inputs.select_related("asset__master")
    return Brief(
        spec=spec,
        mode=Mode(generation.mode),
        prompt=generation.prompt,
        parameters=generation.parameters,
        inputs=tuple(Input(Role(given.role), given.asset) for given in inputs),
        style=generation.style,
        style_words=generation.style_words,
    )


def another(generation: Generation, person: User, form_key: str) -> Order:
    """Order the same once more; where the model has a seed, it draws a new one.

    Raises `Refused`.
    """
    wanted = _unseeded(brief_of(generation))
    return orders.place(
        person,
        generation.project,
        [wanted],
        takes=1,
        form_key=form_key,
        origin=Origin.ANOTHER,
    )


def has_seed(generation: Generation) -> bool:
    """Whether its model can be asked for a certain chance; else each take is another one."""
    spec = catalogue().models.get(generation.model)
    return bool(spec and spec.parameter(SEED))


def price(generation: Generation) -> Quote | None:
    """What another one costs today; None where it can no longer be had."""
    spec = catalogue().models.get(generation.model)
    if spec is None:
        return None
    bare = Brief(spec, Mode(generation.mode), "", generation.parameters)
    try:
        return quote(bare)
    except NoPrice:
        return None


def _unseeded(brief: Brief) -> Brief:
    given = {name: value for name, value in brief.parameters.items() if name != SEED}
    parameters = promises.complete(brief.spec, brief.mode, given)
    return replace(brief, parameters=parameters)


# ── One thing changed ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Other:
    """Another value of one setting; `query` is what the Create screen opens with."""

    word: str
    query: str


@dataclass(frozen=True)
class Variation:
    """One setting of a clip, what it was, and what else it might have been."""

    word: str
    now: str
    others: tuple[Other, ...]


def variations(generation: Generation) -> tuple[Variation, ...]:
    """Every setting of its model that has a choice, the style last."""
    spec = catalogue().models.get(generation.model)
    if spec is None:
        return ()
    mode, given = Mode(generation.mode), generation.parameters
    found = (_of_parameter(p, given) for p in spec.parameters_in(mode) if p.name != FIELD)
    return (*(v for v in found if v.others), *_of_style(generation, spec))


def _of_parameter(parameter: Parameter, given: Values) -> Variation:
    now = given.get(parameter.name)
    rest = {name: value for name, value in given.items() if name != parameter.name}
    others = (value for value in parameter.choices(rest) if value != now)
    return Variation(
        word=words.parameter_word(parameter.name),
        now="" if now is None else words.value_word(parameter.name, now),
        others=tuple(_other(parameter.name, value) for value in others),
    )


def _other(name: str, value: Value) -> Other:
    return Other(words.value_word(name, value), f"{name}:{rules.spell(value)}")


def _of_style(generation: Generation, spec: ModelSpec) -> Iterator[Variation]:
    if not spec.prompt.styled and not spec.parameter(FIELD):
        return
    now = generation.style or styles.of_value(generation.parameters.get(FIELD))
    listed = [(style.key, styles.name(style.key)) for style in styles.styles()]
    others = (Other(word, f"{FIELD}:{key}") for key, word in listed if key != now)
    yield Variation(_("Style"), styles.name(now) if now else _("None"), tuple(others))
