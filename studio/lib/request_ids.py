"""Every request has an id: in its answer, and on every line of the log that it causes."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from studio.lib import logs, uid

HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """The outermost of all, so that whatever is logged within can be found again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _given(request) or uid.new()
        with logs.bound(request=name):
            response = self.get_response(request)
        response[HEADER] = name
        return response


def _given(request: HttpRequest) -> str:
    """The id that a proxy of ours chose; a visitor's own is not believed."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if _WELL_FORMED.fullmatch(given) else ""
