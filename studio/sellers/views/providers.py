"""All providers and their accounts; a new account; the hosts that their files come from."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.access import PersonRequest, admins_only
from studio.accounts.errors import Refused
from studio.accounts.models import Studio
from studio.catalogue.specs import ProviderSpec
from studio.generations.line import wake_archive
from studio.scheduling import hosts
from studio.scheduling.accounts import Newcomer
from studio.scheduling.models import ProviderAccount
from studio.sellers import board, connecting
from studio.sellers.connecting import Wish
from studio.sellers.forms import ConnectForm, HostForm


@require_safe
@admins_only
def providers(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: PersonRequest, *, wrong: HostForm | None = None, at: str = "", status: int = 200
) -> HttpResponse:
    sellers = board.sellers()
    context = {
        "sellers": sellers,
        "is_connected": any(seller.is_connected for seller in sellers),
        "daily_limit": board.daily_limit(),
        "host_form": HostForm(),
        "wrong": wrong,
        "at": at,
    }
    return render(request, "sellers/providers.html", context, status=status)


def _sold(provider: str) -> ProviderSpec:
    spec = board.sold().get(provider)
    if spec is None:
        raise Http404
    return spec


@sensitive_post_parameters("api_key")
@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def connect(request: PersonRequest, provider: str) -> HttpResponse:
    spec = _sold(provider)
    form = ConnectForm(
        request.POST or None,
        provider=spec,
        asks_limit=board.asks_for_limit(),
        initial={"name": _free_name(spec)},
    )
    if form.is_valid():
        try:
            account = connecting.connect(request.user, _wish(form))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            words = _("%(name)s is connected. Its first clip proves the key.")
            messages.success(request, words % {"name": account.name})
            return redirect("provider_account", account.uid)
    context = {"form": form, "provider": spec, "currency": Studio.get().currency}
    return render(request, "sellers/connect.html", context, status=422 if form.errors else 200)


def _free_name(spec: ProviderSpec) -> str:
    """The seller's own name for the first account; the second needs words of the admin's."""
    taken = ProviderAccount.objects.filter(provider=spec.key, name=spec.name, removed_at=None)
    return "" if taken.exists() else spec.name


def _wish(form: ConnectForm) -> Wish:
    said = form.cleaned_data
    newcomer = Newcomer(
        provider=form.provider.key,
        name=said["name"],
        key=said["api_key"],
        allowance=form.allowance,
        base_url=said["base_url"],
        options=form.relay_words,
    )
    return Wish(newcomer, said.get("daily_limit"))


@require_POST
@admins_only
def allow_host(request: PersonRequest, provider: str) -> HttpResponse:
    spec, form = _sold(provider), HostForm(request.POST)
    if form.is_valid():
        try:
            hosts.allow(spec.key, form.cleaned_data["host"], actor=request.user)
            wake_archive(spec.key)
            return redirect("providers")
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, wrong=form, at=spec.key, status=422)


@require_POST
@admins_only
def forbid_host(request: PersonRequest, provider: str) -> HttpResponse:
    spec, form = _sold(provider), HostForm(request.POST)
    if form.is_valid():
        try:
            hosts.forbid(spec.key, form.cleaned_data["host"], actor=request.user)
            return redirect("providers")
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, wrong=form, at=spec.key, status=422)
