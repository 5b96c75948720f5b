"""What machines ask: may traffic come here, and how is it going?"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from studio.lib import clock
from studio.vitals import metrics as vital
from studio.vitals.gauges import CONTENT_TYPE, text
from studio.vitals.readiness import ask_all

_FRESH = {"Cache-Control": "no-store"}


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 or 503, and a line for each question; why something fails stands in the log only."""
    answers = ask_all()
    lines = [f"{answer.name} {'ok' if answer.is_good else 'failing'}\n" for answer in answers]
    status = 200 if all(answer.is_good for answer in answers) else 503
    return HttpResponse("".join(lines), status=status, content_type="text/plain", headers=_FRESH)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has the operator's token; where there is none, there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers=_FRESH | {"WWW-Authenticate": "Bearer"})
    answer = text(vital.gauges(clock.now()))
    return HttpResponse(answer, content_type=CONTENT_TYPE, headers=_FRESH)
