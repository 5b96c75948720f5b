from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from studio.catalogue.load import catalogue
from studio.catalogue.overview import overview


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    # Only what is free works without a key, and there is no place to give one.
    connected = {provider.key for provider in catalogue().providers if provider.free}
    sellers = overview(get_language() or "en", connected)
    return render(request, "catalogue/models.html", {"sellers": sellers})
