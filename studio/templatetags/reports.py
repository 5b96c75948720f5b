"""How the pages of money write an amount in two currencies."""

from django import template

from studio.lib.money import Money
from studio.reports.sums import Spent

register = template.Library()


@register.filter
def foreign(spent: Spent, currency: str) -> tuple[Money, ...]:
    """The sellers' own amounts, where they are not all in this currency."""
    return spent.foreign(currency)
