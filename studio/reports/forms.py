"""What an admin types about money. A number is plain digits, or it is no number."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.accounts.forms.fields import CurrencyField, RefusableForm
from studio.catalogue.rules import spell
from studio.catalogue.specs import ModelSpec, Value
from studio.generations.words import parameter_word, value_word
from studio.lib import money
from studio.reports.pricing import choosable, field_name
from studio.spend.prices import Terms

# Python would also read 1_000, ٣ and 1e9.
PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)


class NumberField(forms.DecimalField):
    def to_python(self, value: Any) -> Any:
        text = "" if value is None else str(value).strip()
        if text and not PLAIN.fullmatch(text):
            raise ValidationError(_("Write a number such as 12.50."))
        return super().to_python(text)


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


class PriceForm(RefusableForm):
    """One select for each parameter that a price may depend on, and the price itself."""

    amount = NumberField(label=gettext_lazy("Price of a clip"), decimal_places=money.PLACES)
    currency = CurrencyField()
    credit_value = NumberField(
        label=gettext_lazy("Worth of one credit"),
        required=False,
        decimal_places=money.PLACES,
        help_text=gettext_lazy("Only where the price is in credits."),
    )
    valid_from = DayField(label=gettext_lazy("In force from"))
    source = forms.CharField(
        label=gettext_lazy("Where it was read"), required=False, max_length=200
    )
    note = forms.CharField(label=gettext_lazy("Why"), max_length=200)

    def __init__(self, *args: Any, spec: ModelSpec, **options: Any) -> None:
        super().__init__(*args, **options)
        self.spec = spec
        self.parameters = tuple(choosable(spec))
        for parameter in self.parameters:
            values = [(spell(v), value_word(parameter.name, v)) for v in parameter.values]
            self.fields[field_name(parameter.name)] = forms.ChoiceField(
                label=parameter_word(parameter.name),
                choices=[("", _("any")), *values],
                required=False,
            )

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[field_name(parameter.name)] for parameter in self.parameters]

    @property
    def values(self) -> dict[str, Value]:
        """The parameters that the price is for; none chosen: every clip."""
        chosen = {p.name: self.cleaned_data[field_name(p.name)] for p in self.parameters}
        return {
            parameter.name: value
            for parameter in self.parameters
            for value in parameter.values
            if chosen[parameter.name] == spell(value)
        }

    @property
    def terms(self) -> Terms:
        """Raises `Refused`."""
        said = self.cleaned_data
        return Terms(said["amount"], said["currency"], said["credit_value"])


class RateForm(RefusableForm):
    base = CurrencyField()
    quote = CurrencyField()
    rate = NumberField(label=gettext_lazy("One of it is"), max_digits=15, decimal_places=9)
    on = DayField(label=gettext_lazy("Day"))
    source = forms.CharField(label=gettext_lazy("Where it was read"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["base"].label = gettext_lazy("Currency")
        self.fields["quote"].label = gettext_lazy("in")


class LimitForm(RefusableForm):
    limit = NumberField()
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        self.fields["limit"].label = _("Most in one day, %(currency)s") % {"currency": currency}

    def clean_limit(self) -> Decimal:
        try:
            return money.exact(self.cleaned_data["limit"], places=money.digits(self.currency))
        except money.InexactAmount as inexact:
            raise ValidationError(_("Write whole coins, such as 12.50.")) from inexact
