"""A clip's files, behind the object check."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from studio.archive.models import Rendition, Video
from studio.generations.models import Generation
from studio.generations.opened import opened
from studio.generations.views.request import Request
from studio.storage.serve import serve


def _visible(request: Request, uid: str) -> tuple[Generation, Video]:
    mine = Generation.objects.visible_to(request.user).select_related("video__blob", "project")
    generation: Generation = get_object_or_404(mine, uid=uid)
    if generation.video is None:
        raise Http404
    return generation, generation.video


@require_safe
def video(request: Request, uid: str) -> HttpResponseBase:
    """`?download` saves it under a name that says what it is."""
    generation, found = _visible(request, uid)
    opened(generation, request.user)
    name = f"{generation.project.name} {generation.uid[:8]}.mp4"
    attachment = "download" in request.GET
    return serve(request, found.blob, filename=name, attachment=attachment)


@require_safe
def poster(request: Request, uid: str) -> HttpResponseBase:
    _generation, found = _visible(request, uid)
    return _rendition(request, found.poster, f"{uid}.webp")


@require_safe
def preview(request: Request, uid: str) -> HttpResponseBase:
    _generation, found = _visible(request, uid)
    return _rendition(request, found.preview, f"{uid}.mp4")


def _rendition(request: Request, found: Rendition | None, filename: str) -> HttpResponseBase:
    if found is None:
        raise Http404
    return serve(request, found.blob, filename=filename)
