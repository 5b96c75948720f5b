"""`/healthz`: this process answers. No database, no session, no host name: probes have none."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


class HealthMiddleware:
    """Answers machines before host names, redirects to https and sessions are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in _asked_by_machines():
            match = resolve(request.path_info)
            answer: HttpResponse = match.func(request)
            return answer
        return self.get_response(request)


def _asked_by_machines() -> set[str]:
    names = ["healthz", "readyz"]
    # Without a token it is a page like any other that is not there.
    return {reverse(name) for name in ([*names, "metrics"] if settings.METRICS_TOKEN else names)}
