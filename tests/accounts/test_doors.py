"""Every address of this area: who gets through, by which method, and what a form can reach."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from studio.accounts import invites
from studio.accounts.models import Invite, Membership, Project, Studio, User
from tests import people

# What each address answers to a GET: by an admin, by a member, without a login.
# A state changes by POST alone: a 405 stands for "and nothing else".
TO_LOGIN, HOME = "/accounts/login/", "/create/"
GET = {
    "setup": (302, 302, 302),
    "language": (405, 405, 405),
    "account_login": (302, 302, 200),
    "account_logout": (200, 200, 302),
    "account_inactive": (200, 200, 200),
    "account_reauthenticate": (200, 200, 302),
    "account_change_password": (200, 200, 302),
    "account_set_password": (302, 302, 302),
    "mfa_authenticate": (302, 302, 302),
    "mfa_reauthenticate": (302, 302, 302),
    "mfa_index": (200, 200, 302),
    "mfa_activate_totp": (302, 302, 302),
    "mfa_deactivate_totp": (404, 404, 302),
    "mfa_view_recovery_codes": (404, 404, 302),
    "mfa_generate_recovery_codes": (302, 302, 302),
    "mfa_download_recovery_codes": (404, 404, 302),
    "password_forgot": (404, 404, 404),
    "password_reset": (410, 410, 410),
    "people": (200, 404, 302),
    "person": (200, 404, 302),
    "person_role": (405, 405, 302),
    "person_off": (405, 405, 302),
    "person_on": (405, 405, 302),
    "person_reset": (405, 405, 302),
    "person_second_factor": (405, 405, 302),
    "invite_create": (405, 405, 302),
    "invite_withdraw": (405, 405, 302),
    "invite": (200, 200, 200),
    "projects": (200, 200, 302),
    "project": (200, 200, 302),
    "project_rename": (405, 405, 302),
    "project_archive": (405, 405, 302),
    "project_restore": (405, 405, 302),
    "project_add_member": (405, 405, 302),
    "project_member_role": (405, 405, 302),
    "project_remove_member": (405, 405, 302),
    "settings": (200, 200, 302),
    "settings_profile": (405, 405, 302),
    "settings_studio": (405, 405, 302),
    "sessions_end": (405, 405, 302),
}
# What only admins may send. Everybody else finds nothing there.
ADMINS_SEND = [
    "person_role",
    "person_off",
    "person_on",
    "person_reset",
    "person_second_factor",
    "invite_create",
    "invite_withdraw",
    "settings_studio",
]


def names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


@pytest.fixture
def token(cast: people.Cast) -> str:
    link = invites.invite(cast.admin, "nia@studio.example", role="member")
    return link.rstrip("/").rsplit("/", 1)[1]


def address(name: str, cast: people.Cast, token: str) -> str:
    arguments: dict[str, list[str]] = {
        "invite": [token],
        "invite_withdraw": [Invite.objects.get().uid],
        "password_reset": [cast.lead.uid, "x-y"],
    }
    if name in arguments:
        return reverse(name, args=arguments[name])
    if name.startswith("person"):
        return reverse(name, args=[cast.viewer.uid])
    if name in ("project_member_role", "project_remove_member"):
        return reverse(name, args=[cast.project.uid, cast.viewer.uid])
    if name.startswith("project") and name != "projects":
        return reverse(name, args=[cast.project.uid])
    return reverse(name)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of this area, as they stand."""
    models: list[type[Model]] = [User, Studio, Project, Membership, Invite]
    own = {model.__name__: model for model in models} | {
        "Authenticator": apps.get_model("mfa", "Authenticator")
    }
    return {
        name: [
            {k: v for k, v in row.items() if k != "last_login"}
            for row in model._default_manager.order_by("pk").values()
        ]
        for name, model in own.items()
    }


def test_every_address_has_a_line() -> None:
    assert reverse("setup")  # reads the studio's addresses, of which ours are a part
    ours = get_resolver("studio.accounts.urls")
    assert sorted(names(ours.url_patterns)) == sorted(GET)


