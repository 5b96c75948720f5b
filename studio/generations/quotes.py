"""The price of a brief, before anybody presses the button."""

from dataclasses import dataclass
from decimal import Decimal

from studio.accounts.models import Studio
from studio.generations.briefs import Brief
from studio.generations.models import Generation
from studio.lib import clock, money
from studio.spend import charges, rates
from studio.spend.prices import price_of


@dataclass(frozen=True)
class Quote:
    """Per clip and for all `clips`, in the seller's currency and in the studio's.

    `rate` is what one of the seller's currency is in the studio's; None where the studio
    knows none, and then there is no `studio_amount` and no order. `credits` (per clip) and
    `credit_value` are 0 where the seller does not count in credits.
    """

    clips: int
    each: Decimal
    currency: str
    studio_currency: str
    rate: Decimal | None
    version: str
    unconfirmed: bool = False
    credits: Decimal = Decimal(0)
    credit_value: Decimal = Decimal(0)

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
    studio = Studio.get()
    if brief.spec.is_free:
        return Quote(clips, Decimal(0), studio.currency, studio.currency, Decimal(1), "free")
    found = price_of(brief.spec, brief.parameters)
    today = clock.now().astimezone(studio.zone).date()
    return Quote(
        clips=clips,
        each=found.amount,
        currency=found.currency,
        studio_currency=studio.currency,
        rate=rates.rate(found.currency, studio.currency, today),
        version=found.version,
        unconfirmed=found.unconfirmed,
        credits=found.credits or Decimal(0),
        credit_value=found.credit_value or Decimal(0),
    )


def frozen(generation: Generation) -> charges.Frozen:
    """The quote that it was ordered at, for reading what the provider charged."""
    return charges.Frozen(generation.price, generation.currency, generation.credit_value)
