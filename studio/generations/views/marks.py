"""What a person does to one clip. Each press answers with the clip as it then stands."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from studio.generations import cancel as cancelling
from studio.generations import marks
from studio.generations.briefs import Refused
from studio.generations.cancel import Outcome
from studio.generations.models import Generation
from studio.generations.views.fragments import FRAGMENTS, MARKS
from studio.generations.views.request import Request

OUTCOMES = {
    Outcome.CANCELLED: gettext_lazy("Cancelled. Nothing was sent, nothing is charged."),
    Outcome.STOPPING: gettext_lazy("It is being stopped."),
    Outcome.TO_TRASH: gettext_lazy("It is finished already and goes into the trash."),
    Outcome.CANNOT_STOP: gettext_lazy("It cannot be stopped and will be charged."),
    Outcome.NOT_KNOWN: gettext_lazy("Its outcome is unknown; there is nothing to stop yet."),
    Outcome.TOO_LATE: gettext_lazy("It had ended already."),
}

Mark = Callable[[Request, Generation], object]
View = Callable[[Request, str], HttpResponse]


def _door(mark: Mark) -> View:
    """A view that lets `mark` work on a clip the person may change, then shows the clip."""

    @require_POST
    @wraps(mark)
    def view(request: Request, uid: str) -> HttpResponse:
        generation = changeable(request, uid)
        try:
            mark(request, generation)
        except Refused as refused:
            return _answer(request, generation, str(refused), status=422)
        return _answer(request, generation)

    return view


def changeable(request: Request, uid: str) -> Generation:
    mine = Generation.objects.visible_to(request.user)
    generation: Generation = get_object_or_404(mine.for_show(), uid=uid)
    if not generation.project.may_change(request.user):
        raise PermissionDenied(_("You may look at this project, but not change it."))
    return generation


def _answer(
    request: Request, generation: Generation, problem: str = "", status: int = 200
) -> HttpResponse:
    if request.htmx:
        template = FRAGMENTS["card"] if request.POST.get("as") == "card" else MARKS
        shown = Generation.objects.for_show().get(pk=generation.pk)
        context = {"generation": shown, "problem": problem, "may_change": True}
        return render(request, template, context, status=status)
    if problem:
        messages.error(request, problem)
    return redirect(_back(request, generation))


def _back(request: Request, generation: Generation) -> str:
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if ours else reverse("generation", args=[generation.uid])


@_door
def star(request: Request, generation: Generation) -> None:
    """Exactly so many, however often it is pressed; 0 takes them away."""
    text = request.POST.get("stars", "")
    stars = int(text) if text in {"0", "1", "2", "3", "4", "5"} else -1
    marks.star(generation, stars, request.user)


@_door
def reject(request: Request, generation: Generation) -> None:
    marks.reject(generation, not generation.is_rejected, request.user)


@_door
def tag(request: Request, generation: Generation) -> None:
    marks.tag(generation, request.POST.get("tag", "").replace("\x00", ""), request.user)


@_door
def untag(request: Request, generation: Generation) -> None:
    marks.untag(generation, request.POST.get("untag", "").replace("\x00", ""), request.user)


@_door
def trash(request: Request, generation: Generation) -> None:
    marks.trash(generation, request.user)


@_door
def restore(request: Request, generation: Generation) -> None:
    marks.restore(generation, request.user)


@_door
def cancel(request: Request, generation: Generation) -> None:
    outcome = cancelling.cancel(generation, request.user)
    if not request.htmx:
        messages.info(request, OUTCOMES[outcome])
