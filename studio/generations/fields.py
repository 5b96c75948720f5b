"""A model's parameters as fields of a form; one with a single allowed value is a fact."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.catalogue import rules
from studio.catalogue.specs import Mode, Parameter, Value
from studio.generations import words
from studio.generations.briefs import Brief, Problem
from studio.generations.entry import SETTING

ALWAYS = {SETTING + name for name in ("duration", "size", "resolution")}


@dataclass(frozen=True)
class Choice:
    value: str
    word: str
    is_current: bool


@dataclass(frozen=True)
class Setting:
    """`choices` empty: a whole number from `minimum` to `maximum`, or nothing; a text of at most
    `maximum` characters where `is_text`.
    """

    name: str
    word: str
    choices: tuple[Choice, ...]
    value: str
    minimum: int | None
    maximum: int | None
    is_text: bool
    problem: Problem | None
    is_usual: bool

    @property
    def is_fact(self) -> bool:
        return len(self.choices) == 1 and not self.problem

    @property
    def is_worth_a_chip(self) -> bool:
        """In the folded line: the length and the shape always, the rest where it is unusual."""
        return bool(self.shown) and (self.name in ALWAYS or not self.is_usual)

    @property
    def shown(self) -> str:
        return next((choice.word for choice in self.choices if choice.is_current), self.value)


def setting(parameter: Parameter, there: Brief, typed: str, problem: Problem | None) -> Setting:
    """The field for `parameter`. What was typed stays while it is wrong."""
    now = there.parameters.get(parameter.name)
    return Setting(
        name=f"{SETTING}{parameter.name}",
        word=words.parameter_word(parameter.name),
        choices=tuple(_choice(parameter, value, there) for value in _allowed(parameter, there)),
        value=typed if problem or now is None else rules.spell(now),
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        is_text=parameter.kind == "text",
        problem=problem,
        is_usual=now == parameter.default,
    )


def _allowed(parameter: Parameter, there: Brief) -> tuple[Value | None, ...]:
    """None stands for leaving the field out, where the model has no default for it."""
    others = {n: v for n, v in there.parameters.items() if n != parameter.name}
    allowed = parameter.choices(others)
    now = there.parameters.get(parameter.name)
    if now in parameter.values and now not in allowed:
        # Not beside the others: it stays to be seen until somebody mends it.
        allowed = (*allowed, now)
    is_optional = parameter.default is None and len(allowed) > 1
    return (None, *allowed) if is_optional else allowed


def _choice(parameter: Parameter, value: Value | None, there: Brief) -> Choice:
    now = there.parameters.get(parameter.name)
    if value is None:
        return Choice("", _("Up to the model"), now is None)
    return Choice(rules.spell(value), _word(parameter.name, value, there), value == now)


def _word(name: str, value: Value, there: Brief) -> str:
    without_pictures = there.mode == Mode.TEXT
    return (
        _("Standard") if value == "picture" and without_pictures else words.value_word(name, value)
    )
