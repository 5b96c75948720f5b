"""What a job cost in the end, from what its provider says; its money moves with its state."""

from dataclasses import dataclass
from decimal import Decimal

from studio.generations import complaints
from studio.generations.models import Attempt, Generation
from studio.generations.states import Charge
from studio.providers.base import Progress
from studio.providers.registry import traits
from studio.spend import charges, ledger
from studio.spend.charges import ChargeUnclear, Frozen


@dataclass(frozen=True)
class Bill:
    """`amount` in the seller's currency, 0 unless it is settled. `words` for the person."""

    charge: Charge
    amount: Decimal
    words: str

    @classmethod
    def unclear(cls) -> "Bill":
        return cls(Charge.UNCLEAR, Decimal(0), complaints.charge_unclear())


def of_success(generation: Generation, progress: Progress) -> Bill:
    """A clip was made: what is stated, or the quote where nothing is."""
    try:
        stated = _stated(generation, progress)
    except ChargeUnclear:
        return Bill.unclear()
    return Bill(Charge.SETTLED, generation.price if stated is None else stated, "")


def of_failure(generation: Generation, progress: Progress) -> Bill:
    """No clip was made: nothing is given back unless the provider says that it is free."""
    try:
        stated = _stated(generation, progress)
    except ChargeUnclear:
        return Bill.unclear()
    if stated is None and not traits(generation.provider).failed_is_free:
        return Bill.unclear()
    if stated:
        return Bill(Charge.SETTLED, stated, complaints.was_charged())
    return Bill(Charge.RELEASED, Decimal(0), complaints.nothing_charged())


def book(generation: Generation, attempt: Attempt, bill: Bill) -> None:
    """In the transaction that moved the generation."""
    if bill.charge == Charge.SETTLED:
        ledger.settle(generation.uid, bill.amount, attempt_uid=attempt.uid)
    elif bill.charge == Charge.RELEASED:
        ledger.release(generation.uid, reason="the provider charges nothing for it")


def given_back(generation: Generation) -> Charge:
    """Its charge once the hold is released."""
    return Charge.RELEASED if generation.charge == Charge.HELD else Charge(generation.charge)


def _stated(generation: Generation, progress: Progress) -> Decimal | None:
    if progress.charge_unclear:
        raise ChargeUnclear("not an amount")
    if progress.charged is None:
        return None
    quoted = Frozen(generation.price, generation.currency, generation.credit_value)
    return charges.amount(quoted, progress.charged, progress.unit)
