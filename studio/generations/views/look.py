"""How the studio is drawn for this person: two cookies, set by a plain form in the frame."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from studio.generations.context import RAILS, THEMES

LIFE = timedelta(days=400)
CHOICES = {"theme": THEMES, "rail": RAILS}


@require_POST
def look(request: HttpRequest) -> HttpResponseRedirect:
    """Keep what was chosen and go back to where it was chosen; anything else is left alone."""
    response = HttpResponseRedirect(back(request))
    for name, allowed in CHOICES.items():
        value = request.POST.get(name, "")
        if value in allowed:
            response.set_cookie(
                name,
                value,
                max_age=LIFE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return response


def back(request: HttpRequest) -> str:
    """The page the form came from, as long as it is one of ours."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if ours else resolve_url("create")
