"""One press of the button: one order, its generations, its money; all of it or nothing."""

import json
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets import copies
from studio.catalogue.prices import NoPrice
from studio.catalogue.specs import ModelSpec
from studio.generations.briefs import MOST_TAKES, Brief, Problem, Refused, check_all
from studio.generations.complaints import seller
from studio.generations.models import Generation, GenerationInput, Order, Origin
from studio.generations.quotes import Quote, quote
from studio.generations.states import Charge, State
from studio.generations.switched import switched_off
from studio.generations.transitions import note
from studio.generations.wake import wake_soon
from studio.lib import clock, failpoints, money
from studio.scheduling import seats, switches
from studio.spend import ledger
from studio.spend.errors import BudgetExceeded

# The parameter by which a job may lie for two days, at a lower price.
OFF_PEAK = "off_peak"


def place(
    person: User,
    project: Project,
    briefs: Sequence[Brief],
    *,
    takes: int,
    form_key: str,
    origin: Origin,
) -> Order:
    """Order `takes` clips of each brief; the briefs differ in nothing but their pictures.

    The same `form_key` with the same briefs is the same order, however often it is pressed; with
    others (a restored tab, the animatic before the clip) it is another one.

    Raises `Refused` with every problem, having created nothing.
    """
    wanted = [brief for brief in briefs for _take in range(takes)]
    key = _key(form_key, wanted)
    earlier = Order.objects.filter(person=person, form_key=key).first()
    if earlier:
        return earlier
    _admit(person, project, briefs, takes)
    order = Order(person=person, project=project, form_key=key, origin=origin)
    try:
        _create(order, wanted, _priced(briefs[0], len(wanted)))
    except IntegrityError:
        # Two presses at the same instant: the other one has created it.
        return Order.objects.get(person=person, form_key=key)
    except BudgetExceeded as error:
        raise Refused([_over_budget(error)]) from error
    failpoints.reach("create.after_commit")
    for generation in order.generations.all():
        wake_soon(generation)
    return order


def _key(form_key: str, wanted: Sequence[Brief]) -> str:
    """One press of one form about one thing, as 64 hexadecimal digits."""
    said = json.dumps([form_key, *map(_said, wanted)], sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _said(brief: Brief) -> list[object]:
    pictures = [(given.role, given.asset.pixel_hash) for given in brief.inputs]
    words = [brief.prompt, brief.style, brief.style_words]
    return [brief.spec.key, brief.mode, *words, dict(brief.parameters), pictures]


def _admit(person: User, project: Project, briefs: Sequence[Brief], takes: int) -> None:
    problems = []
    if not project.may_order(person):
        problems.append(Problem("project", "no_right", _("You may view here but not order.")))
    if not 1 <= takes <= MOST_TAKES:
        problems.append(Problem("takes", "takes", _("1 to %(most)s.") % {"most": MOST_TAKES}))
    if briefs[0].spec.provider not in seats.connected():
        problems.append(not_connected(briefs[0].spec))
    if switches.is_off(briefs[0].spec.key, person):
        problems.append(switched_off())
    problems += check_all(briefs)
    if problems:
        raise Refused(problems)


def not_connected(spec: ModelSpec) -> Problem:
    message = _("%(provider)s is not connected.") % {"provider": seller(spec.provider)}
    return Problem("model", "not_connected", message)


def _priced(brief: Brief, clips: int) -> Quote:
    try:
        priced = quote(brief, clips)
    except NoPrice as error:
        message = _("No price is set for this model.")
        raise Refused([Problem("model", "no_price", message)]) from error
    if priced.rate is None:
        message = _("There is no rate from %(seller)s to %(studio)s yet; an admin enters one.")
        shown = {"seller": priced.currency, "studio": priced.studio_currency}
        raise Refused([Problem("model", "no_rate", message % shown)])
    return priced


@transaction.atomic
def _create(order: Order, wanted: Sequence[Brief], priced: Quote) -> None:
    order.save()
    made = [_generation(order, brief, priced, n) for n, brief in enumerate(wanted, start=1)]
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
        style_words=brief.style_words,
        parameters=dict(brief.parameters),
        promised=_promised(brief),
        price=priced.each,
        currency=priced.currency,
        studio_price=priced.studio_each or Decimal(0),
        price_version=priced.version,
        rate=priced.rate or Decimal(1),
        credits=priced.credits,
        credit_value=priced.credit_value,
        state=State.QUEUED,
        charge=Charge.NONE if priced.is_free else Charge.HELD,
        is_off_peak=brief.parameters.get(OFF_PEAK) is True,
        due_at=clock.now(),
    )
    for position, given in enumerate(brief.inputs):
        asset = copies.into(given.asset, order.project, order.person)
        GenerationInput.objects.create(
            generation=generation, asset=asset, role=given.role, position=position
        )
    note(generation, "ordered", actor=order.person, clips=priced.clips)
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
        rate=generation.rate,
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
