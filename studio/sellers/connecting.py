"""The first key and the daily limit, kept together or not at all."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.lib.money import InexactAmount
from studio.scheduling import accounts
from studio.scheduling.accounts import Newcomer
from studio.scheduling.models import ProviderAccount
from studio.spend import budgets
from studio.spend.models import Period


@dataclass(frozen=True)
class Wish:
    """`daily_limit` of the whole studio, in its currency; None: as it is."""

    newcomer: Newcomer
    daily_limit: Decimal | None = None


@transaction.atomic
def connect(actor: User, wish: Wish) -> ProviderAccount:
    """Raises `Refused` at the field that is wrong, having kept nothing."""
    account = accounts.connect(actor, wish.newcomer)
    if wish.daily_limit is not None:
        _limit(wish.daily_limit, actor)
    return account


def _limit(limit: Decimal, actor: User) -> None:
    try:
        budgets.set_limit(None, Period.DAY, limit, actor=actor)
    except InexactAmount as error:
        message = _("This is no amount in the studio's currency.")
        raise Refused(message, field="daily_limit") from error
