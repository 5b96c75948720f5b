"""What every model costs here, entered and corrected by admins with date and note."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.models import Studio
from studio.catalogue.load import catalogue
from studio.catalogue.prices import NoPrice, Price
from studio.catalogue.rules import spell
from studio.catalogue.specs import ModelSpec
from studio.generations.complaints import seller
from studio.generations.receipts import plain
from studio.lib import clock
from studio.reports import pricing
from studio.reports.forms import PriceForm
from studio.reports.pricing import choosable, field_name
from studio.spend import prices as book_of_prices
from studio.spend.models import PriceRow
from studio.spend.prices import Book


@require_safe
@admins_only
def prices(request: PersonRequest) -> HttpResponse:
    context = {"sellers": pricing.sellers(book_of_prices.book())}
    return render(request, "reports/prices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def price(request: PersonRequest, provider: str, name: str) -> HttpResponse:
    spec = catalogue().models.get(f"{provider}/{name}")
    if spec is None or spec.is_free:
        raise Http404
    if request.method != "POST":
        return _page(request, spec)
    form = PriceForm(request.POST, spec=spec)
    if form.is_valid() and _enter(request, spec, form):
        return redirect("price", provider, name)
    return _page(request, spec, form=form, status=422)


def _enter(request: PersonRequest, spec: ModelSpec, form: PriceForm) -> bool:
    said = form.cleaned_data
    try:
        book_of_prices.enter(
            request.user,
            spec,
            form.values,
            form.terms,
            valid_from=said["valid_from"],
            note=said["note"],
            source=said["source"],
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _page(
    request: PersonRequest, spec: ModelSpec, *, form: PriceForm | None = None, status: int = 200
) -> HttpResponse:
    book = book_of_prices.book(spec.key)
    history = PriceRow.objects.filter(model=spec.key).select_related("actor")
    context = {
        "spec": spec,
        "provider": seller(spec.provider),
        "lines": pricing.lines(spec, book),
        "summary": pricing.summary(spec, book),
        "form": form or PriceForm(initial=_initial(request, spec, book), spec=spec),
        "history": [(row, pricing.terms(row.values)) for row in history],
        "today": _today(),
    }
    return render(request, "reports/price.html", context, status=status)


def _initial(request: PersonRequest, spec: ModelSpec, book: Book) -> dict[str, Any]:
    """The values that the address names, and what they cost now: to confirm or to correct."""
    names = {field_name(parameter.name): parameter for parameter in choosable(spec)}
    chosen = {field: request.GET.get(field, "") for field in names}
    values = {
        names[field].name: value
        for field, text in chosen.items()
        for value in names[field].values
        if spell(value) == text
    }
    initial = {"valid_from": _today(), "currency": spec.price.currency if spec.price else ""}
    now = _now(spec, values, book)
    if not values and len(pricing.lines(spec, book)) > 1:
        # Of one combination among many: not a price to offer for all of them.
        now.pop("amount", None)
    return initial | chosen | now


def _now(spec: ModelSpec, values: dict[str, Any], book: Book) -> dict[str, Any]:
    try:
        found: Price = book.price_of(spec, values)
    except NoPrice:
        return {}
    said = {"amount": plain(found.credits or found.amount), "currency": found.currency}
    return said | ({"credit_value": plain(found.credit_value)} if found.credit_value else {})


def _today() -> Any:
    return clock.now().astimezone(Studio.get().zone).date()
