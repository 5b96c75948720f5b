from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.lib.money import (
    MOST,
    CurrencyMismatch,
    InexactAmount,
    Money,
    convert,
    digits,
    display,
    exact,
    quantise,
    split,
)

amounts = some.decimals(min_value=0, max_value=Decimal("99999999"), places=6)
rates = some.decimals(min_value=Decimal("0.000000001"), max_value=Decimal("99999"), places=9)


def test_two_currencies_are_never_added_or_compared() -> None:
    ten = Money(Decimal(10), "USD")
    assert ten + Money(Decimal("0.20"), "USD") == Money(Decimal("10.20"), "USD")
    assert ten - Money(Decimal("0.20"), "USD") == Money(Decimal("9.80"), "USD")
    for mixing in (
        lambda: ten + Money(Decimal(1), "CNY"),
        lambda: ten - Money(Decimal(1), "CNY"),
        lambda: ten.expressed_in("CNY"),
    ):
        with pytest.raises(CurrencyMismatch):
            mixing()


@pytest.mark.parametrize("wrong", ["NaN", "-Infinity", "1e400", "1000000000000"])
def test_what_is_no_amount_of_money_is_refused(wrong: str) -> None:
    with pytest.raises(InexactAmount):
        quantise(Decimal(wrong))


def test_an_exact_amount_is_never_rounded() -> None:
    assert exact(Decimal("0.1234560")) == Decimal("0.123456")
    assert exact(Decimal("9.50"), places=2) == Decimal("9.50")
    with pytest.raises(InexactAmount):
        exact(Decimal("0.1234567"))
    with pytest.raises(InexactAmount):
        exact(Decimal("0.001"), places=2)


@settings(max_examples=500)
@given(amounts, rates)
def test_a_converted_amount_is_rounded_up_by_less_than_a_millionth(
    amount: Decimal, rate: Decimal
) -> None:
    true = Fraction(amount) * Fraction(rate)
    if true < MOST:
        excess = Fraction(convert(amount, rate)) - true
        assert 0 <= excess < Fraction(1, 1_000_000)


@settings(max_examples=500)
@given(
    some.decimals(min_value=Decimal("-99999"), max_value=Decimal("99999"), places=2),
    some.lists(some.integers(0, 1000), min_size=1, max_size=40).filter(any),
)
def test_the_parts_of_a_split_sum_to_the_whole_and_none_is_a_unit_off(
    amount: Decimal, weights: list[int]
) -> None:
    parts = split(amount, weights, places=2)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        fair = Fraction(amount) * weight / sum(weights)
        assert abs(Fraction(part) - fair) < Fraction(1, 100)
        assert weight or not part


def test_what_is_left_of_a_split_goes_to_the_largest_remainders() -> None:
    assert split(Decimal("10.00"), [1, 1, 1], places=2) == [
        Decimal("3.34"),
        Decimal("3.33"),
        Decimal("3.33"),
    ]
    assert split(Decimal("0.01"), [1, 2], places=2) == [0, Decimal("0.01")]


@pytest.mark.parametrize("weights", [[0, 0], [2, -1]])
def test_a_split_by_impossible_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal(1), weights)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("20", "USD", "en", "$20.00"),
        ("0.200000", "USD", "en", "$0.20"),
        ("0.0125", "USD", "en", "$0.0125"),
        ("0.000001", "USD", "en", "$0.000001"),
        ("1234.5", "CNY", "en", "CN¥1,234.50"),
        ("0.2", "USD", "zh-hans", "US$0.20"),
        ("2.5", "CNY", "zh-hans", "¥2.50"),
        ("500", "JPY", "ja", "￥500"),
        ("2.5", "CNY", "ja", "元2.50"),
        ("-3", "EUR", "en", "-€3.00"),
    ],
)
def test_an_amount_is_shown_with_its_currency_and_every_place_it_has(
    amount: str, currency: str, language: str, shown: str
) -> None:
    assert display(Decimal(amount), currency, language) == shown


@settings(max_examples=500)
@given(amounts, some.sampled_from(["USD", "CNY", "JPY", "KWD"]))
def test_what_is_shown_is_neither_more_nor_less_than_what_is_meant(
    amount: Decimal, currency: str
) -> None:
    shown = display(amount, currency, "en")
    number = "".join(sign for sign in shown if sign.isdigit() or sign == ".")
    assert Decimal(number) == amount
    assert number != shown


def test_currencies_have_the_places_of_their_coins() -> None:
    assert [digits(currency) for currency in ("USD", "JPY", "KWD")] == [2, 0, 3]
