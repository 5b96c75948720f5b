"""The one poll of a page: the tray, and whatever on the page has moved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from studio.generations import live as living
from studio.generations.context import look_now
from studio.generations.models import Generation
from studio.generations.views.fragments import FRAGMENTS
from studio.generations.views.request import Request

SEEN = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})")
# A page shows 48; whoever names more is told about the first ones.
MOST = 100
STRIP = "generations/stage.html#strip"


@dataclass(frozen=True)
class Fragment:
    """`template` draws `generation` where it stands on the asking page."""

    generation: Generation
    template: str


@require_safe
def live(request: Request) -> HttpResponse:
    fragments = list(_fragments(request))
    watching = any(not fragment.generation.is_final for fragment in fragments)
    context = {"fragments": fragments, "watching": watching}
    return render(request, "generations/live.html", context)


@require_POST
def looked(request: Request) -> HttpResponse:
    """The person has seen the tray: what had ended until now is no news any more."""
    look_now(request)
    return render(request, "generations/live.html", {"fragments": [], "watching": False})


def _fragments(request: Request) -> Iterator[Fragment]:
    """The strip of what moves; the whole card of what has ended since the page was drawn."""
    kinds = {uid: kind for kind, uid, _version in _seen(request)}
    versions = [(uid, version) for _kind, uid, version in _seen(request)]
    for generation in living.changed(request.user, versions):
        is_final = generation.is_final
        yield Fragment(generation, FRAGMENTS[kinds[generation.uid]] if is_final else STRIP)


def _seen(request: Request) -> list[tuple[str, str, int]]:
    named = [(kind, text) for kind in FRAGMENTS for text in request.GET.getlist(kind)]
    read = [(kind, SEEN.fullmatch(text)) for kind, text in named[:MOST]]
    return [(kind, found[1], int(found[2])) for kind, found in read if found]
