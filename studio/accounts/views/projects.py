from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts import projects as verbs
from studio.accounts.access import PersonRequest
from studio.accounts.errors import Refused
from studio.accounts.forms.projects import AddMemberForm, MemberRoleForm, NameForm
from studio.accounts.models import Project, ProjectRole, StudioRole, User


@require_http_methods(["GET", "HEAD", "POST"])
def projects(request: PersonRequest) -> HttpResponse:
    form = NameForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("project", verbs.create(request.user, form.cleaned_data["name"]).uid)
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "may_create": request.user.role != StudioRole.VIEWER,
        "projects": Project.objects.visible_to(request.user).for_list(request.user),
    }
    return render(request, "accounts/projects.html", context, status=422 if form.errors else 200)


@require_safe
def project(request: PersonRequest, uid: str) -> HttpResponse:
    return _page(request, get_object_or_404(Project.objects.visible_to(request.user), uid=uid))


def _page(
    request: PersonRequest, project: Project, *, status: int = 200, **extra: Any
) -> HttpResponse:
    members = project.memberships.select_related("user").order_by("user__name", "user__email")
    context = {
        "project": project,
        "members": members,
        "roles": ProjectRole.choices,
        "may_manage": Project.objects.led_by(request.user).filter(pk=project.pk).exists(),
        "name_form": NameForm(initial={"name": project.name}),
        "member_form": AddMemberForm(project=project),
    }
    return render(request, "accounts/project.html", context | extra, status=status)


def _led(request: PersonRequest, uid: str) -> Project:
    """The project if this person manages it. Strangers find nothing, members are told."""
    found: Project = get_object_or_404(Project.objects.visible_to(request.user), uid=uid)
    if not Project.objects.led_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied(_("You may see this project but not change it."))
    return found


@require_POST
def rename(request: PersonRequest, uid: str) -> HttpResponse:
    project, form = _led(request, uid), NameForm(request.POST)
    if not form.is_valid():
        return _page(request, project, name_form=form, status=422)
    verbs.rename(request.user, project, form.cleaned_data["name"])
    return redirect("project", uid)


@require_POST
def archive(request: PersonRequest, uid: str) -> HttpResponse:
    verbs.archive(request.user, _led(request, uid))
    return redirect("project", uid)


@require_POST
def restore(request: PersonRequest, uid: str) -> HttpResponse:
    verbs.restore(request.user, _led(request, uid))
    return redirect("project", uid)


@require_POST
def add_member(request: PersonRequest, uid: str) -> HttpResponse:
    project = _led(request, uid)
    form = AddMemberForm(request.POST, project=project)
    if form.is_valid():
        try:
            verbs.set_member(request.user, project, **form.cleaned_data)
            return redirect("project", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, project, member_form=form, status=422)


@require_POST
def set_member_role(request: PersonRequest, uid: str, person_uid: str) -> HttpResponse:
    project, form = _led(request, uid), MemberRoleForm(request.POST)
    person = get_object_or_404(User, uid=person_uid, memberships__project=project)
    if form.is_valid():
        try:
            verbs.set_member(request.user, project, person, form.cleaned_data["role"])
            return redirect("project", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, project, refused=person, refused_form=form, status=422)


@require_POST
def remove_member(request: PersonRequest, uid: str, person_uid: str) -> HttpResponse:
    project = _led(request, uid)
    person = get_object_or_404(User, uid=person_uid, memberships__project=project)
    try:
        verbs.remove_member(request.user, project, person)
    except Refused as refusal:
        return _page(request, project, refused=person, refusal=refusal, status=422)
    return redirect("project", uid)
