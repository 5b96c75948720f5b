"""Who may run now. A seat is a row in flight, counted, never a counter that could leak."""

import os

from django.db import transaction

from studio.lib import clock
from studio.scheduling.models import ProviderAccount

LOCAL = "local"


def local_seats() -> int:
    """One core stays free for the pages."""
    return max(1, (os.cpu_count() or 2) - 1)


def local_account() -> ProviderAccount:
    """This machine's renderer, with as many seats as the machine has cores to spare."""
    account, _ = ProviderAccount.objects.update_or_create(
        provider=LOCAL, name="This machine", defaults={"in_flight_limit": local_seats()}
    )
    return account


def connected(provider: str) -> bool:
    return provider == LOCAL or ProviderAccount.objects.filter(provider=provider).exists()


def lock_account(provider: str) -> ProviderAccount | None:
    """The provider's account, locked until the transaction ends; None while it is paused.

    The update is the lock on both engines: whoever counts seats after it counts alone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a seat is chosen inside a transaction")
    if provider == LOCAL:
        local_account()
    open_accounts = ProviderAccount.objects.filter(provider=provider, paused_at=None)
    account = open_accounts.order_by("chosen_at", "pk").first()
    if account is None:
        return None
    ProviderAccount.objects.filter(pk=account.pk).update(chosen_at=clock.now())
    return account
