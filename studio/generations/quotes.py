"""The price of a brief, before anybody presses the button."""

from dataclasses import dataclass
from decimal import Decimal

from studio.accounts.models import Studio
from studio.catalogue.prices import price
from studio.generations.briefs import Brief
from studio.lib import money


@dataclass(frozen=True)
class Quote:
    """Per clip and for all `clips`, in the seller's currency and in the studio's.

    `rate` is what one of the seller's currency is in the studio's; None where the studio
    knows none, and then there is no `studio_amount` and no order.
    """

    clips: int
    each: Decimal
    currency: str
    studio_currency: str
    rate: Decimal | None
    version: str
    unconfirmed: bool = False

    @property
    def amount(self) -> Decimal:
        return self.each * self.clips

    @property
    def studio_each(self) -> Decimal | None:
        return None if self.rate is None else money.convert(self.each, self.rate)

    @property
    def studio_amount(self) -> Decimal | None:
        each = self.studio_each
        return None if each is None else each * self.clips

    @property
    def is_free(self) -> bool:
        return self.each == 0


def quote(brief: Brief, clips: int = 1) -> Quote:
    """Price `clips` clips of the brief. Raises `catalogue.prices.NoPrice`, never guesses."""
    studio_currency = Studio.get().currency
    if brief.spec.is_free:
        return Quote(clips, Decimal(0), studio_currency, studio_currency, Decimal(1), "free")
    found = price(brief.spec, brief.parameters)
    return Quote(
        clips=clips,
        each=found.amount,
        currency=found.currency,
        studio_currency=studio_currency,
        rate=Decimal(1) if found.currency == studio_currency else None,
        version=found.version,
        unconfirmed=brief.spec.price.unconfirmed if brief.spec.price else False,
    )
