import subprocess
import sys

import pytest

from studio.catalogue.load import catalogue
from studio.providers.base import Traits
from studio.providers.registry import PROVIDERS, traits
from studio.providers.wires import UnknownProvider, adapter


def test_local_is_free_and_may_be_repeated() -> None:
    assert traits("local") == Traits(free=True, repeatable=True, can_cancel=True, lookup=False)


def test_nothing_is_relied_on_at_a_stranger() -> None:
    assert traits("nobody") == Traits()
    assert not any((Traits().free, Traits().repeatable, Traits().can_cancel, Traits().lookup))


def test_everybody_in_the_catalogue_can_be_spoken_to() -> None:
    assert {provider.key for provider in catalogue().providers} == set(PROVIDERS)
    for provider in catalogue().providers:
        assert traits(provider.key).free == provider.free


def test_a_paid_provider_has_a_wire_and_local_has_none() -> None:
    for key in set(PROVIDERS) - {"local"}:
        assert adapter(key) is adapter(key)
    for key in ("local", "nobody", ""):
        with pytest.raises(UnknownProvider):
            adapter(key)


def test_all_but_a_relay_have_an_address_of_their_own() -> None:
    addresses = {provider.key: provider.api for provider in catalogue().providers if provider.api}
    assert set(addresses) == {"zai", "bigmodel", "jiekou", "vidu"}
    for address in addresses.values():
        assert address.startswith("https://") and not address.endswith("/")


def test_what_pages_import_brings_no_wire_and_no_pixels() -> None:
    ask = "import sys, studio.providers.registry as r; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    brought = set(done.stdout.split())
    assert "studio.providers.registry" in brought
    assert not brought & {"PIL", "httpx", "aiohttp", "django", "studio.providers.vidu"}
