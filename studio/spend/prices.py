"""What a clip costs here: the newest price that an admin entered, else the catalogue's.

Where neither has one there is no price and no job, never a default.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import Studio, User
from studio.audit.record import record
from studio.catalogue import prices as catalogue_prices
from studio.catalogue.prices import FREE, Price, completed
from studio.catalogue.specs import ModelSpec, Values
from studio.lib import clock, currencies, money
from studio.spend.models import PriceRow


@dataclass(frozen=True)
class Book:
    """The admins' rows in force on one day, by model, the newest first."""

    rows: Mapping[str, Sequence[PriceRow]]

    def row_for(self, spec: ModelSpec, values: Values) -> PriceRow | None:
        """The row that these values are sold by; None where the catalogue's list counts."""
        given = completed(spec, values)
        found = (row for row in self.rows.get(spec.key, ()) if _holds(row, given))
        return next(found, None)

    def price_of(self, spec: ModelSpec, values: Values) -> Price:
        """What one clip costs. Raises `catalogue.prices.NoPrice`."""
        if spec.is_free:
            return FREE
        row = self.row_for(spec, values)
        return catalogue_prices.price(spec, values) if row is None else _price(row)


def book(*models: str, at: datetime | None = None) -> Book:
    """The rows of these models (of all, where none is named), in one query."""
    in_force = PriceRow.objects.filter(valid_from__lte=_day(at)).order_by("-valid_from", "-pk")
    rows: defaultdict[str, list[PriceRow]] = defaultdict(list)
    for row in in_force.filter(model__in=models) if models else in_force:
        rows[row.model].append(row)
    return Book(rows)


def price_of(spec: ModelSpec, values: Values, at: datetime | None = None) -> Price:
    """What one clip costs at that time (default: now). Raises `catalogue.prices.NoPrice`."""
    return FREE if spec.is_free else book(spec.key, at=at).price_of(spec, values)


@dataclass(frozen=True)
class Terms:
    """A price as it is entered: `amount` in `currency`, or in credits worth `credit_value`."""

    amount: Decimal
    currency: str
    credit_value: Decimal | None = None

    def __post_init__(self) -> None:
        if money.exact(self.amount) <= 0:
            raise Refused(_("A price is more than nothing."), field="amount")
        if self.credit_value is not None and money.exact(self.credit_value) <= 0:
            raise Refused(_("A credit is worth more than nothing."), field="credit_value")
        if self.currency not in currencies.in_use():
            raise Refused(_("There is no such currency."), field="currency")


@transaction.atomic
def enter(
    actor: User,
    spec: ModelSpec,
    values: Values,
    terms: Terms,
    *,
    valid_from: date,
    note: str,
    source: str = "",
) -> PriceRow:
    """Set or correct the price of these values from the studio's day `valid_from` on.

    Orders that stand keep the price they were made at. Raises `Refused` for a model that is
    free, for a value that the model does not take, and for a price without a word of why.
    """
    _admit(spec, values, note)
    row = PriceRow.objects.create(
        model=spec.key,
        values=dict(values),
        amount=terms.amount,
        currency=terms.currency,
        credit_value=terms.credit_value or Decimal(0),
        valid_from=valid_from,
        source=source,
        note=note,
        actor=actor,
    )
    record(actor, "price.enter", kind="price", uid=row.uid, after=row.as_audited(), reason=note)
    return row


def _admit(spec: ModelSpec, values: Values, note: str) -> None:
    if spec.is_free:
        raise Refused(_("It is made on this machine and costs nothing."))
    if not note.strip():
        raise Refused(_("Say why: where the price was read, or what the bill said."), field="note")
    for name, value in values.items():
        parameter = spec.parameter(name)
        if parameter is None or not any(_same(value, known) for known in parameter.values):
            raise Refused(_("The model takes no such value."), field=name)


def _holds(row: PriceRow, given: Values) -> bool:
    return all(name in given and _same(given[name], row.values[name]) for name in row.values)


def _same(one: object, other: object) -> bool:
    """Python takes 1 for True; no seller does."""
    return type(one) is type(other) and one == other


def _price(row: PriceRow) -> Price:
    """What is worth less than a millionth is rounded up, as everywhere."""
    version = f"admin {row.valid_from} {row.uid}"
    if not row.credit_value:
        return Price(row.amount, row.currency, None, version)
    amount = money.convert(row.amount, row.credit_value)
    return Price(amount, row.currency, row.amount, version, row.credit_value)


def _day(at: datetime | None) -> date:
    return (at or clock.now()).astimezone(Studio.get().zone).date()
