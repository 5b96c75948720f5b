"""Random 128-bit names for addresses, the API and labels; never guessed, never reused."""

import re
import secrets
from typing import Any

from django.db import models

LENGTH = 32


def new() -> str:
    return secrets.token_hex(LENGTH // 2)


def read(text: str | None) -> str:
    """`text` if it could name something; else nothing, which names nothing."""
    return text if text and re.fullmatch(UidConverter.regex, text) else ""


class UidField(models.CharField):  # type: ignore[type-arg]
    """A unique `uid`, made at the first save."""

    def __init__(self, **options: Any) -> None:
        options |= {"max_length": LENGTH, "unique": True, "default": new, "editable": False}
        super().__init__(**options)


class UidConverter:
    """`<uid:name>` in an address."""

    regex = f"[0-9a-f]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
