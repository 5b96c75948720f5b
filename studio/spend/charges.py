"""What a provider says that it charged, in the currency of the quote, or doubt.

A stated charge is the provider's word about our money: it is taken when it can be one, and
looked at by a person when it cannot.
"""

from dataclasses import dataclass
from decimal import Decimal

from studio.catalogue.specs import CREDITS
from studio.lib import money

# A charge this many times its quote is a misread number sooner than a bill.
ABSURD = 100


@dataclass(frozen=True)
class Frozen:
    """The quote as it was ordered: `amount` in `currency`.

    `credit_value` is what one credit was worth then; 0 where the seller does not count in them.
    """

    amount: Decimal
    currency: str
    credit_value: Decimal = Decimal(0)


class ChargeUnclear(Exception):
    """What was stated cannot be what this job cost; a person has to look. Says why."""


def amount(frozen: Frozen, stated: Decimal, unit: str) -> Decimal:
    """`stated` in the currency of the quote, rounded up to six places.

    Raises `ChargeUnclear` for another unit than was quoted in, and for what is no number,
    negative, or more than a hundred times the quote.
    """
    if not stated.is_finite() or stated < 0:
        raise ChargeUnclear(f"{stated} {unit} is no charge")
    value = _value(frozen, unit)
    # Compared before it is rounded: a number beyond what the books hold is absurd, not an error.
    if stated > ABSURD * frozen.amount / value:
        raise ChargeUnclear(f"{stated} {unit} for a clip quoted {frozen.amount} {frozen.currency}")
    return money.convert(stated, value)


def _value(frozen: Frozen, unit: str) -> Decimal:
    """What one `unit` is in the currency of the quote."""
    if unit == CREDITS and frozen.credit_value:
        return frozen.credit_value
    if unit == frozen.currency:
        return Decimal(1)
    raise ChargeUnclear(f"stated in {unit or 'no unit'}, quoted in {frozen.currency}")
