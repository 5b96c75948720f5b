from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from studio.accounts.models import Project, User
from studio.assets import edits, limits, shelf, uploads
from studio.assets import examples as example_pictures
from studio.assets.forms import AssetForm, ShelfForm, UploadForm
from studio.assets.models import Asset
from studio.lib.uid import read
from studio.storage.serve import serve

SIZES = frozenset({"thumb", "preview", "master"})
_STATUS = {"too-large": 413, "invalid": 422}


class Request(HttpRequest):
    """Somebody is logged in: the middleware sees to it."""

    user: User
    htmx: HtmxDetails


# ── The shelf ─────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
def assets(request: Request) -> HttpResponse:
    return _upload(request) if request.method == "POST" else _shelf(request)


@require_safe
def more(request: Request) -> HttpResponse:
    """The next tiles, for the end of the list; the first ones, for a list to be drawn anew."""
    return render(request, "assets/assets.html#tiles", _shelf_context(request))


def _shelf(request: Request, upload: UploadForm | None = None, status: int = 200) -> HttpResponse:
    into = request.GET.get("project", "")
    context = _shelf_context(request) | {
        "upload": upload or UploadForm(person=request.user, into=into),
        "trashed": _just_trashed(request),
    }
    return render(request, "assets/assets.html", context, status=status)


def _shelf_context(request: Request) -> dict[str, Any]:
    form = ShelfForm(request.GET, person=request.user)
    found = form.assets()
    page = shelf.page(found, request.user, read(request.GET.get("after")))
    return {"form": form, "page": page, "count": found.count()}


def _just_trashed(request: Request) -> Asset | None:
    """The one whose trashing can be undone here."""
    uid = read(request.GET.get("trashed"))
    found: Asset | None = _visible(request).trashed().filter(uid=uid).first() if uid else None
    return found


# ── Upload ────────────────────────────────────────────────────────────────────────────────────


def _upload(request: Request) -> HttpResponse:
    form = UploadForm(request.POST, person=request.user)
    if not form.is_valid():
        return _refuse(request, form, "invalid")
    try:
        received = [_receive(request, form, file) for file in _files(request)]
    except uploads.Refused as refused:
        form.add_error(None, refused.message)
        return _refuse(request, form, refused.code)
    if _wants_json(request):
        return JsonResponse(received[0])
    for each in received:
        said = each["message"] or _("Uploaded.")
        messages.success(request, f"{each['name']}: {said} {each['note']}")
    return redirect("assets")


def _files(request: Request) -> list[Any]:
    cut = limits.too_large(request)
    if cut:
        raise uploads.too_large(cut.size, cut.limit)
    files = request.FILES.getlist("file")
    if not files:
        raise uploads.Refused("no-file")
    return files


def _receive(request: Request, form: UploadForm, file: Any) -> dict[str, Any]:
    facts = dict(form.cleaned_data)
    project = facts.pop("project")
    asset, is_new = uploads.receive_or_find(project, request.user, file, **facts)
    return _payload(asset, "" if is_new else _("It is already in this project."))


def _refuse(request: Request, form: UploadForm, code: str) -> HttpResponse:
    status = _STATUS.get(code, 400)
    if not _wants_json(request):
        return _shelf(request, form, status)
    message = " ".join(str(said) for field in form.errors.values() for said in field)
    return JsonResponse({"code": code, "message": message}, status=status)


def _wants_json(request: Request) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _payload(asset: Asset, message: str) -> dict[str, Any]:
    return {
        "uid": asset.uid,
        "name": asset.name,
        "width": asset.width,
        "height": asset.height,
        "thumb": reverse("asset_file", args=[asset.uid, "thumb"]),
        "preview": reverse("asset_file", args=[asset.uid, "preview"]),
        "url": reverse("asset", args=[asset.uid]),
        "colour": asset.colour,
        "note": " ".join(asset.remarks),
        "message": message,
    }


@require_POST
def examples(request: Request) -> HttpResponse:
    """Put our two pictures into the project: `{assets: [...]}`, or back to the shelf."""
    mine = Project.objects.orderable_by(request.user)
    project = get_object_or_404(mine, uid=read(request.POST.get("project")))
    added = example_pictures.add(project, request.user)
    if _wants_json(request):
        return JsonResponse({"assets": [_payload(asset, "") for asset in added]})
    return redirect("assets")


# ── One asset ─────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
def asset(request: Request, uid: str) -> HttpResponse:
    if request.method == "POST":
        return _describe(request, _changeable(request, uid))
    found = get_object_or_404(_visible(request).select_related("uploaded_by", "master"), uid=uid)
    return _one(request, found, AssetForm(instance=found))


def _describe(request: Request, found: Asset) -> HttpResponse:
    before = {name: getattr(found, name) for name in AssetForm.Meta.fields}
    form = AssetForm(request.POST, instance=found)
    if not form.is_valid():
        found.refresh_from_db()
        return _one(request, found, form, status=422)
    edits.describe(found, request.user, before)
    messages.success(request, _("Saved."))
    return redirect("asset", found.uid)


def _one(request: Request, found: Asset, form: AssetForm, status: int = 200) -> HttpResponse:
    context = {
        "asset": found,
        "form": form,
        "may_change": found.project.may_change(request.user),
    }
    return render(request, "assets/asset.html", context, status=status)


@require_POST
def trash(request: Request, uid: str) -> HttpResponse:
    found = _changeable(request, uid)
    edits.trash(found, request.user)
    if request.htmx:
        return _tile(request, found)
    return redirect(f"{reverse('assets')}?{urlencode({'trashed': found.uid})}")


@require_POST
def restore(request: Request, uid: str) -> HttpResponse:
    found = _changeable(request, uid)
    edits.restore(found, request.user)
    return _tile(request, found) if request.htmx else redirect("asset", found.uid)


def _tile(request: Request, found: Asset) -> HttpResponse:
    found.refresh_from_db()
    return render(request, "assets/assets.html#tile", {"asset": found, "changed": True})


@require_safe
def asset_file(request: Request, uid: str, size: str) -> HttpResponseBase:
    if size not in SIZES:
        raise Http404
    found = get_object_or_404(_visible(request).select_related(size), uid=uid)
    blob = getattr(found, size)
    return serve(request, blob, filename=found.filename(blob))


def _visible(request: Request) -> Any:
    return Asset.objects.visible_to(request.user).select_related("project")


def _changeable(request: Request, uid: str) -> Asset:
    found: Asset = get_object_or_404(_visible(request), uid=uid)
    if not found.project.may_change(request.user):
        raise PermissionDenied(_("You may look at this project, but not change it."))
    return found
