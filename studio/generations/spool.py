"""Where finished files wait on this machine until the archive has them."""

from pathlib import Path

from django.conf import settings

from studio.generations.models import Attempt, Generation


def spooled(attempt: Attempt, number: int = 0) -> Path:
    """The `number`th result of this attempt."""
    name = f"{attempt.uid}.{number}" if number else attempt.uid
    return Path(settings.SPOOL_DIR) / f"{name}.mp4"


def current_attempt(generation: Generation) -> Attempt:
    return generation.attempts.select_related("account", "key").latest("number")
