"""Every provider with its accounts, as the Providers page draws them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from studio.catalogue.load import catalogue
from studio.catalogue.specs import ProviderSpec
from studio.lib import clock
from studio.lib.money import Money
from studio.providers.base import Kind
from studio.providers.registry import traits
from studio.scheduling import accounts, hosts, keys, top_ups
from studio.scheduling.keys import KeyState
from studio.scheduling.models import MediaHost, ProviderAccount
from studio.sellers import figures
from studio.spend.models import Budget, Period, Scope


class Standing(StrEnum):
    """In the order in which they matter: the first that holds is said."""

    KEY_MISSING = "key missing"
    KEY_SEALED = "key sealed"
    NO_ADDRESS = "no address"
    PAUSED = "paused"
    PATIENT = "patient"
    UNPROVED = "unproved"
    READY = "ready"


WORDS: dict[Standing, tuple[str, Promise]] = {
    Standing.KEY_MISSING: ("failed", _("Key missing")),
    Standing.KEY_SEALED: ("failed", _("Key cannot be opened")),
    Standing.NO_ADDRESS: ("failed", _("Address missing")),
    Standing.PAUSED: ("unknown", _("Paused")),
    Standing.PATIENT: ("held", _("Asked for patience")),
    Standing.UNPROVED: ("", _("Not proved yet")),
    Standing.READY: ("done", _("Connected")),
}
# What the studio paused it for, in words; anything else in the provider's own.
REASONS: dict[str, Promise] = {
    Kind.KEY: _("The provider refuses the key."),
    Kind.BALANCE: _("No credit is left there."),
    Kind.PERMISSION: _("The key may not do what was asked of it."),
    Kind.QUOTA: _("The account's quota is used up."),
    Kind.MODEL: _("The provider does not let this account use the model."),
    Kind.PROVIDER: _("The provider has locked the account."),
}


@dataclass(frozen=True)
class Card:
    """One account. `left` is what should be there by the noted top-ups; empty: nobody knows."""

    account: ProviderAccount
    provider: ProviderSpec
    tail: str
    standing: Standing
    in_flight: int
    left: tuple[Money, ...]

    @property
    def dot(self) -> str:
        return WORDS[self.standing][0]

    @property
    def word(self) -> Promise:
        return WORDS[self.standing][1]

    @property
    def reason(self) -> Promise | str:
        """Why it is paused: by the kind of trouble, then what was said."""
        return REASONS.get(self.account.paused_kind, "")

    @property
    def tells_balance(self) -> bool:
        return traits(self.provider.key).tells_balance


@dataclass(frozen=True)
class Seller:
    provider: ProviderSpec
    cards: tuple[Card, ...]
    # New ones that were refused, and what was decided of the others.
    refused_hosts: tuple[MediaHost, ...]
    allowed_hosts: tuple[str, ...]

    @property
    def is_connected(self) -> bool:
        return any(card.standing in WORKING for card in self.cards)


WORKING = frozenset({Standing.PAUSED, Standing.PATIENT, Standing.UNPROVED, Standing.READY})


def sold() -> Mapping[str, ProviderSpec]:
    """The providers that want a key, by their own."""
    return {spec.key: spec for spec in catalogue().providers if not spec.free}


def sellers() -> tuple[Seller, ...]:
    """All of them, those with accounts first."""
    accounts.environment()
    found = list(ProviderAccount.objects.filter(removed_at=None).order_by("created_at", "pk"))
    cards = [card for card in cards_of(found) if _is_shown(card)]
    shown = [_seller(spec, cards) for spec in sold().values()]
    return tuple(sorted(shown, key=lambda seller: not seller.cards))


def _is_shown(card: Card) -> bool:
    """A key that left the environment is missed only while something was sent with it."""
    return card.standing != Standing.KEY_MISSING or figures.open_jobs(card.account) > 0


def _seller(spec: ProviderSpec, cards: Iterable[Card]) -> Seller:
    rows = MediaHost.objects.filter(provider=spec.key)
    return Seller(
        provider=spec,
        cards=tuple(card for card in cards if card.account.provider == spec.key),
        refused_hosts=tuple(rows.filter(is_allowed=False)),
        allowed_hosts=tuple(sorted(hosts.allowed(spec.key))),
    )


def cards_of(found: Iterable[ProviderAccount]) -> tuple[Card, ...]:
    """Those of the catalogue's paid providers."""
    specs = sold()
    rows = [account for account in found if account.provider in specs]
    flying = figures.in_flight(rows)
    return tuple(
        Card(
            account=account,
            provider=specs[account.provider],
            tail=keys.tail(account),
            standing=standing(account),
            in_flight=flying.get(account.pk, 0),
            left=top_ups.left(account, figures.settled(account)),
        )
        for account in rows
    )


def standing(account: ProviderAccount) -> Standing:
    key = keys.state(account)
    if key is not KeyState.READY:
        return Standing.KEY_MISSING if key is KeyState.MISSING else Standing.KEY_SEALED
    if not account.address:
        return Standing.NO_ADDRESS
    if account.paused_at:
        return Standing.PAUSED
    if account.busy_until and account.busy_until > clock.now():
        return Standing.PATIENT
    return Standing.READY if account.proved_at else Standing.UNPROVED


def daily_limit() -> Budget | None:
    """What the whole studio may spend in a day; None where nobody has said."""
    return Budget.objects.filter(scope=Scope.STUDIO, period=Period.DAY).first()


def asks_for_limit() -> bool:
    """With the first key: until there is a daily limit, or one who did without."""
    accounts.environment()
    is_first = not ProviderAccount.objects.connected().filter(provider__in=sold()).exists()
    return is_first and daily_limit() is None
