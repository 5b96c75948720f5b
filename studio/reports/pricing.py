"""What every model sold here costs, in every combination that decides it, and who says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from studio.catalogue.combinations import combinations
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice, Price, deciding
from studio.catalogue.rules import spell
from studio.catalogue.specs import ModelSpec, Parameter, PriceList, Value, Values
from studio.generations.words import parameter_word, value_word
from studio.spend.models import PriceRow
from studio.spend.prices import Book


@dataclass(frozen=True)
class Line:
    """One combination. `price` None: nothing is sold like this. `row`: an admin entered it."""

    values: Values
    terms: str
    price: Price | None
    row: PriceRow | None

    @property
    def query(self) -> str:
        """Opens the form with these values chosen."""
        return urlencode({field_name(name): spell(value) for name, value in self.values.items()})


@dataclass(frozen=True)
class Summary:
    """A model at a glance; `lowest` and `highest` None where nothing has a price."""

    spec: ModelSpec
    lowest: Price | None
    highest: Price | None
    unpriced: int
    unconfirmed: bool
    row: PriceRow | None

    @property
    def address(self) -> str:
        return reverse("price", args=self.spec.key.split("/"))

    @property
    def listed(self) -> PriceList | None:
        return self.spec.price


@dataclass(frozen=True)
class Seller:
    name: str
    models: tuple[Summary, ...]


def sellers(book: Book) -> tuple[Seller, ...]:
    """Whoever takes money, in the order of the catalogue."""
    return tuple(
        Seller(seller.name, tuple(summary(spec, book) for spec in seller.models))
        for seller in catalogue().providers
        if not seller.free
    )


def summary(spec: ModelSpec, book: Book) -> Summary:
    found = lines(spec, book)
    priced = sorted((one.price for one in found if one.price), key=lambda price: price.amount)
    entered = [one.row for one in found if one.row]
    return Summary(
        spec=spec,
        lowest=priced[0] if priced else None,
        highest=priced[-1] if priced else None,
        unpriced=len(found) - len(priced),
        unconfirmed=any(price.unconfirmed for price in priced),
        row=max(entered, key=lambda row: (row.valid_from, row.pk), default=None),
    )


def lines(spec: ModelSpec, book: Book) -> list[Line]:
    """Each combination once, in whichever modes it can be ordered."""
    names = {*deciding(spec), *(name for row in book.rows.get(spec.key, ()) for name in row.values)}
    distinct = {
        tuple(sorted(values.items())): values
        for mode in spec.modes
        for values in combinations(spec, mode, names)
    }
    return [_line(spec, values, book) for values in distinct.values()]


def choosable(spec: ModelSpec) -> Iterator[Parameter]:
    """What a price may depend on: whatever can be chosen among a few values."""
    return (p for p in spec.parameters if len(p.values) > 1)


def terms(values: Values) -> str:
    said = [_said(name, value) for name, value in values.items()]
    return " · ".join(filter(None, said)) or _("Every clip")


def field_name(parameter: str) -> str:
    """Of the form's field, so that no parameter takes the name of another field."""
    return f"with-{parameter}"


def _line(spec: ModelSpec, values: Values, book: Book) -> Line:
    try:
        price = book.price_of(spec, values)
    except NoPrice:
        price = None
    return Line(values, terms(values), price, book.row_for(spec, values))


def _said(name: str, value: Value) -> str:
    """A switch by its name where it is on, and not at all where it is off."""
    if isinstance(value, bool):
        return parameter_word(name) if value else ""
    return value_word(name, value)
