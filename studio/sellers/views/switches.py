"""Which models may be ordered: by all, or by all but some."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.models import User
from studio.catalogue.load import catalogue
from studio.catalogue.specs import ModelSpec, ProviderSpec
from studio.scheduling import switches as verbs
from studio.scheduling.models import ModelSwitch
from studio.sellers.forms import SwitchForm


@dataclass(frozen=True)
class Row:
    spec: ModelSpec
    is_off: bool
    off_for: tuple[User, ...]


@dataclass(frozen=True)
class Shelf:
    provider: ProviderSpec
    rows: tuple[Row, ...]


@require_safe
@admins_only
def models(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: PersonRequest, *, wrong: SwitchForm | None = None, status: int = 200
) -> HttpResponse:
    people = User.objects.filter(is_active=True).order_by("name", "email")
    context = {"shelves": _shelves(), "people": people, "wrong": wrong}
    return render(request, "sellers/models.html", context, status=status)


def _shelves() -> list[Shelf]:
    off = defaultdict[str, list[User | None]](list)
    for switch in ModelSwitch.objects.select_related("person").order_by("person__name", "pk"):
        off[switch.model].append(switch.person)
    return [
        Shelf(provider, tuple(_row(spec, off[spec.key]) for spec in provider.models))
        for provider in catalogue().providers
    ]


def _row(spec: ModelSpec, off: list[User | None]) -> Row:
    return Row(spec, None in off, tuple(person for person in off if person))


@require_POST
@admins_only
def switch_off(request: PersonRequest) -> HttpResponse:
    return _switch(request, verbs.switch_off)


@require_POST
@admins_only
def switch_on(request: PersonRequest) -> HttpResponse:
    return _switch(request, verbs.switch_on)


def _switch(request: PersonRequest, verb: Callable[..., None]) -> HttpResponse:
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong=form, status=422)
    verb(form.cleaned_data["model"], form.cleaned_data["person"], actor=request.user)
    return redirect("provider_models")
