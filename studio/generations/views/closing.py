"""What only a person can settle: unknown outcomes, unclear charges, paid clips that never came."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.generations import closing
from studio.generations.closing_form import ClosingForm
from studio.generations.models import Attempt, Generation
from studio.generations.refetch import refetch

PAGE = 30


@dataclass(frozen=True)
class Row:
    generation: Generation
    attempt: Attempt | None
    form: ClosingForm


@require_safe
@admins_only
def to_be_checked(request: PersonRequest) -> HttpResponse:
    return _page(request)


@require_POST
@admins_only
def close(request: PersonRequest, uid: str) -> HttpResponse:
    found = Generation.objects.select_related("project")
    generation: Generation = get_object_or_404(found, uid=uid)
    form = ClosingForm(request.POST, prefix=uid)
    if not form.is_valid():
        return _page(request, generation, form, status=422)
    charged, reason = form.was_charged, form.cleaned_data["reason"]
    if closing.close(generation, request.user, was_charged=charged, reason=reason):
        messages.success(request, _("Closed."))
    else:
        messages.info(request, _("Somebody has closed it already."))
    return redirect("closing")


@require_POST
@admins_only
def fetch_again(request: PersonRequest, uid: str) -> HttpResponse:
    generation: Generation = get_object_or_404(Generation, uid=uid)
    if refetch(generation, request.user):
        messages.success(request, _("It is being asked for again."))
    else:
        messages.info(request, _("It is not lost."))
    return redirect("closing")


def _page(
    request: PersonRequest,
    refused: Generation | None = None,
    form: ClosingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = Generation.objects.to_be_checked().for_show().prefetch_related("attempts__account")
    page = Paginator(rows.order_by("created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    shown = [_row(each, form if each == refused else None) for each in page]
    context = {"page": page, "rows": shown}
    return render(request, "generations/closing.html", context, status=status)


def _row(generation: Generation, form: ClosingForm | None) -> Row:
    latest = max(generation.attempts.all(), key=lambda attempt: attempt.number, default=None)
    return Row(generation, latest, form or ClosingForm(prefix=generation.uid))
