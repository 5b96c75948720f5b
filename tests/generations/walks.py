"""Every rule of the catalogue as two briefs: one just inside of it and one just outside."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from studio.catalogue import styles as looks
from studio.catalogue.load import catalogue
from studio.catalogue.pictures import PictureFacts, body_bytes
from studio.catalogue.prompts import joined
from studio.catalogue.rules import spell
from studio.catalogue.specs import (
    ROLES,
    Limit,
    Mode,
    ModelSpec,
    Parameter,
    PictureRule,
    Role,
    Value,
)
from studio.generations import styles

PROMPT = "A boat at dawn"
STYLE = "anime"
# Large enough for every model, and no larger: thousands of them are read and kept.
SIDE = 160
NONSENSE: dict[str, Value] = {"string": "nonsense", "boolean": "maybe"}


@dataclass(frozen=True)
class Shot:
    """A picture; `bytes` and `format` None: as the file really is."""

    role: Role
    width: int = SIDE
    height: int = SIDE
    bytes: int | None = None
    format: str | None = None


@dataclass(frozen=True)
class Case:
    """What is asked for. `given`: settings in the vendor's spelling."""

    shots: tuple[Shot, ...]
    prompt: str = PROMPT
    style: str = ""
    given: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Walk:
    """The rule that `outside` breaks is `code`, said at `at`; `inside` does not break it."""

    name: str
    at: str
    code: str
    inside: Case
    outside: Case

    @property
    def is_mendable(self) -> bool:
        """What is missing only a person can add, and of a frame too many none is the right one."""
        return self.code not in {"missing_picture", "no_prompt", "number_of_references"} and (
            self.at != "pictures" or self.code != "too_many_pictures"
        )


def desks() -> list[tuple[ModelSpec, Mode]]:
    return [(spec, mode) for spec in catalogue().models.values() for mode in spec.modes]


def walks(spec: ModelSpec, mode: Mode) -> Iterator[Walk]:
    base = _base(spec, mode)
    rule = spec.pictures.get(mode)
    if rule:
        yield from _numbers(rule, mode, base)
        yield from _files(rule, base)
        yield from _sizes(rule, base)
        yield from _pairs(rule, base)
        yield from _bodies(rule, base)
    yield from _prompts(spec, mode, base)
    for parameter in spec.parameters_in(mode):
        yield from _values(parameter, base)
        for limit in parameter.limits:
            yield from _combinations(parameter, limit, base)


def _base(spec: ModelSpec, mode: Mode) -> Case:
    rule = spec.pictures.get(mode)
    roles = ROLES[mode] * (rule.minimum if rule and mode == Mode.REFERENCE else 1)
    return Case(tuple(Shot(role, SIDE + n) for n, role in enumerate(roles)))


# ── Pictures ──────────────────────────────────────────────────────────────────────────────────


def _numbers(rule: PictureRule, mode: Mode, base: Case) -> Iterator[Walk]:
    last = base.shots[-1].role
    fewer = base.shots[:-1]
    if mode != Mode.REFERENCE:
        yield Walk("missing", last, "missing_picture", base, replace(base, shots=fewer))
        more = (*base.shots, Shot(last, 200))
        too_many = replace(base, shots=more)
        yield Walk("one too many", "pictures", "too_many_pictures", base, too_many)
        return
    yield Walk("none", last, "number_of_references", base, replace(base, shots=fewer))
    full = tuple(Shot(last, SIDE + n) for n in range(rule.maximum))
    over = replace(base, shots=(*full, Shot(last, 200)))
    inside = replace(base, shots=full)
    yield Walk("too many", last, "too_many_pictures", inside, over)


def _of_each(base: Case, inside: Shot, outside: Shot) -> Iterator[tuple[str, Role, Case, Case]]:
    """Each picture of the brief in turn is the one at fault; the others are inside as well."""
    for number, shot in enumerate(base.shots):
        all_in = [replace(inside, role=s.role, width=s.width) for s in base.shots]
        if inside.width != Shot.width:
            all_in = [replace(inside, role=s.role) for s in base.shots]
        one_out = [*all_in]
        one_out[number] = replace(
            outside,
            role=shot.role,
            width=outside.width if outside.width != Shot.width else shot.width,
        )
        yield (
            shot.role,
            shot.role,
            replace(base, shots=tuple(all_in)),
            replace(base, shots=tuple(one_out)),
        )


def _files(rule: PictureRule, base: Case) -> Iterator[Walk]:
    role = base.shots[0].role
    for format in rule.formats:
        for name, at, inside, outside in _of_each(
            base, Shot(role, format=format), Shot(role, format=f"not-{format}")
        ):
            yield Walk(f"{format} {name}", at, "picture_format", inside, outside)
    most = rule.max_bytes
    for name, at, inside, outside in _of_each(
        base, Shot(role, bytes=most), Shot(role, bytes=most + 1)
    ):
        # The others are light then: the request as a whole is another rule.
        shots = tuple(s if s.bytes == most + 1 else replace(s, bytes=None) for s in outside.shots)
        one_heavy = replace(outside, shots=shots)
        yield Walk(f"bytes {name}", at, "picture_too_heavy", inside, one_heavy)


