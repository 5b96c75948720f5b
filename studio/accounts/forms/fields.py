from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from studio.accounts import choices
from studio.accounts.errors import Refused
from studio.accounts.models import User

LONGEST_PASSWORD = 1000
PASSWORD_HELP = _("10 characters or more; a short sentence is good.")


class NewPasswordField(forms.CharField):
    """Kept to the letter: spaces at the ends and emoji are part of it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Password"))
        options.setdefault("help_text", PASSWORD_HELP)
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **options)


class LanguageField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Language"), choices=choices.languages, **options)


class TimeZoneField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Time zone"), choices=choices.time_zones, **options)


class CurrencyField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Currency"), choices=choices.currency_codes, **options)


class RefusableForm(forms.Form):
    """A form that shows the refusal of a rule at its place."""

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class NewPersonForm(RefusableForm):
    """What everybody who makes an account says: the first admin and whoever is invited."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = NewPasswordField()
    language = LanguageField()

    def address(self) -> str:
        """The e-mail of the account to be."""
        raise NotImplementedError

    def clean(self) -> None:
        person = User(email=self.address(), name=self.cleaned_data.get("name", ""))
        try:
            validate_password(self.cleaned_data.get("password", ""), person)
        except ValidationError as weak:
            if "password" in self.cleaned_data:
                self.add_error("password", weak)
