"""What the books refuse."""

from decimal import Decimal

from studio.spend.models import Period, Scope


class BudgetExceeded(Exception):
    """A budget has no room; nothing was held. `left` and `limit` are in `currency`."""

    def __init__(
        self, scope: Scope, period: Period, left: Decimal, limit: Decimal, currency: str
    ) -> None:
        super().__init__(f"{scope} budget of the {period}: {left} of {limit} {currency} left")
        self.scope = scope
        self.period = period
        self.left = left
        self.limit = limit
        self.currency = currency


class NothingHeld(Exception):
    """A charge was reported for a generation that never had a hold."""


class KeyTaken(Exception):
    """The key of a correction has corrected something else, or by another amount."""
