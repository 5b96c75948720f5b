from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from studio.accounts.forms.fields import CurrencyField, RefusableForm
from studio.accounts.models import Studio, User
from studio.catalogue.load import catalogue
from studio.catalogue.specs import ProviderSpec
from studio.lib import clock
from studio.scheduling import addresses, keys
from studio.scheduling.accounts import FIRST_LIMIT, MOST_IN_FLIGHT, Allowance

RELAY = "relay"
# The word before the key; the last one stands for the bare key.
SCHEMES = [("Bearer", "Bearer"), ("Token", "Token"), ("none", _("the key alone"))]
PATH_WORDS = _("Write a path, beginning with a slash.")


class SecretField(forms.CharField):
    """Write-only: what is typed is never drawn again, after an error neither."""

    def __init__(self) -> None:
        widget = forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"})
        words = _("Kept encrypted. Only its last four characters are ever shown again.")
        longest = keys.LONGEST
        super().__init__(label=_("Key"), max_length=longest, widget=widget, help_text=words)


class NameField(forms.CharField):
    def __init__(self) -> None:
        words = _("What you call this account, for instance by who pays for it.")
        super().__init__(label=_("Name"), max_length=60, help_text=words)


class PathField(forms.CharField):
    """A path under the address; empty: as on Vidu's own pages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=120, **options)

    def clean(self, value: Any) -> str:
        path: str = super().clean(value)
        if path and (not path.startswith("/") or any(sign in path for sign in ("..", "//", " "))):
            raise ValidationError(PATH_WORDS)
        return path


class ProviderForm(RefusableForm):
    """A form of one provider's; it asks only what that provider has."""

    def __init__(self, *args: Any, provider: ProviderSpec, **options: Any) -> None:
        super().__init__(*args, **options)
        self.provider = provider
        self.fit()

    def fit(self) -> None:
        """Take out the fields that this provider has no use for."""


class AllowanceForm(ProviderForm):
    """A level where the provider has levels, else a number."""

    level = forms.ChoiceField(
        label=_("Customer level"),
        help_text=_("As the provider shows it; it sets how many jobs may be made at a time."),
    )
    limit = forms.IntegerField(
        label=_("Jobs at a time"),
        min_value=1,
        max_value=MOST_IN_FLIGHT,
        initial=FIRST_LIMIT,
        help_text=_("What your contract with the provider allows; more are turned away there."),
    )

    def fit(self) -> None:
        super().fit()
        levels = self.provider.levels
        del self.fields["limit" if levels else "level"]
        level = self.fields.get("level")
        if isinstance(level, forms.ChoiceField):
            level.choices = [(name, f"{name} · {many}") for name, many in levels.items()]

    @property
    def allowance(self) -> Allowance:
        said = self.cleaned_data
        level, limit = said.get("level", ""), said.get("limit")
        return Allowance.of(self.provider.levels, level=level, limit=limit)


class AddressForm(ProviderForm):
    """Where the key is sent; a relay also says how."""

    api_key = SecretField()
    base_url = forms.CharField(
        label=_("Address"), required=False, max_length=addresses.LONGEST, strip=True
    )
    scheme = forms.ChoiceField(label=_("Before the key"), choices=SCHEMES, required=False)
    submit_path = PathField(label=_("Path to order"))
    poll_path = PathField(label=_("Path to ask"))

    def fit(self) -> None:
        super().fit()
        if self.provider.key != RELAY:
            for name in ("scheme", "submit_path", "poll_path"):
                del self.fields[name]
        own = addresses.standing(self.provider.key)
        self.fields["base_url"].required = not own
        self.fields["base_url"].help_text = (
            _("Empty: %(own)s") % {"own": own} if own else _("https://host, before each path.")
        )

    def clean_poll_path(self) -> str:
        path: str = self.cleaned_data["poll_path"]
        if path and "{task_id}" not in path:
            raise ValidationError(_("The path needs {task_id}, where the job's number stands."))
        return path

    @property
    def relay_words(self) -> dict[str, str]:
        """What a relay says otherwise than Vidu; empty elsewhere."""
        said = self.cleaned_data
        words = {name: said.get(name, "") for name in ("scheme", "submit_path", "poll_path")}
        return {name: word for name, word in words.items() if word}


class ConnectForm(AddressForm, AllowanceForm):
    field_order = ["api_key", "name", "level", "limit", "base_url"]

    name = NameField()
    daily_limit = forms.DecimalField(
        label=_("Daily limit of the studio"),
        required=False,
        min_value=0,
        help_text=_("No more than this is spent in a day, whoever orders."),
    )
    no_limit = forms.BooleanField(label=_("No limit"), required=False)

    def __init__(self, *args: Any, asks_limit: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asks_limit = asks_limit
        if not asks_limit:
            del self.fields["daily_limit"], self.fields["no_limit"]

    def clean(self) -> None:
        said = self.cleaned_data
        if not self.asks_limit or "daily_limit" not in said:
            return
        if (said["daily_limit"] is None) is not said["no_limit"]:
            self.add_error("daily_limit", _("Write a limit, or tick that there is none."))


class RenameForm(RefusableForm):
    name = NameField()


class KeyForm(RefusableForm):
    api_key = SecretField()


class PauseForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


def today() -> date:
    return clock.now().astimezone(Studio.get().zone).date()


class TopUpForm(RefusableForm):
    amount = forms.DecimalField(label=_("Paid in"))
    currency = CurrencyField()
    day = forms.DateField(
        label=_("Date"), initial=today, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class DisconnectForm(RefusableForm):
    sure = forms.BooleanField(
        label=_("Destroy its keys. Connecting again needs a key from the provider.")
    )


class HostForm(RefusableForm):
    host = forms.CharField(label=_("Host"), max_length=255)


def model_keys() -> list[tuple[str, str]]:
    return [(key, spec.name) for key, spec in catalogue().models.items()]


class SwitchForm(RefusableForm):
    """Which model, and for whom: everybody, said expressly, or one person."""

    model = forms.ChoiceField(choices=model_keys)
    everybody = forms.BooleanField(required=False)
    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        User.objects.all(), label=_("Person"), required=False, to_field_name="uid"
    )

    def clean(self) -> None:
        said = self.cleaned_data
        if "person" in said and said["everybody"] is bool(said["person"]):
            self.add_error("person", _("Choose somebody."))
