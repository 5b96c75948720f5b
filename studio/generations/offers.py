"""The model list of the Create screen: who makes this brief, how long, for how much, or why not."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.assets.models import Asset
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice, Price
from studio.catalogue.specs import ModelSpec
from studio.catalogue.styles import Style
from studio.catalogue.words import MODES
from studio.generations.briefs import Brief, Problem
from studio.generations.entry import Entry
from studio.generations.forms import check_sketches, sketches
from studio.generations.switched import switched_off
from studio.scheduling import seats
from studio.spend import prices
from studio.spend.prices import Book

# Faults of a brief that is not finished yet: said beside the button, never in red.
UNFINISHED = frozenset(
    {"missing_picture", "no_prompt", "number_of_references", "number_of_pictures"}
)


@dataclass(frozen=True)
class Offer:
    """One model; `problem` says why it cannot take this brief as it stands."""

    spec: ModelSpec
    seller: str
    length: str
    size: str
    price: Price | None
    is_connected: bool
    problem: Problem | None

    @property
    def is_open(self) -> bool:
        return self.is_connected and self.problem is None


def offers(
    entry: Entry, assets: Mapping[str, Asset], style: Style, off: Container[str] = ()
) -> tuple[Offer, ...]:
    """Every model of the catalogue, the connected ones first; those that are `off` say so."""
    found = sorted(_offers(entry, assets, style, off), key=lambda offer: not offer.is_connected)
    return tuple(found)


def _offers(
    entry: Entry, assets: Mapping[str, Asset], style: Style, off: Container[str]
) -> Iterator[Offer]:
    book = prices.book()
    connected = seats.connected()
    for provider in catalogue().providers:
        for spec in provider.models:
            made = sketches(spec, entry, assets, style)
            yield Offer(
                spec=spec,
                seller=provider.name,
                length=length(made[0]),
                size=size(made[0]),
                price=_price(book, made[0]),
                is_connected=provider.key in connected,
                problem=switched_off() if spec.key in off else _problem(entry, made),
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


def _price(book: Book, there: Brief) -> Price | None:
    try:
        return book.price_of(there.spec, there.parameters)
    except NoPrice:
        return None


def _problem(entry: Entry, made: Sequence[Brief]) -> Problem | None:
    """The first reason against it that is more than an unfinished brief."""
    spec = made[0].spec
    if entry.mode not in spec.modes:
        able = ", ".join(_(MODES[mode]) for mode in spec.modes)
        return Problem("mode", "no_such_mode", _("Only for %(modes)s") % {"modes": able})
    wrong = (p for p in check_sketches(entry, made) if p.code not in UNFINISHED)
    return next(wrong, None)
