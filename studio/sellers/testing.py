"""Proving a key by a call that costs nothing, where the provider has one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from studio.generations import wire
from studio.providers import wires
from studio.providers.base import Balance
from studio.providers.door.call import call
from studio.providers.door.faults import DoorError
from studio.providers.errors import AccountTrouble, Busy, ProviderError
from studio.providers.registry import traits
from studio.scheduling import accounts
from studio.scheduling.models import ProviderAccount
from studio.sellers.board import REASONS

DEADLINE = 15.0  # seconds


@dataclass(frozen=True)
class Tested:
    works: bool
    words: str


def can_test(provider: str) -> bool:
    return traits(provider).tells_balance


def test(account: ProviderAccount) -> Tested:
    """Ask what is left, and note what that teaches of the account. Nothing is ever charged."""
    try:
        balance = _ask(account)
    except wire.NoAccess:
        return Tested(False, _("There is no key that could be tried."))
    except ProviderError as error:
        accounts.note_error(account, str(error))
        return Tested(False, _refusal(error))
    except DoorError as error:
        accounts.note_error(account, str(error))
        return Tested(False, _("The provider could not be reached; the key was not tried."))
    accounts.note_proved(account)
    accounts.note_balance(account, balance.left, balance.unit)
    return Tested(True, _("The key works."))


def _ask(account: ProviderAccount) -> Balance:
    adapter = wires.adapter(account.provider)
    request = adapter.balance(wire.access(account))
    return adapter.read_balance(call(request, wire.policy(), deadline=DEADLINE))


def _refusal(error: ProviderError) -> str:
    if isinstance(error, AccountTrouble):
        return str(REASONS.get(error.kind, _("The provider refuses the account.")))
    if isinstance(error, Busy):
        return _("The provider asks for patience; the key was not judged.")
    return _("The provider's answer says nothing about the key.")
