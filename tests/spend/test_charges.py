"""The provider's word about our money: taken when it can be one, doubted when it cannot."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from studio.spend import charges
from studio.spend.charges import ChargeUnclear, Frozen

IN_DOLLARS = Frozen(Decimal("0.20"), "USD")
IN_CREDITS = Frozen(Decimal("0.10"), "USD", Decimal("0.005"))


def test_a_charge_in_the_currency_of_the_quote_is_taken_as_stated() -> None:
    assert charges.amount(IN_DOLLARS, Decimal("0.18"), "USD") == Decimal("0.18")
    assert charges.amount(IN_DOLLARS, Decimal(0), "USD") == 0


def test_credits_are_worth_what_they_were_when_it_was_ordered() -> None:
    assert charges.amount(IN_CREDITS, Decimal(20), "credits") == Decimal("0.10")
    assert charges.amount(IN_CREDITS, Decimal("0.0001"), "credits") == Decimal("0.000001")
    assert charges.amount(IN_CREDITS, Decimal("0.12"), "USD") == Decimal("0.12")


@pytest.mark.parametrize("unit", ["CNY", "credits", "usd", ""])
def test_another_unit_than_was_quoted_is_doubted(unit: str) -> None:
    with pytest.raises(ChargeUnclear):
        charges.amount(IN_DOLLARS, Decimal("0.20"), unit)


@pytest.mark.parametrize("stated", ["-0.01", "NaN", "sNaN", "Infinity", "-Infinity", "1e400"])
def test_what_is_no_charge_is_doubted(stated: str) -> None:
    for frozen, unit in ((IN_DOLLARS, "USD"), (IN_CREDITS, "credits")):
        with pytest.raises(ChargeUnclear):
            charges.amount(frozen, Decimal(stated), unit)


def test_a_hundred_times_the_quote_is_the_most_that_is_believed() -> None:
    assert charges.amount(IN_DOLLARS, Decimal(20), "USD") == 20
    assert charges.amount(IN_CREDITS, Decimal(2000), "credits") == 10
    for frozen, stated, unit in (
        (IN_DOLLARS, "20.000001", "USD"),
        (IN_CREDITS, "2000.1", "credits"),
        (Frozen(Decimal(0), "USD"), "0.01", "USD"),
    ):
        with pytest.raises(ChargeUnclear):
            charges.amount(frozen, Decimal(stated), unit)


@given(
    some.decimals(0, 10, places=6),
    some.decimals("0.000001", 1, places=6),
    some.decimals(0, 1000, places=4),
)
def test_credits_are_never_turned_into_too_little(
    quoted: Decimal, value: Decimal, credits: Decimal
) -> None:
    try:
        found = charges.amount(Frozen(quoted, "USD", value), credits, "credits")
    except ChargeUnclear:
        assert credits * value > 99 * quoted
    else:
        assert Decimal(0) <= found - credits * value < Decimal("0.000001")
