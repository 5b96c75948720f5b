"""Exact amounts. Six decimal places, always with a currency, never a float.

The one rule of rounding: what is converted by a rate is rounded up to the sixth place (a hold
may be a millionth too large, never too small); a seller's own amount is taken as stated;
nothing is rounded for display.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import floor

from babel import Locale
from babel.numbers import format_currency, get_currency_precision

PLACES = 6
MICRO = Decimal(1).scaleb(-PLACES)
# Above any budget there is; a thousand thousand such amounts still fit a 64-bit column.
MOST = Decimal(10) ** 12
# The default context would round the product of two long numbers in silence.
_EXACT = Context(prec=60)


class InexactAmount(ValueError):
    """Not a number, beyond what the books can hold, or with more places than they keep."""


class CurrencyMismatch(ValueError):
    """Two currencies never meet without a dated rate."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second} cannot be added or compared")


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + other.expressed_in(self.currency), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - other.expressed_in(self.currency), self.currency)

    def expressed_in(self, currency: str) -> Decimal:
        """The bare amount. Raises `CurrencyMismatch` when it is in another currency."""
        if currency != self.currency:
            raise CurrencyMismatch(currency, self.currency)
        return self.amount


def quantise(amount: Decimal, *, places: int = PLACES, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """`amount` with exactly so many places. Raises `InexactAmount` for NaN, infinity, too much."""
    if not amount.is_finite() or abs(amount) >= MOST:
        raise InexactAmount(f"{amount} is not an amount of money")
    return amount.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_EXACT)


def exact(amount: Decimal, *, places: int = PLACES) -> Decimal:
    """`amount` with exactly so many places. Raises `InexactAmount` rather than round."""
    quantised = quantise(amount, places=places)
    if quantised != amount:
        raise InexactAmount(f"{amount} has more than {places} decimal places")
    return quantised


def convert(amount: Decimal, rate: Decimal) -> Decimal:
    """`amount` at `rate` (units of the other currency for one of this), rounded up."""
    return quantise(_EXACT.multiply(amount, rate), rounding=ROUND_CEILING)


def split(
    amount: Decimal, weights: Sequence[Decimal | int], *, places: int = PLACES
) -> list[Decimal]:
    """Divide by weight so that the parts sum to `amount` exactly (largest remainder).

    Each part is within one unit of its exact share; equal remainders go to the earlier part.
    """
    whole = sum(map(Fraction, weights))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights are not negative and not all zero")
    units = int(exact(amount, places=places).scaleb(places))
    shares = [units * Fraction(weight) / whole for weight in weights]
    parts = [floor(share) for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda part: parts[part] - shares[part])
    for part in by_remainder[: units - sum(parts)]:
        parts[part] += 1
    return [Decimal(part).scaleb(-places) for part in parts]


def digits(currency: str) -> int:
    """How many decimal places the currency's coins have: 2 for USD, 0 for JPY."""
    return get_currency_precision(currency)


def display(amount: Decimal, currency: str, language: str) -> str:
    """As people of `language` (Django's code) write it, the currency always beside it.

    Shows every place that is not zero and never rounds: a price is not shown smaller, nor
    what is left of a budget larger, than it is.
    """
    return format_currency(
        exact(amount).normalize(),
        currency,
        locale=Locale.parse(language, sep="-"),
        decimal_quantization=False,
    )
