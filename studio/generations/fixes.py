"""What is wrong with a brief can be mended by one press: which fixes each problem has.

A fix is a button of the form, named "fix"; its value says how, at which place, on what, and
which model is chosen along with it: "crop|start|<uid>|".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.assets import fitting as pixels
from studio.assets.models import Asset, Edit
from studio.catalogue import fitting, rules
from studio.catalogue.fitting import Bounds, How, Plan, Size
from studio.catalogue.specs import Mode, ModelSpec, Parameter, Value
from studio.generations import words
from studio.generations.briefs import Brief, Problem, Refused, facts
from studio.generations.entry import Entry
from studio.generations.ways import MOST_EACH, Place, Way

SHORTEN, KEEP, SET, LEAVE, SWITCH = "shorten", "keep", "set", "leave", "switch"

_WORDS: dict[How, Promise] = {
    How.CROP: gettext_lazy("Crop"),
    How.PAD: gettext_lazy("Pad"),
    How.ENLARGE: gettext_lazy("Enlarge"),
    How.RECOMPRESS: gettext_lazy("Recompress"),
}
_ALL: dict[How, Promise] = {
    How.CROP: gettext_lazy("Crop all %(n)s"),
    How.PAD: gettext_lazy("Pad all %(n)s"),
    How.ENLARGE: gettext_lazy("Enlarge all %(n)s"),
    How.RECOMPRESS: gettext_lazy("Recompress all %(n)s"),
}
_RESHAPE = (How.CROP, How.PAD)
# What mends each fault of a picture; where the first cannot, what follows does it along the way.
_HOWS: dict[str, tuple[tuple[How, ...], ...]] = {
    "picture_too_small": ((How.ENLARGE,), _RESHAPE),
    "picture_ratio": (_RESHAPE,),
    "pair_ratio": (_RESHAPE,),
    "shape": (_RESHAPE,),
    "picture_format": ((How.RECOMPRESS,), _RESHAPE),
    "picture_too_heavy": ((How.RECOMPRESS,), _RESHAPE),
}
# Faults of shape, which a box mends.
RESHAPED = frozenset(code for code, hows in _HOWS.items() if hows[0] == _RESHAPE)
_SETTING_CODES = frozenset({"combination", "not_allowed", "other_mode", "unknown_parameter"})


@dataclass(frozen=True)
class Fix:
    """One button: `value` says what it does to whoever applies it, `word` to the person."""

    value: str
    word: str


@dataclass(frozen=True)
class Job:
    """A fix as it was pressed. `what` is a list of uids, a number, or a value."""

    how: str
    at: str
    what: str
    model: str

    @classmethod
    def read(cls, value: str) -> "Job":
        how, at, what, model = (*value.split("|"), "", "", "", "")[:4]
        return cls(how, at, what, model)

    def __str__(self) -> str:
        return "|".join((self.how, self.at, self.what, self.model))


# ── Offered ───────────────────────────────────────────────────────────────────────────────────


def offered(
    problem: Problem, entry: Entry, made: Sequence[Brief], model: str = ""
) -> tuple[Fix, ...]:
    """The fixes that make the brief valid in this respect. `model` is chosen along with them."""
    found = _FINDERS.get(problem.code, _no_fix)(problem, entry, made)
    return tuple(Fix(str(replace(job, model=model)), word) for job, word in found)


Found = Iterator[tuple[Job, str]]


def _no_fix(_problem: Problem, _entry: Entry, _made: Sequence[Brief]) -> Found:
    return iter(())


def _of_picture(problem: Problem, entry: Entry, made: Sequence[Brief]) -> Found:
    uid = problem.picture or _end_of(entry)
    for how in _possible(problem.code, uid, made):
        yield Job(how, problem.field, uid, ""), str(_WORDS[how])


def of_group(
    problems: Sequence[Problem], made: Sequence[Brief], model: str = ""
) -> tuple[Fix, ...]:
    """The same fault of several pictures, mended at once wherever it can be."""
    able: dict[How, list[str]] = {}
    for problem in problems:
        for how in _possible(problem.code, problem.picture, made):
            able.setdefault(how, []).append(problem.picture)
    return tuple(
        Fix(str(Job(how, problems[0].field, ",".join(uids), model)), word_for(how, len(uids)))
        for how, uids in able.items()
    )


def word_for(how: How, number: int) -> str:
    return str(_ALL[how] if number > 1 else _WORDS[how]) % {"n": number}


def _end_of(entry: Entry) -> str:
    return next(iter(entry.pictures.get(Place.END, ())), "")


def _possible(code: str, uid: str, made: Sequence[Brief]) -> tuple[How, ...]:
    if all(given.asset.uid != uid for brief in made for given in brief.inputs):
        return ()
    for hows in _HOWS.get(code, ()):
        able = tuple(how for how in hows if plan_of(how, made, uid))
        if able:
            return able
    return ()


def _of_body(problem: Problem, _entry: Entry, made: Sequence[Brief]) -> Found:
    heavy = [given.asset.uid for given in made[0].inputs if _is_heavy(made, given.asset.uid)]
    if heavy:
        job = Job(How.RECOMPRESS, problem.field, ",".join(heavy), "")
        yield job, word_for(How.RECOMPRESS, len(heavy))


def _is_heavy(made: Sequence[Brief], uid: str) -> bool:
    bounds, asset = bounds_of(made, uid)
    return asset.master.size > bounds.max_bytes


def _of_number(problem: Problem, entry: Entry, made: Sequence[Brief]) -> Found:
    rule = made[0].spec.pictures.get(entry.mode)
    most = MOST_EACH if entry.way == Way.EACH else rule.maximum if rule else 0
    if most and problem.field in set(Place):
        word = _("Keep the first %(n)s") % {"n": most}
        yield Job(KEEP, problem.field, str(most), ""), word


def _of_prompt(problem: Problem, _entry: Entry, _made: Sequence[Brief]) -> Found:
    yield Job(SHORTEN, problem.field, "", ""), _("Shorten")


def _of_setting(problem: Problem, entry: Entry, made: Sequence[Brief]) -> Found:
    parameter = made[0].spec.parameter(problem.field)
    if parameter and parameter.kind == "text" and problem.code == "not_allowed":
        yield Job(SHORTEN, problem.field, "", ""), _("Shorten")
        return
    value = _mended(parameter, made[0]) if parameter else None
    if value is None:
        yield Job(LEAVE, problem.field, "", ""), _("Leave it out")
        return
    assert parameter, "only a parameter has a value"
    shown = {"name": words.parameter_word(parameter.name)}
    shown["value"] = words.value_word(parameter.name, value)
    yield Job(SET, parameter.name, rules.spell(value), ""), _("Set %(name)s to %(value)s") % shown


def _mended(parameter: Parameter, brief: Brief) -> Value | None:
    """Its default where that is allowed here, else the first value that is; None: leave it out."""
    others = {n: v for n, v in brief.parameters.items() if n != parameter.name}
    allowed = parameter.choices(others)
    if parameter.default is not None and (parameter.default in allowed or not parameter.values):
        return parameter.default
    for value in allowed:
        if not rules.check_parameters(brief.spec, brief.mode, others | {parameter.name: value}):
            return value
    return None


def _of_mode(problem: Problem, entry: Entry, made: Sequence[Brief]) -> Found:
    way = _way_for(entry, made[0].spec)
    yield Job(SWITCH, way, "", ""), _("Switch to %(way)s") % {"way": words.WAYS[way]}


def _way_for(entry: Entry, spec: ModelSpec) -> Way:
    """Of the model's ways the one that needs the fewest pictures more."""
    ways = [Way(mode.value) for mode in spec.modes]
    return min(ways, key=lambda way: abs(_wanted(spec, way.mode) - len(entry.uids)))


