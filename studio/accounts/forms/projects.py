from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.accounts.forms.fields import RefusableForm
from studio.accounts.models import Project, ProjectRole, User


class NameForm(RefusableForm):
    name = forms.CharField(label=_("Name"), max_length=80)


class AddMemberForm(RefusableForm):
    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Person"),
        to_field_name="uid",
        empty_label=_("Choose somebody"),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=ProjectRole.choices, initial=ProjectRole.MEMBER
    )

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        outside = User.objects.filter(is_active=True).exclude(memberships__project=project)
        field.queryset = outside.order_by("name", "email")


class MemberRoleForm(RefusableForm):
    role = forms.ChoiceField(choices=ProjectRole.choices)
