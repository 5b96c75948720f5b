"""The pages of allauth that we style, mounted one by one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

View = Callable[..., HttpResponseBase]


def refusing(view: View) -> View:
    """allauth answers 200 to a form with errors; everywhere in this studio that is a 422."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and form is not None and form.errors:
            response.status_code = 422
        return response

    return door


urlpatterns = [
    path("login/", refusing(account.login), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", refusing(account.reauthenticate), name="account_reauthenticate"),
    path("password/", refusing(account.password_change), name="account_change_password"),
    path("password/first/", refusing(account.password_set), name="account_set_password"),
    path("code/", refusing(second_factor.authenticate), name="mfa_authenticate"),
    path("code/again/", refusing(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/on/", refusing(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/off/", refusing(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "second-factor/codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/codes/new/",
        refusing(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
