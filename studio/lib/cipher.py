"""Secrets at rest: second factors now, provider keys later.

The first of STUDIO_ENCRYPTION_KEYS encrypts and all of them decrypt, so a new key is put in
front and the old one taken away when nothing is left under it.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32  # characters


class WrongKey(Exception):
    """None of the keys opens this value. It is never handed on as if it were the secret."""


def encrypt(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """The secret. Raises `WrongKey`."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise WrongKey("None of STUDIO_ENCRYPTION_KEYS opens this value.") from error


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_stretch(key)) for key in settings.ENCRYPTION_KEYS])


def _stretch(key: str) -> bytes:
    """Any long random text makes a key of the one shape that Fernet takes."""
    if len(key.strip()) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"Each of STUDIO_ENCRYPTION_KEYS needs at least {SHORTEST_KEY} characters."
        )
    return base64.urlsafe_b64encode(hashlib.sha256(key.strip().encode()).digest())
