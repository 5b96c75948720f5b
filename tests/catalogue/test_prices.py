from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalogue.combinations import combinations
from studio.catalogue.load import catalogue, model
from studio.catalogue.prices import NoPrice, deciding, price, price_range
from studio.catalogue.specs import ModelSpec, Value, When

PRO = "vidu/viduq2-pro-img2video"
TURBO = "vidu/viduq2-turbo-start-end2video"
FAST = "vidu/viduq2-pro-fast-img2video"
TEXT = "vidu/viduq2-text2video"
REFERENCE = "vidu/viduq2-reference2video"
OLD = "vidu/vidu2.0-img2video"


def clip(resolution: str, duration: int, **others: Value) -> dict[str, Value]:
    return {"resolution": resolution, "duration": duration, **others}


# Each figure worked out by hand from the credit table of the provider guide.
CREDITS: list[tuple[str, dict[str, Value], str]] = [
    (PRO, clip("720p", 5), "55"),  # the reply in the relay's page
    (PRO, clip("720p", 1), "15"),
    (PRO, clip("540p", 1), "8"),
    (PRO, clip("540p", 2), "10"),
    (PRO, clip("540p", 3), "15"),
    (PRO, clip("540p", 10), "50"),
    (PRO, clip("1080p", 1), "55"),
    (PRO, clip("1080p", 10), "190"),
    (TURBO, clip("540p", 8), "20"),
    (TURBO, clip("720p", 1), "8"),
    (TURBO, clip("720p", 2), "10"),
    (TURBO, clip("720p", 3), "20"),
    (TURBO, clip("1080p", 8), "105"),
    (FAST, clip("720p", 5), "16"),
    (FAST, clip("1080p", 10), "52"),
    (TEXT, clip("540p", 10), "28"),
    (TEXT, clip("720p", 5), "35"),
    (TEXT, clip("1080p", 1), "20"),
    (REFERENCE, clip("540p", 2), "20"),
    (REFERENCE, clip("720p", 5), "45"),
    (REFERENCE, clip("720p", 5, audio=True), "60"),
    (REFERENCE, clip("1080p", 10), "165"),
    (OLD, clip("360p", 4), "20"),
    (OLD, clip("720p", 4), "40"),
    (OLD, clip("720p", 8), "100"),
    (OLD, clip("1080p", 4), "100"),
    ("vidu/vidu2.0-reference2video", clip("360p", 4), "80"),
    ("vidu/viduq1-text2video", clip("1080p", 5), "80"),
    (PRO, clip("720p", 5, is_rec=True), "65"),
    (PRO, clip("720p", 5, off_peak=True), "27.5"),
    (PRO, clip("720p", 5, is_rec=True, off_peak=True), "32.5"),
    ("relay/viduq2-pro", clip("720p", 5), "55"),
    ("relay/viduq2-pro", clip("720p", 5, off_peak=True), "27.5"),
]


@pytest.mark.parametrize(("key", "values", "credits"), CREDITS)
def test_credits_follow_the_table_and_are_worth_half_a_cent(
    key: str, values: dict[str, Value], credits: str
) -> None:
    found = price(model(key), values)
    assert found.credits == Decimal(credits)
    assert found.amount == Decimal(credits) * Decimal("0.005")
    assert found.currency == "USD"


def test_the_relays_sample_costs_27_and_a_half_cents() -> None:
    assert price(model("relay/viduq2-pro"), clip("720p", 5)).amount == Decimal("0.275")


@pytest.mark.parametrize(
    ("key", "amount", "currency"),
    [
        ("zai/vidu2-image", "0.2", "USD"),
        ("zai/vidu2-start-end", "0.2", "USD"),
        ("zai/vidu2-reference", "0.4", "USD"),
        ("bigmodel/viduq1-text", "2.5", "CNY"),
        ("bigmodel/viduq1-image", "2.5", "CNY"),
        ("bigmodel/viduq1-start-end", "2.5", "CNY"),
        ("bigmodel/cogvideox-2", "0.5", "CNY"),
        ("jiekou/vidu-2.0-reference2video", "0.4", "USD"),
    ],
)
def test_flat_prices_are_those_of_the_pages(key: str, amount: str, currency: str) -> None:
    found = price(model(key), {})
    assert (found.amount, found.currency, found.credits) == (Decimal(amount), currency, None)


