"""allauth's forms without placeholders: each field has its label above it."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django.conf import settings
from django.forms import BaseForm


class Labelled(BaseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Labelled, account.LoginForm):
    @property
    def has_mail(self) -> bool:
        return settings.HAS_MAIL


class PasswordAgainForm(Labelled, account.ReauthenticateForm):
    pass


class ChangePasswordForm(Labelled, account.ChangePasswordForm):
    pass


class SetPasswordForm(Labelled, account.SetPasswordForm):
    pass


class CodeForm(Labelled, second_factor.AuthenticateForm):
    pass


class CodeAgainForm(Labelled, second_factor.ReauthenticateForm):
    pass


class ActivateCodeForm(Labelled, totp.ActivateTOTPForm):
    pass
