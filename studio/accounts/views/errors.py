"""What is said when a request cannot be answered. Reasons stay in the log."""

import logging
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from studio.lib import uid

# What the name of a field holds whose value is never shown.
SECRET = ("password", "api_key")
TOO_MANY = (TooManyFieldsSent, TooManyFilesSent)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Typed:
    name: str
    value: str


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Drawn without the request: it may be what is wrong."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    context = {"too_many": isinstance(exception, TOO_MANY)}
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Generic words and a reference that stands in the log beside the traceback."""
    reference = uid.new()[:8]
    log.error("Reference %s: %s %s", reference, request.method, request.path)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain, and offer to send the same again with one click.

    Only what our own page sent is offered: a foreign page's form would otherwise need but one
    click to get through. Passwords and keys are never written into a page.
    """
    typed = [
        Typed(name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not any(word in name for word in SECRET)
    ]
    context = {"typed": typed, "may_resend": _is_ours(request), "files": bool(request.FILES)}
    return render(request, "403_csrf.html", context, status=403)


def _is_ours(request: HttpRequest) -> bool:
    """By what browsers say of where a request comes from; compared as text, never parsed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return f"{origin}/".startswith(f"{request.scheme}://{request.get_host()}/")
