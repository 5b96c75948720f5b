from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Value

from studio.lib.money import PLACES, exact

if TYPE_CHECKING:
    _Integers = models.BigIntegerField[Decimal, Decimal]
else:
    _Integers = models.BigIntegerField


class AmountField(_Integers):
    """An amount of money: a Decimal in Python, whole millionths in the database.

    SQLite has no decimals. A DecimalField there is a float, so that ten times 0.1 is not 1;
    and a Decimal inside an expression is sent as text, which is greater than every number, so
    that a guard such as `held + spent + 1.0 <= limit` lets everything through.
    """

    def from_db_value(self, value: Any, *context: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-PLACES)

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else int(exact(Decimal(value)).scaleb(PLACES))


def literal(amount: Decimal) -> Value:
    """`amount` for use beside F() in an expression."""
    return Value(amount, output_field=AmountField())
