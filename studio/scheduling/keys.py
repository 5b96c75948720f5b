"""Keys of accounts: sealed at rest, opened only for whoever sends, and shown by their end alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import cipher, clock
from studio.scheduling.models import ProviderAccount, ProviderKey

LONGEST = 1000
# Of a shorter key the last characters would tell too much.
LONG_ENOUGH_TO_SHOW = 16
TAIL = 4
HIDDEN = "••••"


class NoEntry(Exception):
    """There is no key for this account, or no address: nothing can be sent."""


@dataclass(frozen=True)
class Entry:
    """How to be let in: the address before every path, the key, and a relay's own words."""

    base_url: str
    key: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)


class KeyState(StrEnum):
    READY = "ready"
    # Not in the environment any more.
    MISSING = "missing"
    # None of STUDIO_ENCRYPTION_KEYS opens it.
    SEALED = "sealed"


def access(account: ProviderAccount, key: ProviderKey | None = None) -> Entry:
    """With `key`, which may be one that has been replaced; None: the one in use now.

    Raises `NoEntry`, and `cipher.WrongKey` for one that cannot be opened.
    """
    if not account.address:
        raise NoEntry(f"{account.provider} has no address")
    return Entry(account.address, _secret(account, key), account.options)


def _secret(account: ProviderAccount, key: ProviderKey | None) -> str:
    if account.from_environment:
        secret = settings.PROVIDER_KEYS.get(account.provider, "")
    else:
        row = key or in_use(account)
        secret = cipher.decrypt(row.sealed) if row and row.sealed else ""
    if not secret:
        raise NoEntry(f"{account.provider} has no key")
    return secret


def in_use(account: ProviderAccount) -> ProviderKey | None:
    """What new jobs are sent with; None where the key is the environment's."""
    return account.keys.filter(retired_at=None).first()


def tail(account: ProviderAccount) -> str:
    """The end of its key as it is shown, "••••abcd"; empty without a key."""
    if account.from_environment:
        return _shown(_end(settings.PROVIDER_KEYS.get(account.provider, "")))
    row = in_use(account)
    return _shown(row.tail) if row else ""


def _shown(end: str | None) -> str:
    return "" if end is None else HIDDEN + end


def _end(secret: str) -> str | None:
    if not secret:
        return None
    return secret[-TAIL:] if len(secret) >= LONG_ENOUGH_TO_SHOW else ""


def state(account: ProviderAccount) -> KeyState:
    try:
        _secret(account, None)
    except NoEntry:
        return KeyState.MISSING
    except cipher.WrongKey:
        return KeyState.SEALED
    return KeyState.READY


def check(typed: str) -> str:
    """The key to keep. Raises `Refused` at "api_key"; its words never repeat what was typed."""
    secret = typed.strip()
    if not secret:
        raise Refused(_("Paste the key."), field="api_key")
    if len(secret) > LONGEST or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise Refused(_("This is no key: it has spaces or signs that no key has."), field="api_key")
    return secret


def put(account: ProviderAccount, secret: str) -> ProviderKey:
    """Inside a transaction: the key from now on. What was in use before stays readable."""
    account.keys.filter(retired_at=None).update(retired_at=clock.now())
    sealed = cipher.encrypt(secret)
    return ProviderKey.objects.create(account=account, sealed=sealed, tail=_end(secret) or "")


@transaction.atomic
def replace(account: ProviderAccount, typed: str, *, actor: User) -> ProviderKey:
    """New jobs go out with this key; those under way are asked for with the one that sent them.

    Raises `Refused` for what is no key, and where the key is the environment's.
    """
    secret = check(typed)
    if account.from_environment:
        raise Refused(_("This key is in the environment and is changed there."), field="api_key")
    # Whoever is choosing a seat has its key by now; whoever chooses after this takes the new one.
    ProviderAccount.objects.hold_still(account)
    before = tail(account)
    row = put(account, secret)
    # What is known of the old key says nothing about this one.
    account.proved_at, account.last_error, account.last_error_at = None, "", None
    account.save(update_fields=["proved_at", "last_error", "last_error_at"])
    record(
        actor,
        "provider.replace_key",
        kind="provider",
        uid=account.uid,
        before={"key": before},
        after={"key": tail(account)},
    )
    return row


def forget(account: ProviderAccount, *, still_used: Collection[int] = ()) -> int:
    """Destroy the replaced keys but those `still_used` (by primary key); how many there were.

    Ask what is still used after the change of keys has been committed: then nobody chooses an old
    one any more.
    """
    retired = account.keys.exclude(retired_at=None).exclude(sealed="")
    return retired.exclude(pk__in=still_used).update(sealed="")


def hide(account: ProviderAccount, text: str) -> str:
    """`text` without any key of the account: what a provider says may repeat what it was sent."""
    for secret in _secrets(account):
        text = text.replace(secret, HIDDEN)
    return text


def _secrets(account: ProviderAccount) -> list[str]:
    found = [settings.PROVIDER_KEYS.get(account.provider, "")]
    for row in account.keys.exclude(sealed=""):
        try:
            found.append(cipher.decrypt(row.sealed))
        except cipher.WrongKey:
            # What cannot be opened was not sent either, so nobody can repeat it.
            continue
    return [secret for secret in found if secret]
