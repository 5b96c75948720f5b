"""What the frame around every page shows: the places, the look, the jobs under way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import User
from studio.generations.live import Tray, tray
from studio.lib import clock
from studio.scheduling import pulse

LOOKED_AT = "looked_at"

THEMES = {"auto": _("Auto"), "light": _("Light"), "dark": _("Dark")}
RAILS = frozenset({"wide", "narrow"})


@dataclass(frozen=True)
class Theme:
    name: str
    word: Promise


@dataclass(frozen=True)
class Look:
    """How this person wants the studio drawn, kept in two cookies."""

    theme: str
    rail: str
    themes: tuple[Theme, ...] = tuple(Theme(name, word) for name, word in THEMES.items())

    @classmethod
    def of(cls, request: HttpRequest) -> "Look":
        theme = request.COOKIES.get("theme", "")
        rail = request.COOKIES.get("rail", "")
        return cls(theme if theme in THEMES else "auto", rail if rail in RAILS else "wide")


@dataclass(frozen=True)
class Place:
    name: str
    icon: str
    word: Promise
    is_here: bool = False


MAIN = (
    Place("create", "clapperboard", _("Create")),
    Place("gallery", "layout-grid", _("Gallery")),
    Place("projects", "folder", _("Projects")),
    Place("assets", "images", _("Assets")),
    Place("models", "boxes", _("Models")),
)
CLOSING = Place("closing", "scale", _("To check"))
PROVIDERS = Place("providers", "plug", _("Providers"))
SPEND = Place("spend", "wallet", _("Spend"))
PRICES = Place("prices", "tags", _("Prices"))
PEOPLE = Place("people", "users", _("People"))
MY_SPEND = Place("spend_mine", "wallet", _("My spend"))
SETTINGS = Place("settings", "settings", _("Settings"))
ADMINS = (SPEND, CLOSING, PROVIDERS, PRICES, PEOPLE, SETTINGS)
EVERYBODY = (MY_SPEND, SETTINGS)
# The pages that stand inside a place, by the first word of the name of their address.
INSIDE = {
    "generation": "gallery",
    "project": "projects",
    "asset": "assets",
    "price": "prices",
    "rates": "prices",
    "person": "people",
    "invite": "people",
    "account": "settings",
    "mfa": "settings",
    "provider": "providers",
    "faults": "faults",
}


@dataclass(frozen=True)
class Places:
    main: tuple[Place, ...]
    below: tuple[Place, ...]

    @classmethod
    def of(cls, request: HttpRequest) -> "Places":
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        first = name.partition("_")[0]
        here = INSIDE.get(first, first)

        def mark(place: Place) -> Place:
            return Place(place.name, place.icon, place.word, place.name.partition("_")[0] == here)

        below = ADMINS if getattr(request.user, "is_admin", False) else EVERYBODY
        return cls(tuple(map(mark, MAIN)), tuple(map(mark, below)))


def looked_at(request: HttpRequest, person: User) -> datetime:
    """When `person` last looked into the tray; at first, when they came in."""
    kept = parse_datetime(request.session.get(LOOKED_AT, ""))
    return kept or person.last_login or person.joined_at


def look_now(request: HttpRequest) -> None:
    request.session[LOOKED_AT] = clock.now().isoformat()


def _tray(request: HttpRequest) -> Tray | None:
    person = request.user
    return tray(person, looked_at(request, person)) if isinstance(person, User) else None


def frame(request: HttpRequest) -> dict[str, Any]:
    """Cheap by itself: whatever asks the database is asked only where a template shows it."""
    return {
        "look": Look.of(request),
        "places": Places.of(request),
        "tray": SimpleLazyObject(lambda: _tray(request)),
        # Until an admin confirms it, every page says that the studio was restored.
        "restored_at": getattr(request, "restored_at", None),
        "background_is_paused": pulse.is_paused,
    }
