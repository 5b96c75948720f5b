"""What one currency is worth in another, with its date and source. No rate, no job."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Context, Decimal
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import currencies
from studio.spend.models import Rate

# Every rate that ships is to one euro; two currencies without a rate of their own meet in it.
EURO = "EUR"
PLACES = Decimal("0.000000001")
# As the columns are: six digits before the point, nine behind it.
MOST = Decimal(10) ** 6
FIRST = Path(__file__).parent / "data" / "rates.toml"
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Found:
    """One of `base` is `rate` of `quote`, by what was said on the day `on`.

    A rate that goes by way of the euro is as old as the older of its two. `place` orders rates
    of one day as they were entered; those that ship stand before all.
    """

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str
    place: int = 0

    @property
    def inverse(self) -> "Found":
        rate = _EXACT.divide(Decimal(1), self.rate)
        return Found(self.quote, self.base, rate, self.on, self.source, self.place)


def rate(base: str, quote: str, on: date) -> Decimal | None:
    """Units of `quote` for one `base`, of the newest date up to `on`; None where none is known.

    Rounded up to nine places: what is held by it may be a hair too much, never too little.
    """
    found = find(base, quote, on)
    return found.rate if found else None


def find(base: str, quote: str, on: date) -> Found | None:
    """As `rate`, with where it comes from. Raises nothing for a currency nobody knows."""
    if base == quote:
        return Found(base, quote, Decimal(1), on, "")
    known = newest({base, quote, EURO}, on)
    ways = (_own(known, base, quote), _by_way_of_the_euro(known, base, quote))
    found = max((way for way in ways if way), key=lambda way: way.on, default=None)
    if found is None:
        return None
    rounded = found.rate.quantize(PLACES, rounding=ROUND_CEILING, context=_EXACT)
    return Found(base, quote, rounded, found.on, found.source, found.place)


def newest(among: Iterable[str], on: date) -> list[Found]:
    """The newest rate of every pair of these currencies, entered or shipped, up to `on`."""
    wanted = set(among)
    known = [*_shipped(wanted, on), *_entered(wanted, on)]
    latest = {(one.base, one.quote): one for one in sorted(known, key=_age)}
    return list(latest.values())


def known(on: date) -> list[Found]:
    """The newest rate of every pair there is, up to `on`."""
    return newest(currencies.in_use(), on)


@transaction.atomic
def enter(actor: User, base: str, quote: str, value: Decimal, *, on: date, source: str) -> Rate:
    """Raises `Refused` at the field that is wrong."""
    for field, currency in (("base", base), ("quote", quote)):
        if currency not in currencies.in_use():
            raise Refused(_("There is no such currency."), field=field)
    if base == quote:
        raise Refused(_("Choose two currencies."), field="quote")
    if not value.is_finite() or not 0 < value < MOST or value != value.quantize(PLACES):
        raise Refused(_("A number above zero, with at most nine places."), field="rate")
    if not source.strip():
        raise Refused(_("Say where it was read."), field="source")
    row = Rate.objects.create(base=base, quote=quote, rate=value, on=on, source=source, actor=actor)
    record(actor, "rate.enter", kind="rate", after=row.as_audited(), reason=source)
    return row


def _own(known: Iterable[Found], base: str, quote: str) -> Found | None:
    """The newer of the rate and its inverse; on one day, what was entered last."""
    ways = [one for one in known if (one.base, one.quote) == (base, quote)]
    ways += [one.inverse for one in known if (one.quote, one.base) == (base, quote)]
    return max(ways, key=_age, default=None)


def _by_way_of_the_euro(known: Iterable[Found], base: str, quote: str) -> Found | None:
    if EURO in (base, quote):
        return None
    here, there = _own(known, base, EURO), _own(known, EURO, quote)
    if here is None or there is None:
        return None
    source = here.source if here.source == there.source else f"{here.source}; {there.source}"
    on, product = min(here.on, there.on), _EXACT.multiply(here.rate, there.rate)
    return Found(base, quote, product, on, source)


def _age(one: Found) -> tuple[date, int]:
    return one.on, one.place


def _shipped(wanted: set[str], on: date) -> Iterator[Found]:
    return (one for one in shipped() if {one.base, one.quote} <= wanted and one.on <= on)


def _entered(wanted: set[str], on: date) -> Iterator[Found]:
    rows = Rate.objects.filter(base__in=wanted, quote__in=wanted, on__lte=on)
    days = rows.order_by().values_list("base", "quote").annotate(day=Max("on"))
    last = [Q(base=base, quote=quote, on=day) for base, quote, day in days]
    if not last:
        return
    for row in Rate.objects.filter(_any(last)):
        yield Found(row.base, row.quote, row.rate, row.on, row.source, row.pk)


def _any(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


@cache
def shipped() -> tuple[Found, ...]:
    """The rates that a studio starts with."""
    table = tomllib.loads(FIRST.read_text("utf-8"), parse_float=Decimal)
    return tuple(
        Found(table["base"], currency, Decimal(value), table["on"], table["source"])
        for currency, value in table["rates"].items()
    )
