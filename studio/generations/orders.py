"""One press of the button: one order, its generations, its money; all of it or nothing."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets import copies
from studio.generations.briefs import MOST_TAKES, Brief, Problem, Refused, check
from studio.generations.models import Generation, GenerationInput, Order, Origin
from studio.generations.quotes import Quote, quote
from studio.generations.states import Charge, State
from studio.generations.transitions import note
from studio.generations.wake import wake_soon
from studio.lib import clock, failpoints
from studio.scheduling import seats
from studio.spend import ledger


def place(
    person: User, project: Project, brief: Brief, *, takes: int, form_key: str, origin: Origin
) -> Order:
    """Order `takes` clips. The same `form_key` again returns the first order.

    Raises `Refused` with every problem, having created nothing; `spend.BudgetExceeded` when a
    budget has no room for all of them.
    """
    earlier = Order.objects.filter(person=person, form_key=form_key).first()
    if earlier:
        return earlier
    _admit(person, project, brief, takes)
    priced = quote(brief, takes)
    try:
        order = _create(person, project, brief, priced, form_key, origin)
    except IntegrityError:
        # Two presses at the same instant: the other one has created it.
        return Order.objects.get(person=person, form_key=form_key)
    failpoints.reach("create.after_commit")
    for generation in order.generations.all():
        wake_soon(generation)
    return order


def _admit(person: User, project: Project, brief: Brief, takes: int) -> None:
    problems = []
    if not project.may_order(person):
        problems.append(Problem("project", "no_right", _("You may view here but not order.")))
    if not 1 <= takes <= MOST_TAKES:
        problems.append(Problem("takes", "takes", _("1 to %(most)s.") % {"most": MOST_TAKES}))
    if not seats.connected(brief.spec.provider):
        message = _("%(provider)s is not connected.") % {"provider": brief.spec.provider}
        problems.append(Problem("model", "not_connected", message))
    problems += check(brief)
    if problems:
        raise Refused(problems)


@transaction.atomic
def _create(
    person: User, project: Project, brief: Brief, priced: Quote, form_key: str, origin: Origin
) -> Order:
    order = Order.objects.create(person=person, project=project, form_key=form_key, origin=origin)
    made = [_generation(order, brief, priced, n) for n in range(1, priced.takes + 1)]
    if not priced.is_free:
        ledger.hold([_held(generation, priced) for generation in made])
    failpoints.reach("create.before_commit")
    return order


def _generation(order: Order, brief: Brief, priced: Quote, number: int) -> Generation:
    generation = Generation.objects.create(
        order=order,
        number=number,
        project=order.project,
        person=order.person,
        model=brief.spec.key,
        mode=brief.mode,
        prompt=brief.prompt,
        style=brief.style,
        parameters=dict(brief.parameters),
        promised=_promised(brief),
        price=priced.each,
        currency=priced.currency,
        studio_price=priced.studio_each or Decimal(0),
        price_version=priced.version,
        state=State.QUEUED,
        charge=Charge.NONE if priced.is_free else Charge.HELD,
        due_at=clock.now(),
    )
    for position, given in enumerate(brief.inputs):
        asset = copies.into(given.asset, order.project, order.person)
        GenerationInput.objects.create(
            generation=generation, asset=asset, role=given.role, position=position
        )
    note(generation, "ordered", actor=order.person, takes=priced.takes)
    return generation


def _promised(brief: Brief) -> dict[str, Any]:
    promise = brief.promise
    return {
        "seconds": None if promise.seconds is None else str(promise.seconds),
        "width": promise.width,
        "height": promise.height,
        "fps": None if promise.fps is None else str(promise.fps),
        "audio": promise.audio,
    }