def _sizes(rule: PictureRule, base: Case) -> Iterator[Walk]:
    role, side = base.shots[0].role, max(rule.min_side, 100)
    pairs: list[tuple[str, str, Shot, Shot]] = []
    if rule.min_side > 64:
        short = (Shot(role, side, side), Shot(role, side - 1, side))
        pairs.append(("side", "picture_too_small", *short))
    if rule.ratio_low:
        low = Fraction(rule.ratio_low).limit_denominator(100)
        high = side * low.denominator // low.numerator
        pairs.append(("low", "picture_ratio", Shot(role, side, high), Shot(role, side, high + 1)))
    if rule.ratio_high:
        wide = int(side * rule.ratio_high)
        pairs.append(("high", "picture_ratio", Shot(role, wide, side), Shot(role, wide + 1, side)))
    for rule_name, code, just_in, just_out in pairs:
        for name, at, inside, outside in _of_each(base, just_in, just_out):
            yield Walk(f"{rule_name} {name}", at, code, inside, outside)


def _pairs(rule: PictureRule, base: Case) -> Iterator[Walk]:
    if rule.pair_low is None or rule.pair_high is None:
        return
    low, high = math.ceil(rule.pair_low * 1000), int(rule.pair_high * 1000)
    for name, inside, outside in (("pair low", low, low - 1), ("pair high", high, high + 1)):
        cases = [
            replace(base, shots=(Shot(Role.START, width, 1000), Shot(Role.END, 1000, 1000)))
            for width in (inside, outside)
        ]
        yield Walk(name, "end", "pair_ratio", cases[0], cases[1])


def _bodies(rule: PictureRule, base: Case) -> Iterator[Walk]:
    if rule.max_body_bytes is None:
        return
    shots = base.shots
    if shots[0].role == Role.REFERENCE:
        shots = tuple(Shot(Role.REFERENCE, SIDE + n) for n in range(rule.maximum))
    each = (rule.max_body_bytes * 3 // 4) // len(shots)
    while _body([each] * len(shots)) > rule.max_body_bytes:
        each -= 1
    inside = replace(base, shots=tuple(replace(shot, bytes=each) for shot in shots))
    outside = replace(base, shots=tuple(replace(shot, bytes=each + 3) for shot in shots))
    yield Walk("body", "pictures", "body_too_heavy", inside, outside)


def _body(sizes: list[int]) -> int:
    return body_bytes([PictureFacts(Role.REFERENCE, 1, 1, size, "png") for size in sizes])


# ── Words and settings ────────────────────────────────────────────────────────────────────────


def _prompts(spec: ModelSpec, mode: Mode, base: Case) -> Iterator[Walk]:
    limit = spec.prompt.limit
    just_in = replace(base, prompt=_text(limit))
    just_out = replace(base, prompt=_text(limit + 1))
    yield Walk("prompt", "prompt", "prompt_too_long", just_in, just_out)
    style = next(style for style in looks.STYLES if style.key == STYLE)
    if styles.adds_words(style, spec, mode):
        added = styles.words(style, spec, mode, PROMPT)
        room = limit - (len(joined("a", added)) - 1)
        cases = [replace(base, style=STYLE, prompt=_text(n)) for n in (room, room + 1)]
        yield Walk("styled prompt", "prompt", "prompt_too_long", cases[0], cases[1])
    if mode in spec.prompt.required_in:
        none, one = replace(base, prompt=""), replace(base, prompt="x")
        yield Walk("no prompt", "prompt", "no_prompt", one, none)


def _text(characters: int) -> str:
    """Of words, ending in a letter."""
    return ("a boat " * characters)[: characters - 1] + "x"


def _values(parameter: Parameter, base: Case) -> Iterator[Walk]:
    at = parameter.name
    for value, wrong in _beside(parameter):
        cases = [replace(base, given={at: given}) for given in (value, wrong)]
        yield Walk(f"{at} {spell(value)[:20]}", at, "not_allowed", cases[0], cases[1])


def _beside(parameter: Parameter) -> Iterator[tuple[Value, Value]]:
    """Each allowed value that has one beside it which is not."""
    if parameter.kind == "text":
        most = parameter.maximum or 0
        yield _text(most), _text(most + 1)
    elif parameter.kind == "integer":
        allowed = [int(value) for value in parameter.values]
        low = parameter.minimum if parameter.minimum is not None else min(allowed)
        high = parameter.maximum if parameter.maximum is not None else max(allowed)
        yield low, low - 1
        yield high, high + 1
    else:
        yield parameter.values[-1], NONSENSE[parameter.kind]


def _combinations(parameter: Parameter, limit: Limit, base: Case) -> Iterator[Walk]:
    at = parameter.name
    wrong = next(value for value in parameter.values if value not in limit.allowed)
    for name, values in limit.when.values:
        for value in values:
            others = {n: choices[0] for n, choices in limit.when.values} | {name: value}
            inside = replace(base, given={**others, at: limit.allowed[0]})
            outside = replace(base, given={**others, at: wrong})
            yield Walk(f"{at} beside {name} {spell(value)}", at, "combination", inside, outside)
