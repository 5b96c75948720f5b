"""Who may run now. A seat is a row in flight, counted, never a counter that could leak."""

import os
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from studio.lib import clock
from studio.scheduling import accounts
from studio.scheduling.models import ProviderAccount

LOCAL = "local"

# After being turned away the ceiling grows by one seat in this time.
GROWTH = timedelta(minutes=2)


def local_seats() -> int:
    """One core stays free for the pages."""
    return max(1, (os.cpu_count() or 2) - 1)


def local_account() -> ProviderAccount:
    """This machine's renderer, with as many seats as the machine has cores to spare."""
    account, _ = ProviderAccount.objects.update_or_create(
        provider=LOCAL, name="This machine", defaults={"in_flight_limit": local_seats()}
    )
    return account


def connected() -> frozenset[str]:
    """The providers at which something can be ordered; the keys of the environment count."""
    accounts.environment()
    there = ProviderAccount.objects.connected().values_list("provider", flat=True)
    return frozenset({LOCAL, *there})


def lock_accounts(provider: str) -> list[ProviderAccount]:
    """The provider's accounts that may be sent something now, locked until the commit.

    The update is the lock on both engines: whoever counts seats after it counts alone. Always
    in the same order, so that two never wait for each other.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a seat is chosen inside a transaction")
    if provider == LOCAL:
        local_account()
    now = clock.now()
    open_now = ProviderAccount.objects.sending(now).filter(provider=provider)
    for pk in open_now.order_by("pk").values_list("pk", flat=True):
        ProviderAccount.objects.filter(pk=pk).update(chosen_at=now)
    # Read anew: whoever was waited for may have paused one.
    return list(open_now.order_by("pk"))


def limit(account: ProviderAccount, *, off_peak: bool) -> int:
    """How many jobs of this lane the account may have in flight now."""
    if off_peak:
        return account.off_peak_limit
    if account.ceiling is None or account.ceiling_at is None:
        return account.in_flight_limit
    grown = (clock.now() - account.ceiling_at) // GROWTH
    return min(account.in_flight_limit, account.ceiling + grown)


def turned_away(account: ProviderAccount, in_flight: int) -> None:
    """The provider had too many of ours: halve what we dare, and grow back slowly."""
    daring = max(1, in_flight // 2)
    ProviderAccount.objects.filter(pk=account.pk).update(ceiling=daring, ceiling_at=clock.now())


def be_patient(account: ProviderAccount, seconds: float) -> None:
    """Send nothing through this account for so long; never shortens an earlier wait."""
    until = clock.now() + timedelta(seconds=seconds)
    waiting = Q(busy_until=None) | Q(busy_until__lt=until)
    ProviderAccount.objects.filter(waiting, pk=account.pk).update(busy_until=until)