@pytest.mark.row("A070")
@pytest.mark.parametrize("name", GET)
def test_looking_changes_nothing(cast: people.Cast, token: str, name: str) -> None:
    """By GET and HEAD, as a browser does ahead of time and a scanner does at any."""
    path = address(name, cast, token)
    answers = []
    for person in (cast.admin, cast.member, None):
        client = Client(headers={"sec-purpose": "prefetch"})
        if person:
            User.objects.filter(pk=person.pk).update(password="x!")
            person.set_password(people.PASSWORD)
            person.save()
            client.force_login(person)
        before = everything()
        got, head = client.get(path), client.head(path)
        assert got.status_code == head.status_code
        assert everything() == before
        answers.append(got.status_code)
    assert tuple(answers) == GET[name]


@pytest.mark.parametrize("name", ADMINS_SEND)
@pytest.mark.parametrize("who", ["lead", "member", "viewer", "stranger", "outsider"])
def test_what_admins_send_is_not_there_for_others(
    cast: people.Cast, token: str, name: str, who: str
) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    before = everything()
    typed = {"role": "admin", "successor": cast.lead.uid, "email": "eve@studio.example"}
    assert client.post(address(name, cast, token), typed).status_code == 404
    assert everything() == before


FORMS: dict[str, dict[str, str]] = {
    "settings_profile": {"name": "Changed", "language": "ja"},
    "projects": {"name": "Changed"},
    "project_rename": {"name": "Changed"},
    "project_archive": {},
    "sessions_end": {},
    "language": {"language": "ja"},
}
# What each of these forms is for; everything else must stay as it was.
OWN_FIELDS = {
    "settings_profile": {("User", "name"), ("User", "language"), ("Project", "name")},
    "projects": set(),
    "project_rename": {("Project", "name")},
    "project_archive": {("Project", "archived_at")},
    "sessions_end": set(),
    "language": {("User", "language")},
}
FOREIGN = ["is_staff", "is_superuser", "owner", "budget", "price", "state", "provider_task_id"]


def every_field() -> dict[str, str]:
    """A value for each field of each model of this area, and for the classics of the guess."""
    fields = [
        field.name
        for model in (User, Studio, Project, Membership, Invite)
        for field in model._meta.get_fields()
    ]
    special = {"role": "admin", "is_active": "", "email": "eve@evil.example", "id": "1", "pk": "1"}
    return dict.fromkeys((*fields, *FOREIGN), "1") | special


@pytest.mark.row("A056")
@pytest.mark.parametrize("name", FORMS)
def test_a_form_reaches_its_own_fields_and_no_other(
    cast: people.Cast, token: str, name: str
) -> None:
    client = Client()
    client.force_login(cast.lead)
    before = everything()
    answer = client.post(address(name, cast, token), every_field() | FORMS[name])
    assert answer.status_code == 302
    after = everything()
    if name == "projects":
        made = after["Project"].pop()
        assert (made["name"], made["personal_of_id"]) == ("Changed", None)
        assert after["Membership"].pop()["user_id"] == cast.lead.pk
    changed = {
        (model, field)
        for model, rows in after.items()
        for old, new in zip(before[model], rows, strict=True)
        for field in new
        if old[field] != new[field]
    }
    assert changed == OWN_FIELDS[name]


@pytest.mark.row("A056")
def test_an_invited_person_gets_what_the_invitation_says(cast: people.Cast, token: str) -> None:
    typed = {"name": "Nia", "password": "nine silver kites", "language": "en"}
    answer = Client().post(reverse("invite", args=[token]), every_field() | typed)
    assert answer["Location"] == HOME
    nia = User.objects.get(name="Nia")
    assert (nia.email, nia.role, nia.is_active) == ("nia@studio.example", "member", True)
    assert model_to_dict(nia, ["role"]) == {"role": "member"}
    assert [place.project for place in nia.memberships.all()] == [nia.personal_project]
