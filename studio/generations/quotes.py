"""The price of a brief, before anybody presses the button."""

from dataclasses import dataclass
from decimal import Decimal

from studio.accounts.models import Studio
from studio.catalogue.prices import price
from studio.generations.briefs import Brief


@dataclass(frozen=True)
class Quote:
    """Per clip and for all `takes`, in the seller's currency and in the studio's.

    `studio_amount` is None where the studio has no rate for the seller's currency.
    """

    takes: int
    each: Decimal
    currency: str
    studio_each: Decimal | None
    studio_currency: str
    version: str
    unconfirmed: bool = False

    @property
    def amount(self) -> Decimal:
        return self.each * self.takes

    @property
    def studio_amount(self) -> Decimal | None:
        return None if self.studio_each is None else self.studio_each * self.takes

    @property
    def is_free(self) -> bool:
        return self.each == 0


def quote(brief: Brief, takes: int = 1) -> Quote:
    """Price `takes` clips of the brief. Raises `catalogue.prices.NoPrice`, never guesses."""
    studio_currency = Studio.get().currency
    if brief.spec.is_free:
        zero = Decimal(0)
        return Quote(takes, zero, studio_currency, zero, studio_currency, "free")
    found = price(brief.spec, brief.parameters)
    same = found.currency == studio_currency
    return Quote(
        takes=takes,
        each=found.amount,
        currency=found.currency,
        studio_each=found.amount if same else None,
        studio_currency=studio_currency,
        version=found.version,
        unconfirmed=brief.spec.price.unconfirmed if brief.spec.price else False,
    )
