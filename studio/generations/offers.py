"""The model list of the Create screen: who makes this brief, how long, for how much, or why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.assets.models import Asset
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice, Price, price
from studio.catalogue.specs import ModelSpec
from studio.catalogue.words import MODES
from studio.generations.briefs import Brief, check
from studio.generations.forms import Entry, sketch
from studio.scheduling import seats

# Faults of a brief that is not finished yet: said beside the button, never in red.
UNFINISHED = frozenset({"missing_picture", "no_prompt", "number_of_references"})


@dataclass(frozen=True)
class Offer:
    """One model; `reason` says why it cannot take this brief as it stands."""

    spec: ModelSpec
    seller: str
    length: str
    size: str
    price: Price | None
    is_connected: bool
    reason: str

    @property
    def is_open(self) -> bool:
        return self.is_connected and not self.reason


def offers(entry: Entry, assets: Mapping[str, Asset]) -> tuple[Offer, ...]:
    """Every model of the catalogue, the connected ones first."""
    found = sorted(_offers(entry, assets), key=lambda offer: not offer.is_connected)
    return tuple(found)


def _offers(entry: Entry, assets: Mapping[str, Asset]) -> Iterator[Offer]:
    for provider in catalogue().providers:
        is_connected = seats.connected(provider.key)
        for spec in provider.models:
            there = sketch(spec, entry, assets)
            yield Offer(
                spec=spec,
                seller=provider.name,
                length=length(there),
                size=size(there),
                price=_price(there),
                is_connected=is_connected,
                reason=_reason(there),
            )


def length(there: Brief) -> str:
    seconds = there.promise.seconds
    return _("length not stated") if seconds is None else _("%(n)s s") % {"n": seconds}


def size(there: Brief) -> str:
    """Empty where the maker states none."""
    promise = there.promise
    if promise.width and promise.height:
        return f"{promise.width} × {promise.height}"
    return _("as the picture") if promise.follows_picture else ""


def _price(there: Brief) -> Price | None:
    try:
        return price(there.spec, there.parameters)
    except NoPrice:
        return None


def _reason(there: Brief) -> str:
    if there.mode not in there.spec.modes:
        able = ", ".join(_(MODES[mode]) for mode in there.spec.modes)
        return _("Only for %(modes)s") % {"modes": able}
    wrong = [problem.message for problem in check(there) if problem.code not in UNFINISHED]
    return wrong[0] if wrong else ""
