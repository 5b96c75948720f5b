"""Browsers that somebody has logged in with before.

Wrong passwords are counted per account. If strangers could use that count up, a thousand wrong
guesses would lock the owner out: a known browser has a count of its own (OWASP "device cookie").
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from studio.accounts.models import User
from studio.lib import uid

COOKIE = "known_browser"
LIFE = timedelta(days=400)
_SALT = "studio.accounts.devices"


def remember(response: HttpResponseBase, user: User) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps([user.email, uid.new()], salt=_SALT),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known(request: HttpRequest, email: str) -> str:
    """The name of this browser if `email` has logged in with it before, else empty."""
    try:
        owner, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return ""
    return str(name) if owner == email else ""
