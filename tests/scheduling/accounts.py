"""What the tests of accounts share: a planted key, an account that has it."""

from typing import Any

from studio.accounts.models import User
from studio.scheduling import accounts
from studio.scheduling.accounts import Allowance, Newcomer
from studio.scheduling.models import ProviderAccount

# Never to be found anywhere but in the header of a call.
KEY = "sk-planted-0123456789abcdef-WXYZ"
TAIL = "••••WXYZ"
RELAY_BASE = "https://relay.example.com"


def newcomer(*, provider: str = "zai", key: str = KEY, **fields: Any) -> Newcomer:
    if provider == "relay":
        fields.setdefault("base_url", RELAY_BASE)
    fields.setdefault("name", "Main")
    fields.setdefault("allowance", Allowance(5))
    return Newcomer(provider=provider, key=key, **fields)


def connected(admin: User, **fields: Any) -> ProviderAccount:
    return accounts.connect(admin, newcomer(**fields))
