"""May this brief be ordered? Pure checks of what a person gave against what the model takes.

A fault says what is wrong in English with named places for the figures; whoever shows it
translates `message` and then fills in `params`.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.catalogue.promises import complete
from studio.catalogue.specs import Mode, ModelSpec, Parameter, PictureRule, Role, Value, Values
from studio.catalogue.words import gettext_noop


@dataclass(frozen=True)
class Fault:
    """`field` is a parameter's name, "prompt", or the role of a picture."""

    field: str
    code: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True)
class PictureFacts:
    """A picture as it will be used. Pixels; `format` such as "jpeg"."""

    role: Role
    width: int
    height: int
    bytes: int
    format: str

    @property
    def ratio(self) -> float:
        return self.width / self.height


class Unreadable(ValueError):
    """A text that is no value of the parameter."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


# ── Parameters ────────────────────────────────────────────────────────────────────────────────

KINDS: dict[str, type] = {"integer": int, "string": str, "boolean": bool}

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
    if parameter.kind == "string":
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
    if parameter.minimum is not None and parameter.maximum is not None:
        return isinstance(value, int) and parameter.minimum <= value <= parameter.maximum
    return value in parameter.values


def _not_allowed(parameter: Parameter, value: object) -> Fault:
    shown: dict[str, object] = {"name": parameter.name, "value": _short(value)}
    if parameter.maximum is not None:
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


# ── Prompt ────────────────────────────────────────────────────────────────────────────────────

# Letters by category, blank to the eye: the fillers of Hangul and the empty Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def check_prompt(spec: ModelSpec, mode: Mode, prompt: str) -> list[Fault]:
    """Counted in characters, as the sellers count."""
    if mode in spec.prompt.required_in and not _is_visible(prompt):
        return [Fault("prompt", "no_prompt", gettext_noop("Please write a prompt."))]
    if len(prompt) > spec.prompt.limit:
        message = gettext_noop("The prompt is too long: %(given)s of %(limit)s characters.")
        shown = {"given": len(prompt), "limit": spec.prompt.limit}
        return [Fault("prompt", "prompt_too_long", message, shown)]
    return []


def _is_visible(text: str) -> bool:
    """Whether any character leaves ink: not a space, control, format or mere accent."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK_LETTERS for c in text)


# ── Pictures ──────────────────────────────────────────────────────────────────────────────────


def check_pictures(spec: ModelSpec, mode: Mode, pictures: Sequence[PictureFacts]) -> list[Fault]:
    """Number, size and shape. Bytes and format are no faults: we re-encode before sending."""
    rule = spec.pictures.get(mode)
    if rule is None:
        return [Fault("pictures", "no_pictures", _NO_PICTURES)] if pictures else []
    wrong_number = list(_wrong_number(mode, rule, pictures))
    if wrong_number:
        return wrong_number
    faults = [fault for picture in pictures for fault in _picture_faults(rule, picture)]
    return faults or list(_pair_faults(rule, pictures))


_NO_PICTURES = gettext_noop("This model takes no pictures here.")
_MISSING = {
    Role.START: gettext_noop("Please add a start frame."),
    Role.END: gettext_noop("Please add an end frame."),
}


def _wrong_number(
    mode: Mode, rule: PictureRule, pictures: Sequence[PictureFacts]
) -> Iterator[Fault]:
    roles = [picture.role for picture in pictures]
    if mode in (Mode.IMAGE, Mode.START_END):
        wanted = (Role.START, Role.END)[: rule.maximum]
        missing = [role for role in wanted if role not in roles]
        yield from (Fault(role, "missing_picture", _MISSING[role]) for role in missing)
        if not missing and len(roles) != len(wanted):
            message = gettext_noop("Too many pictures: %(given)s of %(maximum)s.")
            shown = {"given": len(roles), "maximum": len(wanted)}
            yield Fault("pictures", "too_many_pictures", message, shown)
    elif not rule.minimum <= len(roles) <= rule.maximum or set(roles) != {Role.REFERENCE}:
        message = gettext_noop(
            "Please give %(minimum)s to %(maximum)s references; there are %(given)s."
        )
        given = roles.count(Role.REFERENCE)
        shown = {"minimum": rule.minimum, "maximum": rule.maximum, "given": given}
        yield Fault(Role.REFERENCE, "number_of_references", message, shown)


def _picture_faults(rule: PictureRule, picture: PictureFacts) -> Iterator[Fault]:
    if min(picture.width, picture.height) < rule.min_side:
        message = gettext_noop(
            "The picture is %(width)s × %(height)s pixels; each side needs at least %(side)s."
        )
        shown = {"width": picture.width, "height": picture.height, "side": rule.min_side}
        yield Fault(picture.role, "picture_too_small", message, shown)
    too_tall = rule.ratio_low is not None and picture.ratio < rule.ratio_low
    too_wide = rule.ratio_high is not None and picture.ratio > rule.ratio_high
    if too_tall or too_wide:
        message = gettext_noop(
            "The picture is %(width)s × %(height)s pixels, which is too long a strip: "
            "width divided by height may be %(low)s to %(high)s."
        )
        shown = {"width": picture.width, "height": picture.height}
        yield Fault(
            picture.role,
            "picture_ratio",
            message,
            shown | {"low": rule.ratio_low, "high": rule.ratio_high},
        )


def _pair_faults(rule: PictureRule, pictures: Sequence[PictureFacts]) -> Iterator[Fault]:
    if rule.pair_low is None or rule.pair_high is None or len(pictures) != 2:
        return
    start, end = sorted(pictures, key=lambda picture: picture.role == Role.END)
    # One division of whole numbers, so that exactly 4:5 is exactly 0.8.
    pair = (start.width * end.height) / (start.height * end.width)
    if not rule.pair_low <= pair <= rule.pair_high:
        message = gettext_noop(
            "Start and end frame differ too much in shape: one ratio divided by the other is "
            "%(pair)s and may be %(low)s to %(high)s."
        )
        shown = {"pair": round(pair, 2), "low": rule.pair_low, "high": rule.pair_high}
        yield Fault(Role.END, "pair_ratio", message, shown)
