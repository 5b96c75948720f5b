from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import devices, invites
from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.forms.people import AcceptForm, InviteForm
from studio.accounts.models import Invite
from studio.accounts.views.people import FreshLink, people_page


@require_POST
@admins_only
def create(request: PersonRequest) -> HttpResponse:
    """Answered with the page itself, not a redirect: the link is shown once and kept nowhere."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            link = invites.invite(request.user, **form.cleaned_data)
            fresh = FreshLink(link, form.cleaned_data["email"])
            return people_page(request, fresh=fresh, status=201)
        except Refused as refusal:
            form.refuse(refusal)
    return people_page(request, form=form, status=422)


@require_POST
@admins_only
def withdraw(request: PersonRequest, uid: str) -> HttpResponse:
    get_object_or_404(Invite, uid=uid)
    invites.withdraw_all(request.user, Invite.objects.filter(uid=uid))
    return redirect("people")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    invite = invites.find(token)
    if not invite or not invite.is_open:
        return render(request, "accounts/invite_ended.html", status=410 if invite else 404)
    form = AcceptForm(request.POST or None, invite=invite, initial={"language": get_language()})
    if form.is_valid():
        return _accepted(request, invite, form)
    return _accept_page(request, invite, form)


def _accepted(request: HttpRequest, invite: Invite, form: AcceptForm) -> HttpResponse:
    try:
        user = invites.accept(invite, invites.Newcomer(**form.cleaned_data))
    except Refused as refusal:
        form.refuse(refusal)
        return _accept_page(request, invite, form)
    login(request, user)
    response = redirect("create")
    devices.remember(response, user)
    return response


def _accept_page(request: HttpRequest, invite: Invite, form: AcceptForm) -> HttpResponse:
    context = {"form": form, "invite": invite}
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)
