"""One press of the button: one order, its generations, its money; all of it or nothing."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets import copies
from studio.catalogue.prices import NoPrice
from studio.generations.briefs import MOST_TAKES, Brief, Problem, Refused, check
from studio.generations.models import Generation, GenerationInput, Order, Origin
from studio.generations.quotes import Quote, quote
from studio.generations.states import Charge, State
from studio.generations.transitions import note
from studio.generations.wake import wake_soon
from studio.lib import clock, failpoints, money, uid
from studio.scheduling import seats
from studio.spend import ledger
from studio.spend.errors import BudgetExceeded


def place(
    person: User, project: Project, brief: Brief, *, takes: int, form_key: str, origin: Origin
) -> Order:
    """Order `takes` clips. The same `form_key` with the same brief returns the first order;
    with another brief (a restored tab) it is another order.

    Raises `Refused` with every problem, having created nothing.
    """
    earlier = Order.objects.filter(person=person, form_key=form_key).first()
    if earlier and _is_of(earlier, brief):
        return earlier
    form_key = uid.new() if earlier else form_key
    _admit(person, project, brief, takes)
    order = Order(person=person, project=project, form_key=form_key, origin=origin)
    try:
        _create(order, brief, _priced(brief, takes))
    except IntegrityError:
        # Two presses at the same instant: the other one has created it.
        return Order.objects.get(person=person, form_key=form_key)
    except BudgetExceeded as error:
        raise Refused([_over_budget(error)]) from error
    failpoints.reach("create.after_commit")
    for generation in order.generations.all():
        wake_soon(generation)
    return order


def _is_of(order: Order, brief: Brief) -> bool:
    first = order.generations.order_by("number").prefetch_related("inputs__asset")[0]
    pictures = [given.asset.pixel_hash for given in first.inputs.all()]
    ordered = (first.model, first.mode, first.prompt, first.parameters, pictures)
    wanted = [given.asset.pixel_hash for given in brief.inputs]
    return ordered == (brief.spec.key, brief.mode, brief.prompt, dict(brief.parameters), wanted)


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


def _priced(brief: Brief, takes: int) -> Quote:
    try:
        priced = quote(brief, takes)
    except NoPrice as error:
        message = _("No price is set for this model.")
        raise Refused([Problem("model", "no_price", message)]) from error
    if priced.rate is None:
        message = _("There is no rate from %(seller)s to %(studio)s yet; an admin enters one.")
        shown = {"seller": priced.currency, "studio": priced.studio_currency}
        raise Refused([Problem("model", "no_rate", message % shown)])
    return priced


@transaction.atomic
def _create(order: Order, brief: Brief, priced: Quote) -> None:
    order.save()
    made = [_generation(order, brief, priced, n) for n in range(1, priced.takes + 1)]
    ledger.hold(_held(generation, priced) for generation in made)
    failpoints.reach("create.before_commit")


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


def _held(generation: Generation, priced: Quote) -> ledger.Hold:
    return ledger.Hold(
        generation_uid=generation.uid,
        person=generation.person,
        project=generation.project,
        model=generation.model,
        provider=generation.provider,
        amount=generation.price,
        currency=generation.currency,
        studio_amount=generation.studio_price,
        studio_currency=priced.studio_currency,
        rate=priced.rate or Decimal(1),
        price_version=generation.price_version,
    )


def _over_budget(error: BudgetExceeded) -> Problem:
    language = get_language() or settings.LANGUAGE_CODE
    left, limit = (
        money.display(amount, error.currency, language) for amount in (error.left, error.limit)
    )
    message = _("%(scope)s budget: %(left)s left of %(limit)s this %(period)s.")
    shown = {
        "scope": error.scope.label,
        "left": left,
        "limit": limit,
        "period": error.period.label.lower(),
    }
    return Problem("budget", "over_budget", message % shown)


def _promised(brief: Brief) -> dict[str, Any]:
    promise = brief.promise
    return {
        "seconds": None if promise.seconds is None else str(promise.seconds),
        "width": promise.width,
        "height": promise.height,
        "fps": None if promise.fps is None else str(promise.fps),
        "audio": promise.audio,
    }
