"""Secrets at rest."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from studio.lib import cipher

OLD, NEW = "old-" * 8, "new-" * 8


def test_what_was_encrypted_comes_back_to_the_letter() -> None:
    assert cipher.decrypt(cipher.encrypt("key 鍵 🔑 ")) == "key 鍵 🔑 "


def test_the_same_secret_never_looks_the_same() -> None:
    assert cipher.encrypt("secret") != cipher.encrypt("secret")


def test_a_new_key_in_front_encrypts_and_the_old_one_still_opens(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = cipher.encrypt("secret")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert cipher.decrypt(sealed) == "secret"
    fresh = cipher.encrypt("secret")
    settings.ENCRYPTION_KEYS = [NEW]
    assert cipher.decrypt(fresh) == "secret"


@pytest.mark.parametrize("broken", ["", "secret", "gAAAAA", "é"])
def test_what_no_key_opens_is_an_error_and_never_the_value(settings: Any, broken: str) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = cipher.encrypt("secret")
    settings.ENCRYPTION_KEYS = [NEW]
    for value in (sealed, broken):
        with pytest.raises(cipher.WrongKey):
            cipher.decrypt(value)


def test_a_short_key_is_refused(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = ["password"]
    with pytest.raises(ImproperlyConfigured):
        cipher.encrypt("secret")
