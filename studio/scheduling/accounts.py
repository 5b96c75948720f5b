"""Accounts at providers: connecting, limits, pausing, and what is learned of them at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import clock
from studio.scheduling import addresses, keys
from studio.scheduling.models import ProviderAccount

# The one account of a provider whose key is the environment's. Nobody else may be called so.
ENVIRONMENT = "Environment"
# Where nobody has said otherwise: what the most careful of the providers grants.
FIRST_LIMIT = 5
MOST_IN_FLIGHT = 500
LONGEST_REASON = 255


@dataclass(frozen=True)
class Allowance:
    """How many jobs at a time, by the customer's `level` where the provider has levels."""

    limit: int
    level: str = ""

    @classmethod
    def of(cls, levels: Mapping[str, int], *, level: str = "", limit: int | None) -> "Allowance":
        """Raises `Refused` at "level" or "limit"."""
        if levels:
            if level not in levels:
                raise Refused(_("Choose one of the levels."), field="level")
            return cls(levels[level], level)
        if limit is None or not 1 <= limit <= MOST_IN_FLIGHT:
            most = {"most": MOST_IN_FLIGHT}
            raise Refused(_("1 to %(most)s jobs at a time.") % most, field="limit")
        return cls(limit)


@dataclass(frozen=True)
class Newcomer:
    """What an admin says of a new account. `base_url` empty: the provider's own."""

    provider: str
    name: str
    key: str = field(repr=False)
    allowance: Allowance = Allowance(FIRST_LIMIT)
    base_url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def connect(actor: User, newcomer: Newcomer) -> ProviderAccount:
    """Raises `Refused` at "api_key", "base_url" or "name", having kept nothing."""
    secret = keys.check(newcomer.key)
    account = ProviderAccount(
        provider=newcomer.provider,
        name=newcomer.name,
        level=newcomer.allowance.level,
        in_flight_limit=newcomer.allowance.limit,
        base_url=_address(newcomer),
        options=dict(newcomer.options),
    )
    _keep_name(account)
    keys.put(account, secret)
    facts = {"provider": account.provider, "name": account.name, "address": account.address}
    _record(actor, "provider.connect", account, after={**facts, "key": keys.tail(account)})
    return account


def _address(newcomer: Newcomer) -> str:
    if newcomer.base_url:
        return addresses.check(newcomer.base_url)
    if not addresses.standing(newcomer.provider):
        raise Refused(_("A relay has no address of its own: write it here."), field="base_url")
    return ""


def _keep_name(account: ProviderAccount) -> None:
    taken = Refused(_("Another account of this provider has that name."), field="name")
    if account.name.casefold() == ENVIRONMENT.casefold():
        raise taken
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise taken from error


def environment() -> None:
    """Make the account of each key that the environment gives. Cheap, and safe to do at once.

    Where a key is gone the row stays, for what was made through it: `connected` leaves it out.
    """
    given = {provider for provider, key in settings.PROVIDER_KEYS.items() if key}
    there = ProviderAccount.objects.filter(from_environment=True).values_list("provider", flat=True)
    for provider in sorted(given - set(there)):
        ProviderAccount.objects.get_or_create(
            provider=provider,
            name=ENVIRONMENT,
            from_environment=True,
            removed_at=None,
            defaults={"in_flight_limit": FIRST_LIMIT},
        )


@transaction.atomic
def rename(account: ProviderAccount, name: str, *, actor: User) -> None:
    """Raises `Refused` at "name" where it is taken, and for the one of the environment."""
    if account.from_environment:
        raise Refused(_("The account of the environment keeps its name."), field="name")
    before = account.name
    if name == before:
        return
    account.name = name
    try:
        _keep_name(account)
    except Refused:
        account.name = before
        raise
    _record(actor, "provider.rename", account, {"name": before}, {"name": name})


@transaction.atomic
def set_allowance(account: ProviderAccount, allowance: Allowance, *, actor: User) -> None:
    """From now on so many at a time. What was learned from being turned away is forgotten."""
    before = {"level": account.level, "limit": account.in_flight_limit}
    account.level, account.in_flight_limit = allowance.level, allowance.limit
    account.ceiling = account.ceiling_at = None
    account.save(update_fields=["level", "in_flight_limit", "ceiling", "ceiling_at"])
    after = {"level": allowance.level, "limit": allowance.limit}
    if after != before:
        _record(actor, "provider.set_limit", account, before, after)


