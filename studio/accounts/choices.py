"""What the forms let people choose from."""

from functools import cache
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import get_language, get_language_info

from studio.lib import currencies

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian")
Choice = tuple[str, str]


def languages() -> list[Choice]:
    """Each under its own name: somebody lost in a foreign language still finds theirs."""
    return [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES]


@cache
def time_zones() -> list[tuple[str, list[Choice]]]:
    """By area, as places; the browser's list finds them as one types."""
    zones = sorted(available_timezones())
    areas = [(area, _places(area, zones)) for area in (*AREAS, "Pacific")]
    return [("UTC", [("UTC", "UTC")]), *areas]


def _places(area: str, zones: list[str]) -> list[Choice]:
    own = [zone for zone in zones if zone.startswith(f"{area}/")]
    return [(zone, zone.removeprefix(f"{area}/").replace("_", " ")) for zone in own]


def currency_codes() -> list[Choice]:
    return currencies.named(get_language() or settings.LANGUAGE_CODE)