def test_the_local_renderer_costs_nothing() -> None:
    assert price(model("local/animatic"), {"duration": 16}).amount == 0


def test_a_missing_length_is_priced_as_the_models_default() -> None:
    spec = model(PRO)
    assert price(spec, {}) == price(spec, clip("720p", 5))


def test_what_has_no_row_has_no_price() -> None:
    with pytest.raises(NoPrice, match=r"vidu2\.0"):
        price(model(OLD), clip("1080p", 8))


def test_a_price_by_the_second_needs_a_length() -> None:
    spec = replace(model(PRO), seconds_from="")
    with pytest.raises(NoPrice):
        price(spec, {"resolution": "720p"})


def test_the_version_names_the_list_and_changes_with_its_figures() -> None:
    spec = model("zai/vidu2-image")
    assert spec.price is not None
    before = price(spec, {}).version
    assert before.startswith("zai 2026-01-24 ")
    assert len(before) <= 80
    row = replace(spec.price.rows[0], amount=Decimal("0.21"))
    dearer = replace(spec, price=replace(spec.price, rows=(row,)))
    assert price(dearer, {}).version != before
    reworded = replace(spec, price=replace(spec.price, reasoning="new words"))
    assert price(reworded, {}).version == before


def test_an_adjusted_price_has_a_version_of_its_own() -> None:
    spec = model(PRO)
    assert (
        price(spec, clip("720p", 5)).version != price(spec, clip("720p", 5, off_peak=True)).version
    )


def test_the_range_is_from_the_cheapest_to_the_dearest_clip() -> None:
    low, high = price_range(model(OLD))
    assert (low.credits, high.credits) == (Decimal(10), Decimal(110))


def test_rows_are_tried_in_order() -> None:
    spec = model("zai/vidu2-image")
    assert spec.price is not None
    special = replace(
        spec.price.rows[0], when=When((("size", ("720x480",)),)), amount=Decimal("0.1")
    )
    rows = (special, *spec.price.rows)
    both = replace(spec, price=replace(spec.price, rows=rows))
    assert price(both, {"size": "720x480"}).amount == Decimal("0.1")
    assert price(both, {"size": "1280x720"}).amount == Decimal("0.2")


def test_an_adjustment_adds_before_it_multiplies() -> None:
    spec = model(PRO)
    assert spec.price is not None
    both = replace(spec.price.adjustments[0], add=Decimal(10), factor=Decimal("0.5"))
    dear = replace(spec, price=replace(spec.price, adjustments=(both,)))
    assert price(dear, clip("720p", 5, is_rec=True)).credits == Decimal("32.5")


def _orders() -> list[tuple[ModelSpec, dict[str, Value]]]:
    return [
        (spec, values)
        for spec in catalogue().models.values()
        for mode in spec.modes
        for values in combinations(spec, mode, deciding(spec))
    ]


@given(st.sampled_from(_orders()))
def test_every_price_is_exact_positive_and_fits_the_books(
    order: tuple[ModelSpec, dict[str, Value]],
) -> None:
    spec, values = order
    found = price(spec, values)
    assert found.amount > 0 or spec.is_free
    assert found.amount == found.amount.quantize(Decimal("0.000001"))


@given(st.sampled_from([o for o in _orders() if "off_peak" in o[1]]))
def test_off_peak_is_exactly_half(order: tuple[ModelSpec, dict[str, Value]]) -> None:
    spec, values = order
    half = price(spec, values | {"off_peak": True}).amount
    assert half * 2 == price(spec, values | {"off_peak": False}).amount
