from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from studio.gallery.choices import choices
from studio.gallery.filters import Filters, shelf
from studio.gallery.pages import count, page
from studio.generations.views.request import Request


@require_safe
def gallery(request: Request) -> HttpResponse:
    """The whole page; for htmx the shelf alone, and further down only what comes next."""
    filters = Filters.from_query(request.GET)
    rows = shelf(request.user, filters)
    found = page(rows, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "page": found,
        "watching": any(not shown.is_final for shown in found.generations),
    }
    if request.htmx and "after" in request.GET:
        return render(request, "gallery/gallery.html#clips", context)
    context |= {"count": count(rows), "choices": choices(request.user, filters)}
    if request.htmx and not request.htmx.history_restore_request:
        answer = render(request, "gallery/gallery.html#shelf", context)
        return push_url(answer, f"{reverse('gallery')}?{urlencode(filters.given)}".rstrip("?"))
    return render(request, "gallery/gallery.html", context)
