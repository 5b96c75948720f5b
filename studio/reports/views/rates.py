"""What currencies are worth, with date and source; where one is missing, nothing is ordered."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.models import Studio
from studio.catalogue.load import catalogue
from studio.lib import clock
from studio.reports.forms import RateForm
from studio.spend import prices
from studio.spend import rates as book_of_rates
from studio.spend.models import Rate
from studio.spend.rates import Found

# A rate older than this is marked: currencies move by some per cent in a month.
OLD = timedelta(days=31)
MOST_LISTED = 50


@dataclass(frozen=True)
class Line:
    """A currency that somebody sells in, and what it is in the studio's; None: not known."""

    currency: str
    found: Found | None
    is_old: bool


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def rates(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    form = RateForm(request.POST)
    if form.is_valid() and _enter(request, form):
        return redirect("rates")
    return _page(request, form=form, status=422)


def _enter(request: PersonRequest, form: RateForm) -> bool:
    said = form.cleaned_data
    try:
        book_of_rates.enter(
            request.user,
            said["base"],
            said["quote"],
            said["rate"],
            on=said["on"],
            source=said["source"],
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _page(
    request: PersonRequest, *, form: RateForm | None = None, status: int = 200
) -> HttpResponse:
    studio = Studio.get()
    today = clock.now().astimezone(studio.zone).date()
    lines = [_line(currency, studio, today) for currency in _sold_in(studio)]
    # The one without a rate first, else the oldest: that is why somebody is here.
    wanted = min(lines, key=lambda line: line.found.on if line.found else date.min, default=None)
    known = book_of_rates.known(today)
    context: dict[str, Any] = {
        "studio": studio,
        "lines": lines,
        "known": [(one, today - one.on > OLD) for one in known],
        "history": Rate.objects.select_related("actor")[:MOST_LISTED],
        "form": form or RateForm(initial=_initial(request, studio, wanted, today)),
    }
    return render(request, "reports/rates.html", context, status=status)


def _sold_in(studio: Studio) -> list[str]:
    """Every currency in which something here has a price, but the studio's own."""
    listed = {spec.price.currency for spec in catalogue().models.values() if spec.price}
    entered = {row.currency for rows in prices.book().rows.values() for row in rows}
    return sorted((listed | entered) - {studio.currency})


def _line(currency: str, studio: Studio, today: date) -> Line:
    found = book_of_rates.find(currency, studio.currency, today)
    return Line(currency, found, found is not None and today - found.on > OLD)


def _initial(
    request: PersonRequest, studio: Studio, wanted: Line | None, today: date
) -> dict[str, Any]:
    base = request.GET.get("base") or (wanted.currency if wanted else "")
    return {"base": base, "quote": studio.currency, "on": today}
