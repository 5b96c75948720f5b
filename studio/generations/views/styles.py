"""The looks that admins add beside the studio's own."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.assets import limits, uploads
from studio.catalogue.styles import STYLES
from studio.generations import added_styles
from studio.generations.palette import StudioStyle
from studio.generations.style_form import StyleForm
from studio.generations.styles import picture_address
from studio.lib import uid as uids
from studio.storage.serve import serve


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def styles(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, StyleForm())
    form = _filled(request, StudioStyle())
    if not form.is_valid():
        return _page(request, form, status=422)
    added_styles.add(request.user, form.save(commit=False), form.cleaned_data["picture"])
    return redirect("styles")


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def style(request: PersonRequest, uid: str) -> HttpResponse:
    found = get_object_or_404(StudioStyle.objects.offered().select_related("picture"), uid=uid)
    if request.method != "POST":
        return _one(request, found, StyleForm(instance=found))
    called = found.name
    form = _filled(request, found)
    if not form.is_valid():
        return _one(request, found, form, called, status=422)
    added_styles.change(request.user, form.save(commit=False), form.cleaned_data["picture"])
    return redirect("styles")


@require_POST
@admins_only
def remove(request: PersonRequest, uid: str) -> HttpResponse:
    added_styles.remove(request.user, get_object_or_404(StudioStyle, uid=uid))
    return redirect(f"{reverse('styles')}?{urlencode({'removed': uid})}")


@require_POST
@admins_only
def restore(request: PersonRequest, uid: str) -> HttpResponse:
    added_styles.restore(request.user, get_object_or_404(StudioStyle, uid=uid))
    return redirect("styles")


@require_safe
def picture(request: PersonRequest, uid: str) -> HttpResponseBase:
    """For everybody; also of one that is gone, which an open page may still show."""
    found = get_object_or_404(StudioStyle.objects.select_related("picture"), uid=uid)
    if found.picture is None:
        raise Http404
    return serve(request, found.picture, filename=f"{found.name}.webp")


def _filled(request: PersonRequest, style: StudioStyle) -> StyleForm:
    # The body is read here; only then is it known whether it was cut off.
    data, files = request.POST, request.FILES
    cut = limits.too_large(request)
    said = uploads.too_large(cut.size, cut.limit).message if cut else ""
    return StyleForm(data, files, instance=style, cut=said)


def _page(request: PersonRequest, form: StyleForm, status: int = 200) -> HttpResponse:
    added = StudioStyle.objects.offered().select_related("picture")
    gone = StudioStyle.objects.exclude(deleted_at=None)
    removed = uids.read(request.GET.get("removed"))
    context = {
        "form": form,
        "own": STYLES,
        "added": [(style, picture_address(style)) for style in added],
        "removed": gone.filter(uid=removed).first() if removed else None,
    }
    return render(request, "generations/styles.html", context, status=status)


def _one(
    request: PersonRequest, style: StudioStyle, form: StyleForm, called: str = "", status: int = 200
) -> HttpResponse:
    """`called` is its name as it is kept; `style` may hold another one that was typed."""
    context = {
        "style": style,
        "called": called or style.name,
        "address": picture_address(style),
        "form": form,
    }
    return render(request, "generations/style_page.html", context, status=status)
