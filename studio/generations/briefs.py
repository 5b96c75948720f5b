"""What a request says, and whether it may be ordered. Frozen once it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.accounts.models import User
from studio.assets.models import Asset
from studio.catalogue import promises, rules
from studio.catalogue.load import UnknownModel, model
from studio.catalogue.specs import ROLES, Mode, ModelSpec, Promise, Role, Values
from studio.providers.local import fonts

MOST_TAKES = 4


@dataclass(frozen=True)
class Problem:
    """What is wrong, at which field, in the person's language."""

    field: str
    code: str
    message: str


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
    """Everything a request says. `parameters` as `promises.complete` makes them."""

    spec: ModelSpec
    mode: Mode
    prompt: str
    parameters: Values
    inputs: tuple[Input, ...] = ()
    style: str = ""

    @property
    def promise(self) -> Promise:
        return promises.promise(self.spec, self.mode, self.parameters)


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
    facts = [_facts(given) for given in brief.inputs]
    faults = [
        *rules.check_pictures(brief.spec, brief.mode, facts),
        *rules.check_prompt(brief.spec, brief.mode, brief.prompt),
        *rules.check_parameters(brief.spec, brief.mode, brief.parameters),
    ]
    return [as_problem(fault) for fault in faults] + _unwritable(brief)


def as_problem(fault: rules.Fault) -> Problem:
    """In the language of the moment, the catalogue's own reason included."""
    shown = {n: _(str(v)) if n == "reason" else v for n, v in fault.params.items()}
    return Problem(fault.field, fault.code, _(fault.message) % shown)


def _facts(given: Input) -> rules.PictureFacts:
    asset = given.asset
    return rules.PictureFacts(
        role=given.role,
        width=asset.width,
        height=asset.height,
        bytes=asset.master.size,
        format=asset.master.media_type.removeprefix("image/"),
    )


def _unwritable(brief: Brief) -> list[Problem]:
    """Words that the local renderer is to draw need a font that has them."""
    if brief.spec.provider != "local" or brief.mode != Mode.TEXT:
        return []
    missing = fonts.missing(brief.prompt)
    if not missing:
        return []
    message = _("No font on this machine can draw %(characters)s.")
    return [Problem("prompt", "no_font", message % {"characters": " ".join(missing[:8])})]