@transaction.atomic
def move(
    account: ProviderAccount,
    base_url: str,
    options: Mapping[str, str],
    *,
    key: str,
    actor: User,
    open_jobs: Callable[[], int],
) -> None:
    """Send to another address from now on, with the key for it.

    The key is asked for anew, so that nobody can have one sent to an address of their own. Raises
    `Refused` while jobs are open: their keys would be sent there too.
    """
    moved = Newcomer(account.provider, account.name, key, base_url=base_url, options=options)
    address = _address(moved)
    ProviderAccount.objects.hold_still(account)
    if open_jobs():
        raise Refused(_("Jobs are under way at the present address."), field="base_url")
    before = {"address": account.address, **account.options}
    keys.replace(account, key, actor=actor)
    keys.forget(account)
    account.base_url, account.options = address, dict(options)
    account.save(update_fields=["base_url", "options"])
    after = {"address": account.address, **account.options}
    _record(actor, "provider.move", account, before, after)


@transaction.atomic
def pause(account: ProviderAccount, reason: str = "", *, actor: User) -> bool:
    """Nothing new is sent; what is under way is looked after. False: it was paused already."""
    return _pause(account, "", reason, actor)


@transaction.atomic
def pause_for(account: ProviderAccount, kind: str, reason: str) -> bool:
    """The studio pauses it by itself. `kind`: a `providers.base.Kind`; `reason`: the provider's
    words. True the first time: admins must be told."""
    return _pause(account, kind, keys.hide(account, reason), None)


def _pause(account: ProviderAccount, kind: str, reason: str, actor: User | None) -> bool:
    paused = {
        "paused_at": clock.now(),
        "paused_kind": kind,
        "paused_reason": reason[:LONGEST_REASON],
    }
    if not ProviderAccount.objects.filter(pk=account.pk, paused_at=None).update(**paused):
        return False
    after = {"kind": kind} if kind else {}
    _record(actor, "provider.pause", account, after=after, reason=reason[:LONGEST_REASON])
    account.refresh_from_db()
    return True


@transaction.atomic
def resume(account: ProviderAccount, *, actor: User) -> bool:
    """Send again, at once. False: it was not paused."""
    paused = ProviderAccount.objects.filter(pk=account.pk).exclude(paused_at=None)
    free = {"paused_at": None, "paused_kind": "", "paused_reason": "", "busy_until": None}
    if not paused.update(**free):
        return False
    _record(actor, "provider.resume", account)
    account.refresh_from_db()
    return True


@transaction.atomic
def disconnect(account: ProviderAccount, *, actor: User, open_jobs: Callable[[], int]) -> None:
    """Never again, and its keys are destroyed. The row stays for what was made through it.

    `open_jobs` counts what is under way, while nobody can choose a seat of it. Raises `Refused`
    where there is something, and where the key is the environment's.
    """
    if account.from_environment:
        raise Refused(_("This key is in the environment and is taken away there."))
    if not ProviderAccount.objects.hold_still(account):
        return
    if open_jobs():
        raise Refused(_("Jobs are under way here. Pause it, and disconnect when they are done."))
    account.keys.filter(retired_at=None).update(retired_at=clock.now())
    keys.forget(account)
    account.removed_at = clock.now()
    account.save(update_fields=["removed_at"])
    _record(actor, "provider.disconnect", account, before={"name": account.name})


def note_error(account: ProviderAccount, message: str) -> None:
    words = keys.hide(account, message)[:LONGEST_REASON]
    _note(account, last_error=words, last_error_at=clock.now())


def note_proved(account: ProviderAccount) -> None:
    """Its key has just done something that only a good key can."""
    _note(account, proved_at=clock.now())


def note_balance(account: ProviderAccount, left: Decimal, unit: str) -> None:
    """What the provider says is left, in `unit`: a currency or its own credits."""
    _note(account, balance=left, balance_unit=unit, balance_at=clock.now())


def _note(account: ProviderAccount, **facts: object) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**facts)
    for name, value in facts.items():
        setattr(account, name, value)


def _record(
    actor: User | None,
    action: str,
    account: ProviderAccount,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    record(
        actor,
        action,
        kind="provider",
        uid=account.uid,
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )
