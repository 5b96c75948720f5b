from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.accounts import devices, setup
from studio.accounts.errors import Refused
from studio.accounts.forms.setup import SetupForm


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_visit(request: HttpRequest) -> HttpResponse:
    if not setup.is_waiting():
        return redirect("create" if request.user.is_authenticated else "account_login")
    code = request.GET.get("code", "")
    if not setup.opens(code):
        return render(
            request, "accounts/waiting.html", {"wrong": code}, status=403 if code else 200
        )
    form = SetupForm(request.POST or None, initial={"language": get_language()})
    if form.is_valid():
        return _found(request, form)
    return render(
        request, "accounts/setup.html", {"form": form}, status=422 if form.errors else 200
    )


def _found(request: HttpRequest, form: SetupForm) -> HttpResponse:
    try:
        admin = setup.found(setup.FirstVisit(**form.cleaned_data))
    except Refused as refusal:
        form.refuse(refusal)
        return render(request, "accounts/setup.html", {"form": form}, status=422)
    login(request, admin)
    response = redirect("create")
    devices.remember(response, admin)
    return response
