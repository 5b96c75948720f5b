"""Who spent what: everybody's month for admins, one's own for everybody."""

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.models import Studio, User
from studio.lib import uid as uids
from studio.reports import clips, export, months, sums
from studio.reports.months import Month

MOST_PAGES = 10_000


@require_safe
@admins_only
def spend(request: PersonRequest) -> HttpResponse:
    studio = Studio.get()
    month = _month(request, studio)
    rows = sums.by_person(month)
    context = {
        "studio": studio,
        "month": month,
        "months": months.listed(studio, month),
        "is_present": month == months.this_month(studio),
        "rows": rows,
        "total": sums.total(row.figures for row in rows),
    }
    return render(request, "reports/spend.html", context)


@require_safe
@admins_only
def person(request: PersonRequest, uid: str) -> HttpResponse:
    return _person_page(request, get_object_or_404(User, uid=uid))


@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    return _person_page(request, request.user)


@require_safe
def as_csv(request: PersonRequest) -> HttpResponseBase:
    """Of everybody or of one person for admins; for others, their own."""
    month, person = _month(request, Studio.get()), _whose(request)
    answer = StreamingHttpResponse(export.as_csv(month, person), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="spend-{month}.csv"'
    return answer


def _person_page(request: PersonRequest, person: User) -> HttpResponse:
    studio = Studio.get()
    month = _month(request, studio)
    context = {
        "studio": studio,
        "person": person,
        "is_own": person == request.user,
        "month": month,
        "months": months.listed(studio, month),
        "is_present": month == months.this_month(studio),
        "figures": sums.of_person(person, month),
        "page": clips.page(month, person, _number(request)),
    }
    return render(request, "reports/person.html", context)


def _month(request: PersonRequest, studio: Studio) -> Month:
    return months.read(request.GET.get("month", ""), studio)


def _number(request: PersonRequest) -> int:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(number, 1), MOST_PAGES)


def _whose(request: PersonRequest) -> User | None:
    if not request.user.is_admin:
        return request.user
    if "person" not in request.GET:
        return None
    found = User.objects.filter(uid=uids.read(request.GET["person"])).first()
    if found is None:
        raise Http404
    return found
