"""Sessions that know their person: listed, ended, and alive for two weeks after the last use."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.http import HttpRequest

from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import clock

# What a browser says of itself, the most particular first: each also names those it imitates.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class Session(AbstractBaseSession):
    """One browser that somebody is signed in with; nobody's until the login is complete."""

    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    agent = models.CharField(max_length=200, blank=True)
    seen_on = models.DateField(null=True)

    @property
    def device(self) -> str:
        """As people would say it: "Firefox on Windows". Empty when the browser does not tell."""
        browser = next((name for mark, name in BROWSERS if mark in self.agent), "")
        system = next((name for mark, name in SYSTEMS if mark in self.agent), "")
        return f"{browser} · {system}".strip(" ·")


class SessionStore(DatabaseStore):
    """The SESSION_ENGINE."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.person_id = data.get(SESSION_KEY)
        row.agent = data.get("agent", "")
        row.seen_on = data.get("seen_on")
        return row


def mark_seen(request: HttpRequest) -> None:
    """Once a day, prolong the session and sweep up the dead ones.

    Saving at every request would write to the database at every poll.
    """
    today = clock.now().date().isoformat()
    if request.session.get("seen_on") != today:
        request.session["seen_on"] = today
        request.session["agent"] = request.headers.get("User-Agent", "")[:200]
        SessionStore.clear_expired()


def alive(user: User) -> models.QuerySet[Session]:
    return user.sessions.filter(expire_date__gt=clock.now()).order_by("-expire_date")


def end_others(user: User, *, but: str | None) -> None:
    """Log out every browser except the one whose session key is `but`."""
    user.sessions.exclude(session_key=but).delete()
    record(user, "person.end_sessions", kind="person", uid=user.uid)


def end_all(user: User) -> None:
    user.sessions.all().delete()
