"""Invitations: one link, one account."""

import hashlib
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from studio.accounts import invites
from studio.accounts.errors import Refused
from studio.accounts.models import Invite, Membership, Project, User
from studio.audit.models import AuditLine
from studio.lib import clock
from tests import people

NEWCOMER = invites.Newcomer(name="Nia", password="nine silver kites", language="en")
TYPED = {"name": "Nia", "password": "nine silver kites", "language": "ja"}
EMAIL = "nia@studio.example"


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


@pytest.fixture
def admins(client: Client, db: None) -> Client:
    people.studio()
    client.force_login(people.admin(email="ada@studio.example"))
    return client


def make(admins: Client, **changes: Any) -> str:
    answer = admins.post("/invites/", {"email": EMAIL, "role": "member"} | changes)
    assert answer.status_code == 201
    link: str = answer.context["fresh"].address
    return link


def test_an_invitation_lets_one_person_in(admins: Client) -> None:
    project = people.project(name="Spring")
    link = make(admins, project=project.uid)
    visitor = Client()
    page = visitor.get(path_of(link))
    assert page.status_code == 200
    assert EMAIL in page.content.decode()
    assert visitor.post(path_of(link), TYPED)["Location"] == "/create/"
    nia = User.objects.get(email=EMAIL)
    assert (nia.name, nia.role, nia.language) == ("Nia", "member", "ja")
    assert project.role_of(nia) == "member"
    assert visitor.get("/settings/").status_code == 200
    assert Invite.objects.get().used_by == nia


def test_the_address_cannot_be_chosen_by_whoever_holds_the_link(admins: Client) -> None:
    Client().post(path_of(make(admins)), TYPED | {"email": "eve@evil.example", "role": "admin"})
    assert User.objects.get(name="Nia").email == EMAIL
    assert User.objects.get(name="Nia").role == "member"


def test_the_link_is_shown_once_and_only_its_hash_is_kept(admins: Client) -> None:
    link = make(admins)
    assert token_of(link) not in admins.get("/people/").content.decode()
    invite = Invite.objects.get()
    assert invite.token_hash == hashlib.sha256(token_of(link).encode()).hexdigest()
    assert token_of(link) not in str(vars(invite))
    assert token_of(link) not in str(list(AuditLine.objects.values()))


def test_a_used_link_has_ended(admins: Client) -> None:
    link = make(admins)
    Client().post(path_of(link), TYPED)
    again = Client().post(path_of(link), TYPED)
    assert again.status_code == 410
    assert User.objects.filter(email=EMAIL).count() == 1


def test_a_withdrawn_link_has_ended(admins: Client) -> None:
    link = make(admins)
    assert admins.post(f"/invites/{Invite.objects.get().uid}/withdraw/").status_code == 302
    assert Client().post(path_of(link), TYPED).status_code == 410
    assert not User.objects.filter(email=EMAIL).exists()
    assert AuditLine.objects.filter(action="invite.withdraw").count() == 1


def test_a_link_withdrawn_while_somebody_types_leaves_no_account(admins: Client) -> None:
    invite = invites.find(token_of(make(admins)))
    assert invite
    invites.withdraw_all(invite.created_by, Invite.objects.all())
    with pytest.raises(Refused):
        invites.accept(invite, NEWCOMER)
    assert not User.objects.filter(email=EMAIL).exists()


def test_after_seven_days_a_link_has_ended(admins: Client) -> None:
    link = make(admins)
    with clock.shift(timedelta(days=7, seconds=1)):
        assert Client().post(path_of(link), TYPED).status_code == 410
    assert not User.objects.filter(email=EMAIL).exists()
    with clock.shift(timedelta(days=6, hours=23)):
        assert Client().get(path_of(link)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "é", "x" * 3000])
def test_an_unknown_link_is_a_404(token: str) -> None:
    people.admin()
    assert Client().post(f"/invites/{token}/", TYPED).status_code == 404


def test_a_second_invitation_for_an_address_ends_the_first(admins: Client) -> None:
    first, second = make(admins), make(admins)
    assert Client().get(path_of(first)).status_code == 410
    assert Client().get(path_of(second)).status_code == 200


def test_somebody_with_an_account_is_not_invited(admins: Client) -> None:
    people.member(email=EMAIL)
    answer = admins.post("/invites/", {"email": EMAIL.upper(), "role": "member"})
    assert answer.status_code == 422
    assert "has an account already" in answer.content.decode()
    assert not Invite.objects.exists()


def test_an_invited_viewer_is_a_viewer_of_the_project_too(admins: Client) -> None:
    project = people.project()
    Client().post(path_of(make(admins, role="viewer", project=project.uid)), TYPED)
    nia = User.objects.get(email=EMAIL)
    assert Membership.objects.get(user=nia, project=project).role == "viewer"
    assert not project.may_order(nia)


def test_a_personal_project_is_nobody_elses_to_be_invited_to(admins: Client) -> None:
    own = people.member().personal_project
    answer = admins.post("/invites/", {"email": EMAIL, "role": "member", "project": own.uid})
    assert answer.status_code == 422
    assert not Invite.objects.exists()


def race(accept: Any) -> list[Exception]:
    """Two browsers open the link and press Join at the same moment."""
    both_ready, heard = threading.Barrier(2), list[Exception]()

    def run() -> None:
        try:
            accept(both_ready)
        except Exception as error:
            heard.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_gets_in() -> None:
    token = token_of(invites.invite(people.admin(), EMAIL, role="member"))

    def accept(both_ready: threading.Barrier) -> None:
        invite = invites.find(token)
        assert invite and invite.is_open
        both_ready.wait()
        invites.accept(invite, NEWCOMER)

    heard = race(accept)
    assert [type(error) for error in heard] == [Refused]
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Project.objects.filter(name="Nia").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_guards_one_link_makes_two_accounts() -> None:
    """The unique address and the claim on the row both left out."""
    token = token_of(invites.invite(people.admin(), EMAIL, role="member"))

    def accept(both_ready: threading.Barrier) -> None:
        invite = invites.find(token)
        assert invite and invite.is_open
        both_ready.wait()
        with transaction.atomic():
            user = people.person(name="Nia")
            Invite.objects.filter(pk=invite.pk).update(used_by=user)

    assert race(accept) == []
    assert User.objects.filter(name="Nia").count() == 2
