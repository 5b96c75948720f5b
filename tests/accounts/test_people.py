"""What admins do with people: roles, switching off and on."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from studio.accounts import invites, roles, switching
from studio.accounts.errors import Refused
from studio.accounts.models import Invite, Membership, StudioRole, User
from studio.audit.models import AuditLine
from tests import people

ONE_NEEDED = "At least one administrator is needed."


@pytest.fixture
def admins(client: Client, cast: people.Cast) -> Client:
    client.force_login(cast.admin)
    return client


def test_the_list_shows_role_projects_login_and_state(admins: Client, cast: people.Cast) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    page = admins.get("/people/").content.decode()
    for words in ("Ada Admin", "Mei Member", "Ours", "Theirs", "Viewer", "never", "Switched off"):
        assert words in page
    assert "Lea Lead</a>" in page


def test_the_list_asks_the_database_no_more_for_more_people(
    admins: Client, cast: people.Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(10):
        people.member(project=cast.project)
    admins.get("/people/")
    with django_assert_max_num_queries(13):
        admins.get("/people/")


def test_a_role_is_changed_with_a_reason_that_is_remembered(
    admins: Client, cast: people.Cast
) -> None:
    typed = {"role": "viewer", "reason": "moved to sales"}
    assert admins.post(f"/people/{cast.member.uid}/role/", typed).status_code == 302
    cast.member.refresh_from_db()
    assert cast.member.role == StudioRole.VIEWER
    assert not cast.project.may_order(cast.member)
    line = AuditLine.objects.get(action="person.set_role")
    assert (line.before, line.after) == ({"role": "member"}, {"role": "viewer"})
    assert (line.reason, line.actor_name) == ("moved to sales", cast.admin.email)


@pytest.mark.row("A059")
@pytest.mark.parametrize("role", ["member", "viewer"])
def test_the_last_admin_keeps_the_role(admins: Client, cast: people.Cast, role: str) -> None:
    answer = admins.post(f"/people/{cast.admin.uid}/role/", {"role": role})
    assert answer.status_code == 422
    assert ONE_NEEDED in answer.content.decode()
    cast.admin.refresh_from_db()
    assert cast.admin.is_admin
    assert not AuditLine.objects.filter(action="person.set_role").exists()


@pytest.mark.row("A059")
def test_the_last_admin_is_not_switched_off(admins: Client, cast: people.Cast) -> None:
    people.admin(is_active=False)
    answer = admins.post(f"/people/{cast.admin.uid}/off/", {"successor": cast.lead.uid})
    assert answer.status_code == 422
    assert ONE_NEEDED in answer.content.decode()
    cast.admin.refresh_from_db()
    assert cast.admin.is_admin


@pytest.mark.row("A059")
def test_one_of_two_admins_may_step_down(admins: Client, cast: people.Cast) -> None:
    people.admin()
    answer = admins.post(f"/people/{cast.admin.uid}/role/", {"role": "member"})
    assert answer.status_code == 302
    cast.admin.refresh_from_db()
    assert cast.admin.role == StudioRole.MEMBER
    assert admins.get("/people/").status_code == 404


def at_once(first: Any, second: Any) -> list[type[Exception]]:
    """Run both at the same moment; what they raised."""
    heard = list[type[Exception]]()

    def run(act: Any) -> None:
        try:
            act()
        except Exception as error:
            heard.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


@pytest.mark.row("A059")
@pytest.mark.django_db(transaction=True)
def test_two_admins_who_demote_each_other_at_once_leave_one() -> None:
    ada, bo = people.admin(), people.admin()
    heard = at_once(
        lambda: roles.set_role(ada, bo, "member"), lambda: roles.set_role(bo, ada, "member")
    )
    assert heard == [Refused]
    assert User.objects.filter(role=StudioRole.ADMIN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_counting_before_the_transaction_leaves_none() -> None:
    ada, bo = people.admin(), people.admin()
    both_counted = threading.Barrier(2)

    def demote(other: User) -> None:
        assert User.objects.filter(role=StudioRole.ADMIN).count() == 2
        both_counted.wait()
        with transaction.atomic():
            User.objects.filter(pk=other.pk).update(role=StudioRole.MEMBER)

    assert at_once(lambda: demote(bo), lambda: demote(ada)) == []
    assert not User.objects.filter(role=StudioRole.ADMIN).exists()


def test_switching_off_ends_sessions_links_and_hands_the_work_over(
    admins: Client, cast: people.Cast
) -> None:
    browser = Client()
    browser.force_login(cast.lead)
    assert browser.get("/settings/").status_code == 200
    invites.invite(cast.lead, "friend@studio.example", role="member")
    typed = {"successor": cast.member.uid, "reason": "left the company"}
    assert admins.post(f"/people/{cast.lead.uid}/off/", typed).status_code == 302

    assert browser.get("/settings/")["Location"].startswith("/accounts/login/")
    assert not cast.lead.sessions.exists()
    assert Invite.objects.get().withdrawn_at is not None
    for project in (cast.project, cast.lead.personal_project):
        assert project.role_of(cast.member) == "lead"
    cast.lead.refresh_from_db()
    assert not cast.lead.is_active
    assert cast.lead.switched_off_at is not None
    line = AuditLine.objects.get(action="person.switch_off")
    assert line.after == {"successor": cast.member.email}
    assert line.reason == "left the company"
    handed = AuditLine.objects.filter(action="project.set_member").order_by("pk")
    assert {(line.before["role"], line.after["role"]) for line in handed} == {
        ("member", "lead"),
        ("", "lead"),
    }


def test_nothing_is_handed_over_when_the_switching_off_is_refused(cast: people.Cast) -> None:
    for successor in (cast.viewer, cast.lead, people.member(is_active=False)):
        with pytest.raises(Refused):
            switching.switch_off(cast.admin, cast.lead, successor=successor)
    cast.lead.refresh_from_db()
    assert cast.lead.is_active
    assert cast.project.role_of(cast.viewer) == "viewer"


@pytest.mark.parametrize("successor", ["", "0" * 32, "me", "viewer", "x' OR 1=1"])
def test_a_successor_who_cannot_be_is_told_at_the_field(
    admins: Client, cast: people.Cast, successor: str
) -> None:
    uid = {"me": cast.lead.uid, "viewer": cast.viewer.uid}.get(successor, successor)
    answer = admins.post(f"/people/{cast.lead.uid}/off/", {"successor": uid})
    assert answer.status_code == 422
    assert "successor" in answer.context["off_form"].errors
    cast.lead.refresh_from_db()
    assert cast.lead.is_active


def test_whoever_is_switched_on_again_has_the_roles_of_before(
    admins: Client, cast: people.Cast
) -> None:
    switching.switch_off(cast.admin, cast.lead, successor=cast.member)
    assert admins.post(f"/people/{cast.lead.uid}/on/").status_code == 302
    cast.lead.refresh_from_db()
    assert cast.lead.is_active
    assert cast.lead.switched_off_at is None
    assert cast.project.role_of(cast.lead) == "lead"
    assert Membership.objects.filter(project=cast.project, role="lead").count() == 2
    assert not cast.lead.sessions.exists()
    assert admins.post(f"/people/{cast.lead.uid}/on/").status_code == 422


def test_an_old_session_stays_dead_after_switching_on_again(
    admins: Client, cast: people.Cast
) -> None:
    browser = Client()
    browser.force_login(cast.lead)
    switching.switch_off(cast.admin, cast.lead, successor=cast.member)
    switching.switch_on(cast.admin, cast.lead)
    assert browser.get("/settings/")["Location"].startswith("/accounts/login/")


@pytest.mark.django_db(transaction=True)
def test_two_who_are_switched_off_in_favour_of_each_other_do_not_both_leave() -> None:
    admin, lea, mei = people.admin(), people.member(), people.member()
    heard = at_once(
        lambda: switching.switch_off(admin, lea, successor=mei),
        lambda: switching.switch_off(admin, mei, successor=lea),
    )
    assert heard == [Refused]
    assert User.objects.filter(is_active=True).count() == 2


def test_a_persons_page_names_the_role_in_force(admins: Client, cast: people.Cast) -> None:
    Membership.objects.filter(user=cast.viewer, project=cast.project).update(role="lead")
    page = admins.get(f"/people/{cast.viewer.uid}/").content.decode()
    assert "(Viewer)" in page
    assert "(Lead)" not in page


def test_names_are_shown_as_text(admins: Client) -> None:
    canary = "<script>alert(1)</script>{{7*7}}"
    person = people.member(name=canary)
    for path in ("/people/", f"/people/{person.uid}/"):
        page = admins.get(path).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
