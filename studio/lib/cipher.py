"""Secrets at rest: second factors, providers' keys.

The first of STUDIO_ENCRYPTION_KEYS encrypts and all of them decrypt, so a new key is put in
front and the old one taken away when nothing is left under it. Each sealed value names its key
by an id that tells nothing of it: `1f6a09c2.gAAAA…`.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32  # characters
# What is said of a value that was sealed before values named their keys.
NAMELESS = "unnamed"

_ID_LENGTH = 8


class WrongKey(Exception):
    """None of the keys opens this value. It is never handed on as if it were the secret."""


def encrypt(text: str) -> str:
    token = _box().encrypt(text.encode()).decode()
    return f"{key_id(settings.ENCRYPTION_KEYS[0])}.{token}"


def decrypt(sealed: str) -> str:
    """The secret. Raises `WrongKey`."""
    _id, _dot, token = sealed.rpartition(".")
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise WrongKey(
            f"None of STUDIO_ENCRYPTION_KEYS opens this value (key {sealed_with(sealed)})."
        ) from error


def key_id(key: str) -> str:
    """Eight hexadecimal digits by which a key is spoken of; they do not help to guess it."""
    return hashlib.sha256(b"id of " + _stretch(key)).hexdigest()[:_ID_LENGTH]


def sealed_with(sealed: str) -> str:
    """The id of the key that sealed this value, or `NAMELESS`."""
    return sealed.rpartition(".")[0] or NAMELESS


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_stretch(key)) for key in settings.ENCRYPTION_KEYS])


def _stretch(key: str) -> bytes:
    """Any long random text makes a key of the one shape that Fernet takes."""
    if len(key.strip()) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"Each of STUDIO_ENCRYPTION_KEYS needs at least {SHORTEST_KEY} characters."
        )
    return base64.urlsafe_b64encode(hashlib.sha256(key.strip().encode()).digest())
