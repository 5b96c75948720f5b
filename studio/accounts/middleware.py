"""Who is asking, in which language, at what time of day."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode

from studio.accounts import sessions, setup
from studio.accounts.models import Studio, User

BEFORE_SETUP = frozenset({"setup", "language"})


class LoginMiddleware(LoginRequiredMiddleware):
    """Every page needs a login unless it says otherwise; before set-up all lead to the wait."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.user.is_authenticated or (match and match.url_name in BEFORE_SETUP):
            return None
        if setup.is_waiting():
            return redirect("setup")
        answer = super().process_view(request, view, args, kwargs)
        is_fragment = request.headers.get("HX-Request") == "true"
        return _whole_page_to_login(request) if answer and is_fragment else answer


def _whole_page_to_login(request: HttpRequest) -> HttpResponse:
    """A login page inside a fragment helps nobody: the whole page goes, and comes back."""
    page = request.headers.get("HX-Current-URL", "")
    query = urlencode({"next": page.removeprefix(f"{request.scheme}://{request.get_host()}")})
    return HttpResponse(status=401, headers={"HX-Redirect": f"{reverse('account_login')}?{query}"})


class PersonMiddleware:
    """The person's language, the studio's time zone, and nothing kept in a browser's cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            return self._answer(request, request.user)
        return self.get_response(request)

    def _answer(self, request: HttpRequest, user: User) -> HttpResponse:
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        sessions.mark_seen(request)
        studio = Studio.get()
        request.restored_at = studio.restored_at  # type: ignore[attr-defined]  # for every page
        with timezone.override(studio.zone):
            response = self.get_response(request)
        if "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_store=True)
        return response
