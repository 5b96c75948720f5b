from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ClosingForm(forms.Form):
    """Charged or not, and how the admin knows."""

    reason = forms.CharField(label=_("How do you know?"), max_length=255)
    charged = forms.ChoiceField(
        choices=[("yes", _("It was charged")), ("no", _("It was not charged"))],
        error_messages={"required": _("Say whether it was charged.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].widget.attrs["autocomplete"] = "off"

    @property
    def was_charged(self) -> bool:
        return bool(self.cleaned_data["charged"] == "yes")
