from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.assets import names
from studio.assets.models import Asset, AssetKind, AssetQuerySet, Rights

_PICTURES = [(kind.value, kind.label) for kind in (AssetKind.PICTURE, AssetKind.LOGO)]


class UploadForm(forms.Form):
    """Everything about an upload but the files, which the views hand on unread."""

    most_bytes = settings.MAX_PICTURE_BYTES
    most_megabytes = most_bytes // (1024 * 1024)
    project = forms.ChoiceField(
        label=_("Project"),
        error_messages={"invalid_choice": _("Please pick one of your projects.")},
    )
    kind = forms.ChoiceField(choices=_PICTURES, label=_("Kind"), required=False)
    rights = forms.ChoiceField(choices=Rights, label=_("Rights"), required=False)
    rights_note = forms.CharField(
        max_length=255,
        label=_("Rights note"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Add a note: licence, client, source")}),
    )

    def __init__(self, *args: Any, person: User, into: str = "") -> None:
        """`into` is the uid of the project to propose; else it is the person's own."""
        super().__init__(*args)
        self.projects = {p.uid: p for p in Project.objects.orderable_by(person)}
        own = next((p.uid for p in self.projects.values() if p.personal_of_id == person.pk), "")
        field = self.fields["project"]
        field.choices = [(uid, project.name) for uid, project in self.projects.items()]  # type: ignore[attr-defined]
        field.initial = into if into in self.projects else own
        _name_controls(self)

    def clean_project(self) -> Project:
        return self.projects[self.cleaned_data["project"]]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or AssetKind.PICTURE

    def clean_rights(self) -> str:
        return self.cleaned_data["rights"] or Rights.OWN


class AssetForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Asset
        fields = ("name", "rights", "rights_note")
        labels = {"name": _("Name"), "rights": _("Rights"), "rights_note": _("Rights note")}

    def clean_name(self) -> str:
        name = names.shown(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Please give it a name."))
        return name


class ShelfForm(forms.Form):
    """Which assets to show. Whatever makes no sense is left out of account."""

    q = forms.CharField(max_length=200, required=False, label=_("Search by name"))
    project = forms.ModelChoiceField(
        Project.objects.none(),
        to_field_name="uid",
        required=False,
        label=_("Show one project"),
        empty_label=_("All projects"),
    )
    rights = forms.ChoiceField(
        choices=[("", _("All rights")), *Rights.choices],
        required=False,
        label=_("Show some rights"),
    )
    trash = forms.BooleanField(required=False, label=_("Trash"))

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        choice = self.fields["project"]
        choice.queryset = Project.objects.visible_to(person)  # type: ignore[attr-defined]
        _name_controls(self)

    def assets(self) -> AssetQuerySet:
        self.is_valid()
        wanted = self.cleaned_data
        found = Asset.objects.visible_to(self.person)
        found = found.trashed() if wanted.get("trash") else found.shelved()
        if wanted.get("q"):
            found = found.filter(name__icontains=wanted["q"])
        if wanted.get("project"):
            found = found.filter(project=wanted["project"])
        if wanted.get("rights"):
            found = found.filter(rights=wanted["rights"])
        return found


def _name_controls(form: forms.Form) -> None:
    """These forms stand in a line without labels; whoever listens to the page needs them."""
    for field in form.fields.values():
        field.widget.attrs["aria-label"] = field.label