def _wanted(spec: ModelSpec, mode: Mode) -> int:
    rule = spec.pictures.get(mode)
    return rule.minimum if rule else 0


_FINDERS: Mapping[str, Callable[[Problem, Entry, Sequence[Brief]], Found]] = {
    **dict.fromkeys(_HOWS, _of_picture),
    **dict.fromkeys(_SETTING_CODES, _of_setting),
    "body_too_heavy": _of_body,
    "too_many_pictures": _of_number,
    "prompt_too_long": _of_prompt,
    "no_such_mode": _of_mode,
}


# ── What a picture of the brief has to be ─────────────────────────────────────────────────────


def bounds_of(made: Sequence[Brief], uid: str) -> tuple[Bounds, Asset]:
    """Raises `Refused` where no brief has this picture."""
    for brief in made:
        rule = brief.spec.pictures.get(brief.mode)
        for number, given in enumerate(brief.inputs):
            if rule and given.asset.uid == uid:
                shape = brief.shape if brief.promise.follows_picture else ""
                return fitting.bounds(rule, facts(brief), number, shape), given.asset
    raise Refused([Problem("pictures", "no_picture", _("Picture not found."))])


def plan_of(
    how: How, made: Sequence[Brief], uid: str, wished: tuple[int, int, int] | None = None
) -> Plan | None:
    """In the pixels of the picture that such an edit starts from."""
    bounds, asset = bounds_of(made, uid)
    source = pixels.source(asset, Edit(how))
    size = Size(source.width, source.height)
    return fitting.plan(how, bounds, size, near=asset.width / asset.height, wished=wished)
