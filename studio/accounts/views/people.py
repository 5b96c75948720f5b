"""Everybody who has an account, for admins."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from studio.accounts import resets, roles, switching
from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.forms.people import InviteForm, RoleForm, SwitchOffForm
from studio.accounts.models import Invite, User


@dataclass(frozen=True)
class FreshLink:
    """Shown in the answer to the click that made it, and never again."""

    address: str
    email: str


@require_safe
@admins_only
def people(request: PersonRequest) -> HttpResponse:
    return people_page(request)


def people_page(
    request: PersonRequest,
    *,
    form: InviteForm | None = None,
    fresh: FreshLink | None = None,
    status: int = 200,
) -> HttpResponse:
    everybody = User.objects.prefetch_related("memberships__project")
    context = {
        "people": everybody.order_by("-is_active", "name", "email"),
        "invites": Invite.objects.open().select_related("project").order_by("-created_at"),
        "form": form or InviteForm(),
        "fresh": fresh,
    }
    return render(request, "accounts/people.html", context, status=status)


@require_safe
@admins_only
def person(request: PersonRequest, uid: str) -> HttpResponse:
    return _person_page(request, get_object_or_404(User, uid=uid))


def _person_page(
    request: PersonRequest, person: User, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {
        "person": person,
        "memberships": person.memberships.select_related("project").order_by("project__name"),
        "has_second_factor": person.authenticator_set.exists(),
        "role_form": RoleForm(initial={"role": person.role}),
        "off_form": SwitchOffForm(person=person),
    }
    return render(request, "accounts/person.html", context | extra, status=status)


@require_POST
@admins_only
def set_role(request: PersonRequest, uid: str) -> HttpResponse:
    person, form = get_object_or_404(User, uid=uid), RoleForm(request.POST)
    if form.is_valid():
        try:
            roles.set_role(request.user, person, **form.cleaned_data)
            return redirect("person", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _person_page(request, person, role_form=form, status=422)


@require_POST
@admins_only
def switch_off(request: PersonRequest, uid: str) -> HttpResponse:
    person = get_object_or_404(User, uid=uid)
    form = SwitchOffForm(request.POST, person=person)
    if form.is_valid():
        try:
            switching.switch_off(request.user, person, **form.cleaned_data)
            return redirect("person", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _person_page(request, person, off_form=form, status=422)


@require_POST
@admins_only
def switch_on(request: PersonRequest, uid: str) -> HttpResponse:
    person = get_object_or_404(User, uid=uid)
    try:
        switching.switch_on(request.user, person)
    except Refused as refusal:
        return _person_page(request, person, refusal=refusal, status=422)
    return redirect("person", uid)


@require_POST
@admins_only
def hand_out_reset(request: PersonRequest, uid: str) -> HttpResponse:
    person = get_object_or_404(User, uid=uid)
    try:
        fresh = FreshLink(resets.hand_out(request.user, person), person.email)
    except Refused as refusal:
        return _person_page(request, person, refusal=refusal, status=422)
    return _person_page(request, person, fresh=fresh, minutes=resets.MINUTES, status=201)


@require_POST
@admins_only
def take_off_second_factor(request: PersonRequest, uid: str) -> HttpResponse:
    person = get_object_or_404(User, uid=uid)
    try:
        resets.take_off_second_factor(request.user, person)
    except Refused as refusal:
        return _person_page(request, person, refusal=refusal, status=422)
    return redirect("person", uid)
