"""What became of a generation, as one JSON object (`generate --json` and the API)."""

from decimal import Decimal
from typing import Any

from studio.accounts.models import Studio
from studio.archive.models import Video
from studio.generations.models import Generation
from studio.generations.quotes import Quote
from studio.generations.states import Charge
from studio.storage import store


def as_json(generation: Generation) -> dict[str, Any]:
    return {
        "id": generation.uid,
        "state": generation.state,
        "model": generation.model,
        "quote": {
            "amount": plain(generation.price),
            "currency": generation.currency,
            "studio_amount": plain(generation.studio_price),
            "studio_currency": Studio.get().currency,
        },
        "charge": _charge(generation),
        "error": _error(generation),
        "videos": [_video(video) for video in videos(generation)],
    }


def quote_json(priced: Quote) -> dict[str, Any]:
    studio_amount = priced.studio_amount
    return {
        "amount": plain(priced.amount),
        "currency": priced.currency,
        "studio_amount": None if studio_amount is None else plain(studio_amount),
        "studio_currency": priced.studio_currency,
    }


def videos(generation: Generation) -> list[Video]:
    """Every file that the provider delivered for it; the first is the one shown."""
    attempts = generation.attempts.values("uid")
    found = Video.objects.filter(attempt_uid__in=attempts).select_related("blob")
    return list(found.order_by("number", "pk"))


def plain(amount: Decimal) -> str:
    """A number without an exponent and without idle zeros; text, so that no reader rounds it."""
    return format(amount.normalize(), "f")


def _charge(generation: Generation) -> dict[str, Any]:
    held = generation.charge in (Charge.HELD, Charge.UNCLEAR)
    amount = generation.price if held else generation.charged
    return {
        "state": generation.charge,
        "amount": plain(amount),
        "currency": generation.currency,
    }


def _error(generation: Generation) -> dict[str, str] | None:
    if not generation.error_code:
        return None
    return {"code": generation.error_code, "message": generation.error_message}


def _video(video: Video) -> dict[str, Any]:
    return {
        "path": store.address(video.blob),
        "sha256": video.blob.sha256,
        "bytes": video.blob.size,
        "width": video.width,
        "height": video.height,
        "seconds": float(video.seconds),
        "frames": video.frames,
        "fps": float(video.fps),
        "audio": video.audio,
    }
