from django import forms
from django.utils.translation import gettext_lazy as _

from studio.accounts.forms.fields import (
    CurrencyField,
    LanguageField,
    RefusableForm,
    TimeZoneField,
)


class ProfileForm(RefusableForm):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    language = LanguageField()


class StudioForm(RefusableForm):
    name = forms.CharField(label=_("Name of the studio"), max_length=80)
    time_zone = TimeZoneField()
    currency = CurrencyField()
