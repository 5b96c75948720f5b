"""What a request says, and whether it may be ordered. Frozen once it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.accounts.models import User
from studio.assets.models import Asset
from studio.catalogue import promises, rules, shapes
from studio.catalogue.load import UnknownModel, model
from studio.catalogue.pictures import PictureFacts, check_pictures
from studio.catalogue.prompts import check_prompt, joined
from studio.catalogue.specs import ROLES, Mode, ModelSpec, Promise, Role, Values
from studio.providers.local import fonts

MOST_TAKES = 4


@dataclass(frozen=True)
class Problem:
    """What is wrong, at which field, in the person's language.

    `picture` is the uid of the one at fault, where it is one alone.
    """

    field: str
    code: str
    message: str
    picture: str = ""


class Refused(Exception):
    """The order cannot be taken; nothing was created."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


@dataclass(frozen=True)
class Input:
    role: Role
    asset: Asset


@dataclass(frozen=True)
class Brief:
    """Everything a request says. `parameters` as `promises.complete` makes them.

    `shape` ("16:9") is what the person wants of a clip that takes its picture's shape.
    """

    spec: ModelSpec
    mode: Mode
    prompt: str
    parameters: Values
    inputs: tuple[Input, ...] = ()
    style: str = ""
    style_words: str = ""
    shape: str = ""

    @property
    def promise(self) -> Promise:
        return promises.promise(self.spec, self.mode, self.parameters)

    @property
    def sent_prompt(self) -> str:
        return joined(self.prompt, self.style_words)


def find_model(key: str) -> ModelSpec:
    try:
        return model(key)
    except UnknownModel as error:
        raise Refused([Problem("model", "unknown_model", _("There is no such model."))]) from error


def find_pictures(person: User, uids: Iterable[str]) -> list[Asset]:
    """The assets behind `uids`, in their order; somebody else's is as good as none."""
    wanted = list(uids)
    shelf = Asset.objects.visible_to(person).shelved().filter(uid__in=wanted)
    found = {asset.uid: asset for asset in shelf.select_related("master")}
    if any(uid not in found for uid in wanted):
        raise Refused([Problem("pictures", "no_picture", _("Picture not found."))])
    return [found[uid] for uid in wanted]


def cast(mode: Mode, pictures: Iterable[Asset]) -> tuple[Input, ...]:
    """Give each picture its role: start, then end; or references."""
    roles = ROLES[mode] or (Role.REFERENCE,)
    pairs = enumerate(pictures)
    return tuple(Input(roles[min(i, len(roles) - 1)], picture) for i, picture in pairs)


def check(brief: Brief) -> list[Problem]:
    """Every rule of the model that this brief breaks, in the order of the form's fields."""
    if brief.mode not in brief.spec.modes:
        return [Problem("mode", "no_such_mode", _("This model cannot do that."))]
    faults = [
        *check_pictures(brief.spec, brief.mode, facts(brief)),
        *check_prompt(brief.spec, brief.mode, brief.prompt, brief.style_words),
        *rules.check_parameters(brief.spec, brief.mode, brief.parameters),
    ]
    found = [as_problem(fault, brief.inputs) for fault in faults]
    return [*found, *_misshapen(brief), *_undrawable(brief)]


def check_all(briefs: Iterable[Brief]) -> list[Problem]:
    """What is wrong with any of them; what is wrong with each is said once."""
    return list(dict.fromkeys(problem for brief in briefs for problem in check(brief)))


def as_problem(fault: rules.Fault, inputs: Sequence[Input] = ()) -> Problem:
    """In the language of the moment, the catalogue's own reason included."""
    shown = {n: _(str(v)) if n == "reason" else v for n, v in fault.params.items()}
    picture = "" if fault.number is None else inputs[fault.number].asset.uid
    return Problem(fault.field, fault.code, _(fault.message) % shown, picture)


def facts(brief: Brief) -> tuple[PictureFacts, ...]:
    """The pictures of the brief as the rules see them."""
    return tuple(_facts(given) for given in brief.inputs)


def _facts(given: Input) -> PictureFacts:
    asset = given.asset
    return PictureFacts(
        role=given.role,
        width=asset.width,
        height=asset.height,
        bytes=asset.master.size,
        format=asset.master.media_type.removeprefix("image/"),
    )


def _misshapen(brief: Brief) -> Iterator[Problem]:
    """Pictures of another shape than the clip is wanted in, where it would take theirs."""
    if not brief.shape or not brief.promise.follows_picture:
        return
    message = _("The picture is not %(shape)s, and the clip would take its shape.")
    for given in brief.inputs:
        if not shapes.is_of(brief.shape, given.asset.width, given.asset.height):
            shown = message % {"shape": brief.shape}
            yield Problem(given.role, "shape", shown, given.asset.uid)


def _undrawable(brief: Brief) -> Iterator[Problem]:
    """Words that the local renderer is to draw need a font that has them."""
    if brief.spec.provider != "local":
        return
    drawn = {"slate": str(brief.parameters.get("slate", ""))}
    if brief.mode == Mode.TEXT:
        drawn["prompt"] = brief.prompt
    for field, words in drawn.items():
        missing = fonts.missing(words) if words else ""
        if missing:
            message = _("No font on this machine can draw %(characters)s.")
            shown = message % {"characters": " ".join(missing[:8])}
            yield Problem(field, "no_font", shown)
