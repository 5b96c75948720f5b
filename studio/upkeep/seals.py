"""Can what lies sealed in the database be opened with the keys that we have?"""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection

from studio.lib import cipher
from studio.scheduling.models import ProviderKey


def missing_keys() -> list[str]:
    """The ids of the keys without which something stays shut; empty when all is well."""
    shut: set[str] = set()
    for sealed in _sealed():
        try:
            cipher.decrypt(sealed)
        except cipher.WrongKey:
            shut.add(cipher.sealed_with(sealed))
    return sorted(shut)


def have() -> list[str]:
    """The ids of the keys that we have, the one that encrypts first."""
    return [cipher.key_id(key) for key in settings.ENCRYPTION_KEYS]


def sealed_with() -> list[str]:
    """The ids of all keys under which something is sealed."""
    return sorted({cipher.sealed_with(sealed) for sealed in _sealed()})


def _sealed() -> Iterator[str]:
    """Every sealed value there is; none from tables that are not there yet."""
    tables = set(connection.introspection.table_names())
    if ProviderKey._meta.db_table in tables:
        kept = ProviderKey.objects.exclude(sealed="")
        yield from kept.values_list("sealed", flat=True).iterator()
    if Authenticator._meta.db_table in tables:
        for data in Authenticator.objects.values_list("data", flat=True).iterator():
            yield from _texts(data)


def _texts(data: dict[str, Any]) -> Iterator[str]:
    """The sealed ones among what allauth keeps of a second factor."""
    yield from (str(data[name]) for name in ("secret", "seed") if data.get(name))
