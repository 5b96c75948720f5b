"""Hold, settle, release: the three moves of money, each written once per generation; and adjust,
which corrects afterwards what was charged.

A hold belongs into the transaction that creates the order, a settle or a release into the one
that moves the generation; one such call in a transaction, since two could wait for each other.
Budgets count by the date of the hold, spend by the date of the settle, both in the studio's
time zone.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from studio.accounts.models import Project, Studio, User
from studio.audit.record import record
from studio.lib import clock, money
from studio.spend import windows
from studio.spend.errors import KeyTaken, NothingHeld
from studio.spend.models import Kind, LedgerEntry

log = logging.getLogger(__name__)

# What an entry that ends a hold takes over from it.
_FROM_THE_HOLD = (
    "generation_uid",
    "person",
    "project",
    "model",
    "provider",
    "currency",
    "studio_currency",
    "rate",
    "price_version",
    "held_on",
)


@dataclass(frozen=True)
class Hold:
    """What one generation will cost at most, and on whose account.

    `amount` is in the seller's `currency`; `studio_amount` is the same in `studio_currency`
    by `money.convert` at `rate`, which the quote froze (1 where the currencies are the same).
    """

    generation_uid: str
    person: User
    project: Project
    model: str
    provider: str
    amount: Decimal
    currency: str
    studio_amount: Decimal
    studio_currency: str
    rate: Decimal
    price_version: str

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a hold is not negative")
        if self.currency == self.studio_currency and self.rate != 1:
            raise ValueError("the rate within one currency is 1")
        if self.studio_amount != money.convert(self.amount, self.rate):
            raise ValueError("the studio amount is not the amount at its rate")


def hold(holds: Iterable[Hold]) -> None:
    """Reserve the money of all, or of none: raises `BudgetExceeded`, having held nothing.

    Free ones write nothing. A second hold for a generation is refused by the database.
    Must be called inside the transaction that creates what is paid for.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("hold() outside a transaction")
    paid = [each for each in holds if each.amount]
    if paid:
        with transaction.atomic():
            _hold(paid, clock.now())


def settle(
    generation_uid: str, amount: Decimal | None = None, *, attempt_uid: str = ""
) -> LedgerEntry | None:
    """Charge `amount` (in the seller's currency; default: what was held) and end the hold.

    Returns the entry that ended the hold: this one, or the first one, a release included,
    when it has ended before. None when nothing was held because it is free. More than was
    held is recorded as an overrun, never refused. Raises `NothingHeld` when an amount is
    charged for something that was free.
    """
    held = LedgerEntry.objects.hold_of(generation_uid).first()
    if held is None and amount:
        raise NothingHeld(generation_uid)
    if held is None:
        return None
    charged = held.amount if amount is None else money.exact(amount)
    if charged < 0:
        raise ValueError("a charge is not negative")
    entry = _entry_ending(held, Kind.SETTLE, charged)
    entry.attempt_uid = attempt_uid
    entry.overrun = max(entry.studio_amount - held.studio_amount, Decimal(0))
    return _end(held, entry, spent=entry.studio_amount)


def release(generation_uid: str, *, reason: str, actor: User | None = None) -> LedgerEntry | None:
    """Give back what was held, for a stated reason that proves that nothing is charged.

    `actor` None means that the studio decided. Returns as `settle` does.
    """
    if not reason.strip():
        raise ValueError("money is never given back without a reason")
    held = LedgerEntry.objects.hold_of(generation_uid).first()
    if held is None:
        return None
    entry = _entry_ending(held, Kind.RELEASE, held.amount)
    entry.note, entry.actor = reason, actor
    return _end(held, entry, spent=Decimal(0))


def adjust(
    generation_uid: str, amount: Decimal, *, key: str, reason: str, actor: User
) -> LedgerEntry:
    """Correct what was charged by `amount`, in the seller's currency; below zero: less.

    `key` (up to 64 characters) is the correction's own: pressed twice, it is the same entry.
    Counts in the budgets of the hold's day and in the spend of today, by the rate of the hold.
    Raises `NothingHeld` where there never was a hold, `KeyTaken` where the key has corrected
    something else, ValueError for no amount, no key or no reason.
    """
    if not reason.strip() or not key:
        raise ValueError("a correction has a key and a reason")
    if not money.exact(amount):
        raise ValueError("a correction by nothing is none")
    held = LedgerEntry.objects.hold_of(generation_uid).first()
    if held is None:
        raise NothingHeld(generation_uid)
    entry = _entry_ending(held, Kind.ADJUST, amount)
    entry.key, entry.note, entry.actor = key, reason, actor
    with transaction.atomic():
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError:
            return _earlier(entry)
        windows.end(_counted_in(held), Decimal(0), entry.studio_amount)
        _remember(entry)
    return entry


def _earlier(entry: LedgerEntry) -> LedgerEntry:
    first = LedgerEntry.objects.get(kind=Kind.ADJUST, key=entry.key)
    if (first.generation_uid, first.amount) != (entry.generation_uid, entry.amount):
        raise KeyTaken(entry.key)
    return first


def _remember(entry: LedgerEntry) -> None:
    record(
        entry.actor,
        "ledger.adjust",
        kind="generation",
        uid=entry.generation_uid,
        project_uid=entry.project.uid,
        after={"amount": str(entry.amount), "currency": entry.currency, "key": entry.key},
        reason=entry.note,
    )


def _hold(paid: Sequence[Hold], now: datetime) -> None:
    studio = _open_the_books(now)
    day = now.astimezone(studio.zone).date()
    amounts: defaultdict[windows.Window, Decimal] = defaultdict(Decimal)
    for each in paid:
        if each.studio_currency != studio.currency:
            raise money.CurrencyMismatch(each.studio_currency, studio.currency)
        counted_in = windows.of(project=each.project.uid, person=each.person.uid, day=day)
        for window in counted_in:
            amounts[window] += each.studio_amount
    windows.admit(amounts, studio.currency)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(kind=Kind.HOLD, at=now, held_on=day, booked_on=day, **vars(each))
        for each in paid
    )


def _open_the_books(now: datetime) -> Studio:
    # First, so that a change of zone or currency at this instant waits for us or we for it.
    Studio.objects.filter(books_opened_at=None).update(books_opened_at=now)
    return Studio.objects.get(pk=1)


def _entry_ending(held: LedgerEntry, kind: Kind, amount: Decimal) -> LedgerEntry:
    now = clock.now()
    return LedgerEntry(
        kind=kind,
        at=now,
        booked_on=now.astimezone(Studio.get().zone).date(),
        amount=amount,
        # What is taken off is rounded as what was added: one undoes the other exactly.
        studio_amount=money.convert(abs(amount), held.rate).copy_sign(amount),
        **{name: getattr(held, name) for name in _FROM_THE_HOLD},
    )


def _end(held: LedgerEntry, entry: LedgerEntry, *, spent: Decimal) -> LedgerEntry:
    with transaction.atomic():
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError:
            # The database knows one end of a hold. The first one stands, we do nothing.
            return LedgerEntry.objects.end_of(held.generation_uid).get()
        windows.end(_counted_in(held), held.studio_amount, spent)
    if entry.overrun:
        log.warning("%s: settled %s above its hold", entry.generation_uid, entry.overrun)
    return entry


def _counted_in(held: LedgerEntry) -> list[windows.Window]:
    return windows.of(project=held.project.uid, person=held.person.uid, day=held.held_on)
