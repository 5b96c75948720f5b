from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from studio.accounts.forms.fields import CurrencyField, NewPersonForm, TimeZoneField


def first_currency() -> str:
    return settings.FIRST_CURRENCY


def first_time_zone() -> str:
    return settings.FIRST_TIME_ZONE


class SetupForm(NewPersonForm):
    field_order = ["email", "name", "password"]

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    time_zone = TimeZoneField(initial=first_time_zone)
    currency = CurrencyField(initial=first_currency)

    def address(self) -> str:
        return str(self.cleaned_data.get("email", ""))
