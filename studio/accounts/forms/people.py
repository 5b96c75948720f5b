from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.accounts import switching
from studio.accounts.forms.fields import NewPersonForm, RefusableForm
from studio.accounts.models import Invite, Project, StudioRole, User


class ReasonField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(label=_("Reason"), required=False, max_length=200)


class InviteForm(RefusableForm):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=StudioRole.choices, initial=StudioRole.MEMBER)
    project: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(
        Project.objects.filter(personal_of=None, archived_at=None),
        label=_("Project"),
        required=False,
        to_field_name="uid",
        empty_label=_("None yet"),
    )


class AcceptForm(NewPersonForm):
    """The address is the invitation's; only the rest is asked."""

    def __init__(self, *args: Any, invite: Invite, **options: Any) -> None:
        super().__init__(*args, **options)
        self.invite = invite

    def address(self) -> str:
        return self.invite.email


class RoleForm(RefusableForm):
    role = forms.ChoiceField(label=_("Role in the studio"), choices=StudioRole.choices)
    reason = ReasonField()


class SwitchOffForm(RefusableForm):
    successor: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes over"),
        help_text=_("Becomes lead wherever this person was, their personal project included."),
        to_field_name="uid",
        empty_label=_("Choose somebody"),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = switching.successors(person)
