"""One account at a provider: its name, limit, key, pauses, money and end."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.models import Studio
from studio.lib.money import Money
from studio.scheduling import accounts, keys, top_ups
from studio.scheduling.models import ProviderAccount, TopUp
from studio.sellers import board, figures, testing
from studio.sellers.forms import (
    AddressForm,
    AllowanceForm,
    DisconnectForm,
    KeyForm,
    PauseForm,
    RenameForm,
    TopUpForm,
)


@require_safe
@admins_only
def account(request: PersonRequest, uid: str) -> HttpResponse:
    return _page(request, _account(uid))


def _account(uid: str) -> ProviderAccount:
    """Of a provider in the catalogue, and not disconnected."""
    paid = ProviderAccount.objects.filter(provider__in=board.sold(), removed_at=None)
    found: ProviderAccount = get_object_or_404(paid, uid=uid)
    return found


def _page(
    request: PersonRequest, account: ProviderAccount, *, status: int = 200, **extra: Any
) -> HttpResponse:
    (card,) = board.cards_of([account])
    spec = card.provider
    allowance = {"level": account.level, "limit": account.in_flight_limit}
    where = {"base_url": account.base_url, **account.options}
    context = {
        "card": card,
        "account": account,
        "open_jobs": figures.open_jobs(account),
        "top_ups": account.top_ups.select_related("actor").order_by("-at", "-pk"),
        "rename_form": RenameForm(initial={"name": account.name}),
        "allowance_form": AllowanceForm(provider=spec, initial=allowance),
        "key_form": KeyForm(),
        # The same field stands in two forms of the page.
        "address_form": AddressForm(provider=spec, initial=where, auto_id="address_%s"),
        "pause_form": PauseForm(),
        "disconnect_form": DisconnectForm(),
        "top_up_form": TopUpForm(initial={"currency": spec.currency}),
    }
    return render(request, "sellers/account.html", context | extra, status=status)


@require_POST
@admins_only
def rename(request: PersonRequest, uid: str) -> HttpResponse:
    found, form = _account(uid), RenameForm(request.POST)
    if form.is_valid():
        try:
            accounts.rename(found, form.cleaned_data["name"], actor=request.user)
            return redirect("provider_account", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, found, rename_form=form, status=422)


@require_POST
@admins_only
def set_limit(request: PersonRequest, uid: str) -> HttpResponse:
    found = _account(uid)
    form = AllowanceForm(request.POST, provider=board.sold()[found.provider])
    if form.is_valid():
        try:
            accounts.set_allowance(found, form.allowance, actor=request.user)
            return redirect("provider_account", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, found, allowance_form=form, status=422)


@require_POST
@admins_only
def try_key(request: PersonRequest, uid: str) -> HttpResponse:
    """Only where a call is free; elsewhere the first clip proves the key."""
    found = _account(uid)
    if not testing.can_test(found.provider):
        raise Http404
    tested = testing.test(found)
    tell = messages.success if tested.works else messages.error
    tell(request, tested.words)
    return redirect("provider_account", uid)


@sensitive_post_parameters("api_key")
@require_POST
@admins_only
def replace_key(request: PersonRequest, uid: str) -> HttpResponse:
    found, form = _account(uid), KeyForm(request.POST)
    if form.is_valid():
        try:
            keys.replace(found, form.cleaned_data["api_key"], actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            keys.forget(found, still_used=figures.keys_in_use(found))
            messages.success(request, _("The key was replaced."))
            return redirect("provider_account", uid)
    return _page(request, found, key_form=form, status=422)


@sensitive_post_parameters("api_key")
@require_POST
@admins_only
def move(request: PersonRequest, uid: str) -> HttpResponse:
    found = _account(uid)
    spec = board.sold()[found.provider]
    form = AddressForm(request.POST, provider=spec, auto_id="address_%s")
    if form.is_valid():
        try:
            accounts.move(
                found,
                form.cleaned_data["base_url"],
                form.relay_words,
                key=form.cleaned_data["api_key"],
                actor=request.user,
                open_jobs=lambda: figures.open_jobs(found),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Address and key were changed."))
            return redirect("provider_account", uid)
    return _page(request, found, address_form=form, status=422)


@require_POST
@admins_only
def pause(request: PersonRequest, uid: str) -> HttpResponse:
    found, form = _account(uid), PauseForm(request.POST)
    if form.is_valid():
        accounts.pause(found, form.cleaned_data["reason"], actor=request.user)
        return redirect("provider_account", uid)
    return _page(request, found, pause_form=form, status=422)


@require_POST
@admins_only
def resume(request: PersonRequest, uid: str) -> HttpResponse:
    accounts.resume(_account(uid), actor=request.user)
    return redirect("provider_account", uid)


@require_POST
@admins_only
def top_up(request: PersonRequest, uid: str) -> HttpResponse:
    found, form = _account(uid), TopUpForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        paid = Money(said["amount"], said["currency"])
        at = datetime.combine(said["day"], time(12), Studio.get().zone)
        try:
            top_ups.note(found, paid, at=at, words=said["note"], actor=request.user)
            return redirect("provider_account", uid)
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, found, top_up_form=form, status=422)


@require_POST
@admins_only
def take_back_top_up(request: PersonRequest, uid: str, top_up_uid: str) -> HttpResponse:
    noted = get_object_or_404(TopUp, uid=top_up_uid, account=_account(uid))
    top_ups.take_back(noted, actor=request.user)
    return redirect("provider_account", uid)


@require_POST
@admins_only
def disconnect(request: PersonRequest, uid: str) -> HttpResponse:
    found, form = _account(uid), DisconnectForm(request.POST)
    if form.is_valid():
        try:
            accounts.disconnect(
                found, actor=request.user, open_jobs=lambda: figures.open_jobs(found)
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s is disconnected.") % {"name": found.name})
            return redirect("providers")
    return _page(request, found, disconnect_form=form, status=422)
