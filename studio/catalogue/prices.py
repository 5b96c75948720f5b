"""The exact price of a brief, from the model's price list. No price, no job."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from studio.catalogue.combinations import combinations
from studio.catalogue.specs import Adjustment, ModelSpec, PriceList, PriceRow, Value, Values


@dataclass(frozen=True)
class Price:
    """One clip. `version` names the row it came from.

    `credits` where the seller counts in them, each worth `credit_value` of the currency.
    """

    amount: Decimal
    currency: str
    credits: Decimal | None
    version: str
    credit_value: Decimal | None = None
    unconfirmed: bool = False


# Nothing is paid, so any currency is true; a record needs one all the same.
FREE = Price(Decimal(0), "USD", None, "free")


class NoPrice(Exception):
    """The list has no price for these values; such a job must not be sent."""


def price(spec: ModelSpec, values: Values) -> Price:
    """What one clip costs. A value that is missing counts as the model's default.

    Raises NoPrice.
    """
    prices = spec.price
    if prices is None:
        return FREE
    given = completed(spec, values)
    row = _row(spec, prices, given)
    applied = [a for a in prices.adjustments if a.when.holds(given)]
    units = _units(row, applied, _seconds(spec, given))
    return Price(
        amount=units if prices.credit_value is None else units * prices.credit_value,
        currency=prices.currency,
        credits=None if prices.credit_value is None else units,
        version=_version(spec.provider, prices, row, applied),
        credit_value=prices.credit_value,
        unconfirmed=prices.unconfirmed,
    )


def completed(spec: ModelSpec, values: Values) -> dict[str, Value]:
    """The values with the model's default wherever one is missing."""
    stated = {p.name: p.default for p in spec.parameters if p.default is not None}
    return stated | dict(values)


def price_range(spec: ModelSpec) -> tuple[Price, Price]:
    """The cheapest and the dearest clip that can be ordered. Raises NoPrice."""
    each = [
        price(spec, values)
        for mode in spec.modes
        for values in combinations(spec, mode, deciding(spec))
    ]
    return min(each, key=_amount), max(each, key=_amount)


def deciding(spec: ModelSpec) -> tuple[str, ...]:
    """Names of the parameters on which the price depends."""
    if spec.price is None:
        return ()
    whens = [row.when for row in spec.price.rows] + [a.when for a in spec.price.adjustments]
    names = {name for when in whens for name, _ in when.values}
    return tuple(sorted(names | ({spec.seconds_from} - {""})))


def _row(spec: ModelSpec, prices: PriceList, given: Values) -> PriceRow:
    for row in prices.rows:
        if row.when.holds(given):
            return row
    raise NoPrice(f"{spec.key} has no price for {dict(given)}")


def _seconds(spec: ModelSpec, given: Values) -> Decimal | None:
    asked = given.get(spec.seconds_from)
    return spec.seconds if asked is None else Decimal(asked)


def _units(row: PriceRow, applied: Iterable[Adjustment], seconds: Decimal | None) -> Decimal:
    units = row.amount
    if row.per_second:
        if seconds is None:
            raise NoPrice("a price by the second needs a length")
        units += row.per_second * max(seconds - row.included, Decimal(0))
    for adjustment in applied:
        units = (units + adjustment.add) * adjustment.factor
    return units


def _version(provider: str, prices: PriceList, row: PriceRow, applied: Iterable[Adjustment]) -> str:
    """Changes exactly when the figures behind the price do, or their date."""
    figures = [prices.currency, prices.credit_value, row.amount, row.included, row.per_second]
    figures += [figure for a in applied for figure in (a.add, a.factor)]
    digest = sha256(" ".join(map(str, figures)).encode()).hexdigest()[:8]
    return f"{provider} {prices.date} {digest}"


def _amount(found: Price) -> Decimal:
    return found.amount
