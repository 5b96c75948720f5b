from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from studio.accounts import preferences, sessions
from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.forms.settings import ProfileForm, StudioForm
from studio.accounts.models import Studio


@require_safe
def settings(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    user, studio = request.user, Studio.get()
    language = user.language or get_language()
    context = {
        "profile_form": ProfileForm(initial={"name": user.name, "language": language}),
        "studio": studio,
        "studio_form": StudioForm(initial=vars(studio)),
        "has_second_factor": user.authenticator_set.exists(),
        "here": request.session.session_key,
        "sessions": sessions.alive(user),
    }
    return render(request, "accounts/settings.html", context | extra, status=status)


@require_POST
def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, profile_form=form, status=422)
    preferences.set_profile(request.user, **form.cleaned_data)
    return redirect("settings")


@require_POST
@admins_only
def studio(request: PersonRequest) -> HttpResponse:
    form = StudioForm(request.POST)
    if form.is_valid():
        try:
            preferences.set_studio(request.user, **form.cleaned_data)
            return redirect("settings")
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, studio_form=form, status=422)


@require_POST
def end_other_sessions(request: PersonRequest) -> HttpResponse:
    sessions.end_others(request.user, but=request.session.session_key)
    return redirect("settings")
