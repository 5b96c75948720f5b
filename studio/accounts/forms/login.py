"""Forms of allauth and Django in our words: a label above each field, no placeholder inside."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django.conf import settings
from django.contrib.auth import forms as auth
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from studio.accounts.forms.fields import PASSWORD_HELP


class Labelled(BaseForm):
    labels: ClassVar[dict[str, Any]] = {}
    helps: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")


class LoginForm(Labelled, account.LoginForm):
    labels = {"login": _("E-mail")}

    @property
    def has_mail(self) -> bool:
        return settings.HAS_MAIL


class PasswordAgainForm(Labelled, account.ReauthenticateForm):
    pass


class ChangePasswordForm(Labelled, account.ChangePasswordForm):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    helps = {"password1": PASSWORD_HELP}


class SetPasswordForm(Labelled, account.SetPasswordForm):
    labels = {"password2": _("Password again")}
    helps = {"password1": PASSWORD_HELP}


class ResetForm(Labelled, auth.SetPasswordForm):  # type: ignore[type-arg]  # not so at run time
    labels = {"new_password1": _("New password"), "new_password2": _("New password again")}
    helps = {"new_password1": PASSWORD_HELP}


class CodeForm(Labelled, second_factor.AuthenticateForm):
    pass


class CodeAgainForm(Labelled, second_factor.ReauthenticateForm):
    pass


class ActivateCodeForm(Labelled, totp.ActivateTOTPForm):
    labels = {"code": _("Code")}
