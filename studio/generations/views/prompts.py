"""The prompts that a project keeps: a panel of the Create form, and without a script a page."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.models import Project, User
from studio.generations import drafts, saved
from studio.generations.briefs import Problem, Refused
from studio.generations.palette import SavedPrompt
from studio.generations.views.create import FORM, entry_of
from studio.generations.views.request import Request
from studio.lib import uid as uids

# Above so many there is a search; never more than so many are drawn.
FEW, MOST = 8, 20


@dataclass(frozen=True)
class Row:
    """`problem` is what was wrong when it was to be called `name`, or taken back."""

    prompt: SavedPrompt
    may_change: bool
    name: str
    problem: str

    @cached_property
    def blanks(self) -> list[tuple[str, str]]:
        """What is to be filled in: the name of the control, and what is asked."""
        names = enumerate(saved.fields(self.prompt.text))
        return [(f"{saved.FILL}{self.prompt.uid}.{n}", name) for n, name in names]


@require_http_methods(["GET", "HEAD", "POST"])
def prompts(request: Request) -> HttpResponse:
    return _save(request) if request.method == "POST" else _answer(request, _project(request))


def _save(request: Request) -> HttpResponse:
    project, entry = _project(request), entry_of(request)
    if project is None:
        raise Http404
    if not project.may_change(request.user):
        raise PermissionDenied(_("You may look at this project, but not change it."))
    name = request.POST.get("saved_name", "").replace("\x00", "")
    try:
        saved.save(request.user, project, name, entry.prompt)
    except Refused as refused:
        problem = refused.problems[0]
        return _answer(request, project, status=422, typed_name=name, problem=problem)
    return _done(request, project)


@require_POST
def rename(request: Request, uid: str) -> HttpResponse:
    prompt = _changeable(request, uid)
    name = request.POST.get(f"called.{uid}", "").replace("\x00", "")
    try:
        saved.rename(prompt, name)
    except Refused as refused:
        said = (uid, name, refused.problems[0].message)
        return _answer(request, _shown(request, prompt), status=422, said=said)
    return _done(request, _shown(request, prompt))


@require_POST
def remove(request: Request, uid: str) -> HttpResponse:
    prompt = _changeable(request, uid)
    saved.remove(prompt)
    return _done(request, _shown(request, prompt), removed=prompt)


@require_POST
def restore(request: Request, uid: str) -> HttpResponse:
    prompt = _changeable(request, uid)
    try:
        saved.restore(prompt)
    except Refused as refused:
        problem = Problem("removed", "", refused.problems[0].message)
        shown = _shown(request, prompt)
        return _answer(request, shown, status=422, removed=prompt, problem=problem)
    return _done(request, _shown(request, prompt))


# ── Whose ─────────────────────────────────────────────────────────────────────────────────────


def _project(request: Request) -> Project | None:
    """The one that was named; None: those of every project one may see."""
    named = request.POST if request.method == "POST" else request.GET
    uid = named.get("project")
    if not uid:
        return None
    visible = Project.objects.visible_to(request.user)
    found: Project = get_object_or_404(visible, uid=uids.read(uid))
    return found


def _shown(request: Request, prompt: SavedPrompt) -> Project | None:
    """Whatever list was looked at stays in view."""
    return prompt.project if request.POST.get("project") else None


def _changeable(request: Request, uid: str) -> SavedPrompt:
    mine = SavedPrompt.objects.visible_to(request.user).select_related("project")
    prompt: SavedPrompt = get_object_or_404(mine, uid=uid)
    if not prompt.may_be_changed_by(request.user, prompt.project.role_of(request.user)):
        raise PermissionDenied(_("Only its author and the leads of the project may change it."))
    return prompt


# ── The answer ────────────────────────────────────────────────────────────────────────────────


def _done(
    request: Request, project: Project | None, removed: SavedPrompt | None = None
) -> HttpResponse:
    if request.htmx:
        return _answer(request, project, removed=removed)
    if "mode" in request.POST:
        drafts.save(request.user, FORM, entry_of(request).as_draft())
    asked = {"project": project.uid if project else "", "removed": removed.uid if removed else ""}
    return redirect(f"{reverse('prompts')}?{urlencode({n: v for n, v in asked.items() if v})}")


def _answer(
    request: Request,
    project: Project | None,
    *,
    status: int = 200,
    said: tuple[str, str, str] = ("", "", ""),
    **extra: Any,
) -> HttpResponse:
    words = request.POST if request.method == "POST" else request.GET
    asked = words.get("q", "").replace("\x00", "").strip()[:200]
    everything = SavedPrompt.objects.visible_to(request.user).kept()
    if project:
        everything = everything.filter(project=project)
    found = everything.filter(name__icontains=asked) if asked else everything
    context = {
        "project": project,
        "q": asked,
        "count": everything.count(),
        "few": FEW,
        "more": max(0, found.count() - MOST),
        "rows": _rows(request.user, found.select_related("project")[:MOST], said),
        "may_save": project is not None and project.may_change(request.user),
        "prompt_text": entry_of(request).prompt if not request.htmx else "",
        "removed": _just_removed(request),
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"generations/saved.html{part}", context | extra, status=status)


def _rows(user: User, found: Any, said: tuple[str, str, str]) -> list[Row]:
    uid, name, problem = said
    roles = {project: project.role_of(user) for project in {prompt.project for prompt in found}}
    return [
        Row(
            prompt,
            prompt.may_be_changed_by(user, roles[prompt.project]),
            name if prompt.uid == uid else prompt.name,
            problem if prompt.uid == uid else "",
        )
        for prompt in found
    ]


def _just_removed(request: Request) -> SavedPrompt | None:
    """The one whose removal can be undone here."""
    uid = uids.read(request.GET.get("removed"))
    mine = SavedPrompt.objects.visible_to(request.user).exclude(deleted_at=None)
    found = mine.filter(uid=uid).select_related("project").first() if uid else None
    if found is None or not found.may_be_changed_by(
        request.user, found.project.role_of(request.user)
    ):
        return None
    return found
