"""Vidu's credits: so many for the first second, so many for each one more."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from studio.sandbox.rules.model import Values

Credits = Callable[[int], int]


def steps(first: int, more: int) -> Credits:
    return lambda seconds: first + more * (seconds - 1)


def two_first(one: int, two: int, more: int) -> Credits:
    """The first two seconds have prices of their own."""
    return lambda seconds: one if seconds == 1 else two + more * (seconds - 2)


def flat(amount: int) -> Credits:
    return lambda seconds: amount


def by_length(**amounts: int) -> Credits:
    """`s4=40, s8=100`."""
    return lambda seconds: amounts[f"s{seconds}"]


def tariff(**resolutions: Credits) -> Callable[[Values], Decimal]:
    """`p720=…`: credits of a request, with what is added for sound and for Vidu's own prompt.

    Off peak costs half. Vidu counts whole credits and does not say how it rounds: up, here.
    """

    def price(values: Values) -> Decimal:
        resolution = str(values["resolution"])
        credits = resolutions[f"p{resolution.removesuffix('p')}"](values["duration"])
        credits += 15 * _is(values, "audio") + 10 * _is(values, "is_rec")
        return Decimal(math.ceil(credits / 2) if _is(values, "off_peak") else credits)

    return price


def _is(values: Values, name: str) -> bool:
    found: Any = values.get(name)
    return found is True
