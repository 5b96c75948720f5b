"""How the Create form shows what is wrong with a brief, and the ways to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.translation import ngettext

from studio.generations import fixes
from studio.generations.briefs import Problem
from studio.generations.desk import Desk, Slot
from studio.generations.fixes import Fix
from studio.generations.forms import check_sketches, sketches
from studio.generations.offers import Offer
from studio.generations.ways import Place, Way

register = template.Library()


@dataclass(frozen=True)
class Group:
    """One fault of several pictures, said once."""

    code: str
    message: str
    fixes: tuple[Fix, ...]


@register.filter(name="fixes_on")
def fixes_on(problem: Problem | None, desk: Desk) -> tuple[Fix, ...]:
    return fixes.offered(problem, desk.entry, desk.briefs) if problem else ()


@register.filter
def offer_fixes(offer: Offer, desk: Desk) -> tuple[Fix, ...]:
    """They choose the model as well."""
    problem, model = offer.problem, offer.spec.key
    if problem is None:
        return ()
    made = sketches(offer.spec, desk.entry, desk.assets, desk.style)
    same = [p for p in check_sketches(desk.entry, made) if p.picture and p.code == problem.code]
    if len(same) > 1:
        return fixes.of_group(same, made, model)
    return fixes.offered(problem, desk.entry, made, model)


@register.filter
def fault_groups(desk: Desk) -> tuple[Group, ...]:
    """Where each picture is a clip of its own: what is wrong with many of them, each thing once."""
    if desk.entry.way != Way.EACH:
        return ()
    by_code: dict[str, dict[str, Problem]] = {}
    for problem in desk.shown_problems:
        if problem.picture:
            by_code.setdefault(problem.code, {}).setdefault(problem.picture, problem)
    return tuple(_group(desk, tuple(found.values())) for found in by_code.values())


def _group(desk: Desk, found: tuple[Problem, ...]) -> Group:
    return Group(found[0].code, _said(found), fixes.of_group(found, desk.briefs))


def _said(found: Iterable[Problem]) -> str:
    first, *others = found
    if not others:
        return first.message
    message = ngettext(
        "%(message)s The same with %(n)s more.",
        "%(message)s The same with %(n)s more.",
        len(others),
    )
    return message % {"message": first.message, "n": len(others)}


@register.filter
def says_fault(slot: Slot) -> bool:
    """Whether the fault stands at this slot: what concerns many pictures stands under them."""
    if slot.problem is None or slot.place is Place.EACH:
        return False
    return bool(slot.problem.picture) or not slot.place.holds_many


@register.filter
def can_undo(slot: Slot) -> bool:
    """Whether the picture was made from another one that is still on the shelf."""
    source = slot.asset.made_from if slot.asset else None
    return source is not None and not source.is_trashed


@register.filter
def box_in(slot: Slot, desk: Desk) -> str:
    """How the picture was cropped, as long as the form remembers."""
    return desk.entry.boxes.get(slot.asset.uid, "") if slot.asset else ""


@register.filter
def is_of_shape(problem: Problem) -> bool:
    """Whether a box would mend it."""
    return problem.code in fixes.RESHAPED


@register.filter
def croppable(desk: Desk) -> int:
    """How many pictures have another shape than they must have."""
    return sum(1 for slot in desk.shown if slot.problem and is_of_shape(slot.problem))
