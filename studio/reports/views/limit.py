"""The one hard limit of the studio's day, and the budgets that stand beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.models import Project, Studio, User
from studio.lib import clock, money
from studio.reports.forms import LimitForm
from studio.spend import budgets, windows
from studio.spend.models import Budget, Period, Scope
from studio.spend.windows import Window


@dataclass(frozen=True)
class Named:
    """A budget and whose it is."""

    budget: Budget
    name: str


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def limit(request: PersonRequest) -> HttpResponse:
    studio = Studio.get()
    if request.method != "POST":
        return _page(request, studio)
    form = LimitForm(request.POST, currency=studio.currency)
    if not form.is_valid():
        return _page(request, studio, form=form, status=422)
    said = form.cleaned_data
    budgets.set_limit(None, Period.DAY, said["limit"], actor=request.user, reason=said["reason"])
    return redirect("spend_limit")


@require_POST
@admins_only
def remove(request: PersonRequest) -> HttpResponse:
    budgets.remove_limit(None, Period.DAY, actor=request.user)
    return redirect("spend_limit")


def _page(
    request: PersonRequest, studio: Studio, *, form: LimitForm | None = None, status: int = 200
) -> HttpResponse:
    today = clock.now().astimezone(studio.zone).date()
    window = Window(Scope.STUDIO, "", Period.DAY, today)
    budget = windows.budgets([window]).get(window)
    row = window.row().first()
    used = row.used if row else Decimal(0)
    context: dict[str, Any] = {
        "studio": studio,
        "budget": budget,
        "used": used,
        "left": budget.limit - used if budget else None,
        "form": form or LimitForm(initial=_initial(budget), currency=studio.currency),
        "others": _named(Budget.objects.exclude(scope=Scope.STUDIO, period=Period.DAY)),
    }
    return render(request, "reports/limit.html", context, status=status)


def _initial(budget: Budget | None) -> dict[str, Decimal]:
    if budget is None:
        return {}
    return {"limit": money.exact(budget.limit, places=money.digits(budget.currency))}


def _named(found: Any) -> list[Named]:
    rows = list(found.order_by("scope", "period", "subject"))
    subjects = {row.subject for row in rows}
    names = {p.uid: str(p) for p in Project.objects.filter(uid__in=subjects)}
    names |= {u.uid: str(u) for u in User.objects.filter(uid__in=subjects)}
    return [Named(row, names.get(row.subject, _("The studio"))) for row in rows]
