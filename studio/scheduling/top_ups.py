"""What was paid in at providers that do not tell what is left, and what should be left of it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import money
from studio.lib.money import InexactAmount, Money
from studio.scheduling.models import ProviderAccount, TopUp


@transaction.atomic
def note(
    account: ProviderAccount, paid: Money, *, at: datetime, words: str = "", actor: User
) -> TopUp:
    """Raises `Refused` at "amount" for nothing, less than nothing, or finer than coins."""
    try:
        amount = money.exact(paid.amount, places=money.digits(paid.currency))
    except InexactAmount as error:
        raise Refused(_("This is no amount in that currency."), field="amount") from error
    if amount <= 0:
        raise Refused(_("Write what was paid in: more than nothing."), field="amount")
    top_up = TopUp.objects.create(
        account=account, amount=amount, currency=paid.currency, at=at, note=words, actor=actor
    )
    record(actor, "provider.top_up", kind="provider", uid=account.uid, after=_facts(top_up))
    return top_up


@transaction.atomic
def take_back(top_up: TopUp, *, actor: User) -> None:
    """It was noted in error. Twice is once."""
    gone, _by_table = TopUp.objects.filter(pk=top_up.pk).delete()
    if gone:
        account = top_up.account
        record(
            actor,
            "provider.take_back_top_up",
            kind="provider",
            uid=account.uid,
            before=_facts(top_up),
        )


def left(account: ProviderAccount, settled: Mapping[str, Decimal]) -> tuple[Money, ...]:
    """What should be there now, by currency: all top-ups less what was `settled` in it.

    Empty where nothing was noted: then nobody can know.
    """
    paid = account.top_ups.order_by("currency").values("currency").annotate(sum=Sum("amount"))
    return tuple(
        Money(row["sum"] - settled.get(row["currency"], Decimal(0)), row["currency"])
        for row in paid
    )


def _facts(top_up: TopUp) -> dict[str, str]:
    return {"amount": str(top_up.amount), "currency": top_up.currency, "note": top_up.note}
