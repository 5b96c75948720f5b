"""One generation: what went in, what came out, what happened, what it cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from studio.generations.figures import compare
from studio.generations.models import Generation, GenerationEvent
from studio.generations.opened import opened
from studio.generations.views.request import Request


@dataclass(frozen=True)
class Step:
    """An event and how long it was until the next one; None after the last."""

    event: GenerationEvent
    lasted: timedelta | None


@require_safe
def generation(request: Request, uid: str) -> HttpResponse:
    mine = Generation.objects.visible_to(request.user).select_related("video__blob", "order")
    found: Generation = get_object_or_404(mine.for_show(), uid=uid)
    opened(found, request.user)
    context = {
        "generation": found,
        "may_change": found.project.may_change(request.user),
        "steps": list(_steps(found)),
        "figures": compare(found),
        "attempt": found.attempts.select_related("account").last(),
        "watching": not found.is_final,
    }
    return render(request, "generations/generation.html", context)


def _steps(found: Generation) -> Iterator[Step]:
    events = list(found.events.select_related("actor"))
    for event, following in pairwise(events):
        yield Step(event, following.at - event.at)
    yield from (Step(event, None) for event in events[-1:])
