from decimal import Decimal

import pytest

from studio.lib.amounts import AmountField
from studio.lib.money import InexactAmount

kept = AmountField()


@pytest.mark.parametrize("amount", ["0", "0.000001", "-12.5", "999999999999.999999"])
def test_an_amount_comes_back_from_the_database_as_it_went_in(amount: str) -> None:
    stored = kept.get_prep_value(Decimal(amount))
    assert isinstance(stored, int)
    assert kept.from_db_value(stored) == Decimal(amount)


@pytest.mark.parametrize("amount", ["0.0000001", "NaN", "Infinity", "1e12"])
def test_what_the_books_cannot_hold_exactly_is_not_stored(amount: str) -> None:
    with pytest.raises(InexactAmount):
        kept.get_prep_value(Decimal(amount))


def test_nothing_stays_nothing() -> None:
    assert kept.get_prep_value(None) is None
    assert kept.from_db_value(None) is None
