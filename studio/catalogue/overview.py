"""All models side by side: what the catalogue says, ready to be read."""

from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal

from studio.catalogue.load import catalogue
from studio.catalogue.prices import price_range
from studio.catalogue.rules import spell
from studio.catalogue.specs import (
    Adjustment,
    ModelSpec,
    PictureRule,
    PriceList,
    PriceRow,
    ProviderSpec,
    Value,
    When,
)
from studio.catalogue.words import MODES
from studio.lib.money import display

# What a model calls the size of its clips.
_SIZES = ("size", "resolution")


@dataclass(frozen=True)
class Rate:
    """One line of a price list: `amount` for `included` seconds or, when 0, for the clip.

    `then`, where there is one, is for each further second.
    """

    terms: str
    amount: str
    included: int
    then: str


@dataclass(frozen=True)
class Extra:
    """What changes a price: an amount more, or the share of it that is paid, in per cent."""

    terms: str
    add: str
    percent: str


@dataclass(frozen=True)
class Tariff:
    """`lowest` and `highest` are equal where every clip costs the same."""

    prices: PriceList
    lowest: str
    highest: str
    rates: tuple[Rate, ...]
    extras: tuple[Extra, ...]


@dataclass(frozen=True)
class Pictures:
    """What the pictures of one mode must be; a text is empty where nothing is asked."""

    rule: PictureRule
    ratios: str
    pair: str


@dataclass(frozen=True)
class Row:
    """One model. `length` is empty where it can neither be chosen nor is known."""

    spec: ModelSpec
    modes: tuple[str, ...]
    length: str
    is_length_stated: bool
    sizes: str
    ratios: str
    follows_picture: bool
    pictures: tuple[Pictures, ...]
    tariff: Tariff | None


@dataclass(frozen=True)
class Seller:
    provider: ProviderSpec
    is_connected: bool
    rows: tuple[Row, ...]


def overview(language: str, connected: Container[str]) -> tuple[Seller, ...]:
    """The sellers, the `connected` first. Amounts as people of `language` write them."""
    sellers = [
        Seller(
            provider=provider,
            is_connected=provider.key in connected,
            rows=tuple(_row(spec, language) for spec in provider.models),
        )
        for provider in catalogue().providers
    ]
    return tuple(sorted(sellers, key=lambda seller: not seller.is_connected))


def _row(spec: ModelSpec, language: str) -> Row:
    duration = spec.parameter(spec.seconds_from)
    sizes = [size for size in _values(spec, *_SIZES) if size != "picture"]
    return Row(
        spec=spec,
        modes=tuple(MODES[mode] for mode in spec.modes),
        length=_span(duration.values) if duration else str(spec.seconds or ""),
        is_length_stated=spec.seconds is not None or bool(duration and duration.default),
        sizes=", ".join(_by(text) for text in sizes),
        ratios=", ".join(_values(spec, "aspect_ratio")),
        follows_picture=bool(spec.shape_follows_picture),
        pictures=tuple(_pictures(rule) for rule in spec.pictures.values()),
        tariff=_tariff(spec, spec.price, language) if spec.price else None,
    )


def _values(spec: ModelSpec, *names: str) -> list[str]:
    wanted = (spec.parameter(name) for name in names)
    return [spell(value) for parameter in wanted if parameter for value in parameter.values]


def _by(size: str) -> str:
    """1280x720 as 1280×720; any other word as it is."""
    width, x, height = size.partition("x")
    return f"{width}×{height}" if x and (width + height).isdigit() else size


def _pictures(rule: PictureRule) -> Pictures:
    low, high = rule.ratio_low, rule.ratio_high
    pair_low, pair_high = rule.pair_low, rule.pair_high
    return Pictures(
        rule=rule,
        ratios=f"{_ratio(low)}–{_ratio(high)}" if low and high else "",
        pair=f"{pair_low:g}–{pair_high:g}" if pair_low and pair_high else "",
    )


def _ratio(ratio: float) -> str:
    return f"{ratio:g}:1" if ratio >= 1 else f"1:{1 / ratio:g}"


def _span(values: tuple[Value, ...]) -> str:
    """1–10 for whole numbers in a row, else 4, 8."""
    numbers = [int(value) for value in values]
    in_a_row = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if in_a_row and len(numbers) > 2:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))


def _tariff(spec: ModelSpec, prices: PriceList, language: str) -> Tariff:
    lowest, highest = price_range(spec)
    return Tariff(
        prices=prices,
        lowest=display(lowest.amount, prices.currency, language),
        highest=display(highest.amount, prices.currency, language),
        rates=tuple(_rate(spec, prices, row, language) for row in prices.rows),
        extras=tuple(_extra(prices, adjustment, language) for adjustment in prices.adjustments),
    )


def _rate(spec: ModelSpec, prices: PriceList, row: PriceRow, language: str) -> Rate:
    return Rate(
        terms=_terms(row.when, spec.seconds_from),
        amount=_shown(prices, row.amount, language),
        included=row.included,
        then=_shown(prices, row.per_second, language) if row.per_second else "",
    )


def _extra(prices: PriceList, adjustment: Adjustment, language: str) -> Extra:
    return Extra(
        terms=_terms(adjustment.when, ""),
        add=_shown(prices, adjustment.add, language) if adjustment.add else "",
        percent="" if adjustment.factor == 1 else f"{(adjustment.factor * 100).normalize():f}",
    )


def _terms(when: When, seconds_from: str) -> str:
    """ "720p, 8 s"; a switch by its name."""
    return ", ".join(
        name if values[0] is True else _listed(values) + (" s" if name == seconds_from else "")
        for name, values in when.values
    )


def _listed(values: tuple[Value, ...]) -> str:
    return "/".join(spell(value) for value in values)


def _shown(prices: PriceList, units: Decimal, language: str) -> str:
    amount = units if prices.credit_value is None else units * prices.credit_value
    return display(amount, prices.currency, language)
