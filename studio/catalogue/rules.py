"""May these settings be ordered? Pure checks of what a person gave against what the model takes.

A fault says what is wrong in English with named places for the figures; whoever shows it
translates `message` and then fills in `params`.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from studio.catalogue.promises import complete
from studio.catalogue.specs import Mode, ModelSpec, Parameter, Value, Values
from studio.catalogue.words import gettext_noop


@dataclass(frozen=True)
class Fault:
    """`field` is a parameter's name, "prompt", "pictures", or the role of a picture.

    `number` is the picture's place among those of the brief, where one alone is at fault.
    """

    field: str
    code: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    number: int | None = None

    def __str__(self) -> str:
        return self.message % self.params


class Unreadable(ValueError):
    """A text that is no value of the parameter."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


KINDS: dict[str, type] = {"integer": int, "string": str, "boolean": bool, "text": str}

# ASCII only and nothing clever: "-5", "1_000", "٣", "5.5", "1e400" are not what anybody meant.
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,9}")
_BOOLEANS: dict[str, Value] = {"true": True, "false": False}


def parse(spec: ModelSpec, name: str, text: str) -> Value:
    """The value that a form or a shell means by `text`. Raises Unreadable.

    Says nothing about whether the value is allowed: that is for `check_parameters`.
    """
    parameter = spec.parameter(name)
    if parameter is None:
        raise Unreadable(_unknown(spec, name))
    if parameter.kind == "integer" and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if parameter.kind == "boolean" and text in _BOOLEANS:
        return _BOOLEANS[text]
    if parameter.kind in ("string", "text"):
        return text
    raise Unreadable(_not_allowed(parameter, text))


def check_parameters(spec: ModelSpec, mode: Mode, values: Values) -> list[Fault]:
    """Every parameter that the model does not take, or not so, or not beside the others."""
    given = complete(spec, mode, values)
    taken = {p.name: p for p in spec.parameters_in(mode)}
    faults = []
    for name, value in values.items():
        fault = (
            _parameter_fault(taken[name], value, given) if name in taken else _unknown(spec, name)
        )
        faults += [fault] if fault else []
    return faults


def _parameter_fault(parameter: Parameter, value: Value, given: Values) -> Fault | None:
    if not _is_allowed(parameter, value):
        return _not_allowed(parameter, value)
    limit = parameter.broken_limit(value, given)
    if limit is None:
        return None
    message = gettext_noop("%(name)s cannot be %(value)s here. %(reason)s")
    shown = {"name": parameter.name, "value": spell(value), "reason": limit.reason}
    return Fault(parameter.name, "combination", message, shown)


def _is_allowed(parameter: Parameter, value: Value) -> bool:
    # By exact type: to Python True is also the number 1.
    if type(value) is not KINDS[parameter.kind]:
        return False
    if parameter.kind == "text":
        return len(str(value)) <= (parameter.maximum or 0)
    if parameter.minimum is not None and parameter.maximum is not None:
        return isinstance(value, int) and parameter.minimum <= value <= parameter.maximum
    return value in parameter.values


def _not_allowed(parameter: Parameter, value: object) -> Fault:
    shown: dict[str, object] = {"name": parameter.name, "value": _short(value)}
    if parameter.kind == "text":
        shown |= {"given": len(str(value)), "maximum": parameter.maximum}
        message = gettext_noop("%(name)s is too long: %(given)s of %(maximum)s characters.")
    elif parameter.maximum is not None:
        shown |= {"minimum": parameter.minimum, "maximum": parameter.maximum}
        message = gettext_noop(
            "%(name)s cannot be %(value)s: give a whole number from %(minimum)s to %(maximum)s."
        )
    else:
        shown["allowed"] = ", ".join(spell(choice) for choice in parameter.values)
        message = gettext_noop("%(name)s cannot be %(value)s: choose from %(allowed)s.")
    return Fault(parameter.name, "not_allowed", message, shown)


def _unknown(spec: ModelSpec, name: str) -> Fault:
    if spec.parameter(name):
        message = gettext_noop("%(name)s does not belong to what this model does here.")
        return Fault(name, "other_mode", message, {"name": name})
    message = gettext_noop("This model has no setting %(name)s; it has %(known)s.")
    known = ", ".join(p.name for p in spec.parameters)
    return Fault(name, "unknown_parameter", message, {"name": _short(name), "known": known})


def spell(value: Value) -> str:
    """As the vendor and our forms write it: true, 4, 720p."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(value: object) -> str:
    text = spell(value) if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"
