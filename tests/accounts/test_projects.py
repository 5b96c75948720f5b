"""Projects: who sees them, who leads them."""

import threading
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from studio.accounts import projects
from studio.accounts.errors import Refused
from studio.accounts.models import Membership, Project, User
from studio.audit.models import AuditLine
from tests import people
from tests.accounts.test_people import at_once

ONE_NEEDED = "At least one lead is needed."


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whoever_makes_a_project_leads_it(cast: people.Cast) -> None:
    answer = as_(cast.stranger).post("/projects/", {"name": "Spring film"})
    project = Project.objects.get(name="Spring film")
    assert answer["Location"] == f"/projects/{project.uid}/"
    assert project.role_of(cast.stranger) == "lead"
    assert AuditLine.objects.get(action="project.create").project_uid == project.uid


def test_a_viewer_of_the_studio_makes_no_project(cast: people.Cast) -> None:
    client = as_(cast.viewer)
    assert "New project" not in client.get("/projects/").content.decode()
    answer = client.post("/projects/", {"name": "Mine"})
    assert answer.status_code == 422
    assert "Viewers cannot make projects." in answer.content.decode()
    assert not Project.objects.filter(name="Mine").exists()


def test_the_list_holds_what_one_is_a_member_of_and_admins_see_all(cast: people.Cast) -> None:
    ours = as_(cast.member).get("/projects/").content.decode()
    assert "Ours" in ours
    assert "Theirs" not in ours
    everything = as_(cast.admin).get("/projects/").content.decode()
    assert "Ours" in everything
    assert "Theirs" in everything


def test_the_list_asks_the_database_no_more_for_more_projects(
    cast: people.Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(10):
        people.join(cast.member, people.project())
    client = as_(cast.member)
    client.get("/projects/")
    with django_assert_max_num_queries(10):
        client.get("/projects/")


def test_not_yours_and_not_there_are_the_same_404(cast: people.Cast) -> None:
    """To the letter, in headers and body: a guess learns nothing (the rate of guesses aside)."""
    for person in (cast.stranger, cast.outsider):
        client = as_(person)
        client.get("/settings/")
        for tail in ("", "rename/", "archive/", "members/"):
            send = client.post if tail else client.get
            answers = [
                send(f"/projects/{uid}/{tail}") for uid in (cast.project.uid, "0" * 31 + "1")
            ]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert bare(answers[0]) == bare(answers[1])


def bare(answer: Any) -> tuple[bytes, dict[str, str]]:
    return answer.content, {k: v for k, v in answer.items() if k not in ("Expires", "X-Request-Id")}


CHANGES = {
    "rename/": {"name": "Changed"},
    "archive/": {},
    "restore/": {},
    "members/": {"role": "lead"},
}


@pytest.mark.parametrize("tail", CHANGES)
@pytest.mark.parametrize("who", ["member", "viewer"])
def test_members_may_look_but_not_manage(cast: people.Cast, who: str, tail: str) -> None:
    client = as_(getattr(cast, who))
    page = client.get(f"/projects/{cast.project.uid}/")
    assert page.status_code == 200
    assert "Rename" not in page.content.decode()
    typed = CHANGES[tail] | {"person": cast.stranger.uid}
    answer = client.post(f"/projects/{cast.project.uid}/{tail}", typed)
    assert answer.status_code == 403
    assert "You may see this project but not change it." in answer.content.decode()
    cast.project.refresh_from_db()
    assert (cast.project.name, cast.project.archived_at) == ("Ours", None)
    assert cast.project.role_of(cast.stranger) is None


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_leads_and_admins_manage(cast: people.Cast, who: str) -> None:
    client, at = as_(getattr(cast, who)), f"/projects/{cast.project.uid}/"
    client.post(f"{at}rename/", {"name": "Changed"})
    client.post(f"{at}members/", {"person": cast.stranger.uid, "role": "viewer"})
    client.post(f"{at}members/{cast.stranger.uid}/", {"role": "member"})
    client.post(f"{at}archive/")
    cast.project.refresh_from_db()
    assert cast.project.name == "Changed"
    assert cast.project.archived_at is not None
    assert cast.project.role_of(cast.stranger) == "member"
    assert not cast.project.may_order(cast.stranger)
    client.post(f"{at}restore/")
    assert cast.project.may_order(cast.stranger)
    client.post(f"{at}members/{cast.stranger.uid}/remove/")
    assert cast.project.role_of(cast.stranger) is None
    lines = AuditLine.objects.filter(project_uid=cast.project.uid).order_by("pk")
    assert [(line.action, line.before, line.after) for line in lines] == [
        ("project.rename", {"name": "Ours"}, {"name": "Changed"}),
        ("project.set_member", {"role": ""}, {"role": "viewer"}),
        ("project.set_member", {"role": "viewer"}, {"role": "member"}),
        ("project.archive", {}, {}),
        ("project.restore", {}, {}),
        ("project.remove_member", {"role": "member"}, {"role": ""}),
    ]


def test_an_archived_project_takes_no_orders_and_stays_visible(cast: people.Cast) -> None:
    projects.archive(cast.lead, cast.project)
    assert not cast.project.may_order(cast.lead)
    assert as_(cast.member).get(f"/projects/{cast.project.uid}/").status_code == 200


@pytest.mark.parametrize("role", ["lead", "member"])
def test_a_viewer_of_the_studio_stays_a_viewer_here(cast: people.Cast, role: str) -> None:
    at = f"/projects/{cast.project.uid}/members/{cast.viewer.uid}/"
    answer = as_(cast.lead).post(at, {"role": role})
    assert answer.status_code == 422
    assert "A viewer of the studio can only view here." in answer.content.decode()
    assert Membership.objects.get(user=cast.viewer, project=cast.project).role == "viewer"


def test_the_last_lead_stays(cast: people.Cast) -> None:
    at = f"/projects/{cast.project.uid}/members/{cast.lead.uid}/"
    client = as_(cast.lead)
    for answer in (client.post(at, {"role": "member"}), client.post(f"{at}remove/")):
        assert answer.status_code == 422
        assert ONE_NEEDED in answer.content.decode()
    assert cast.project.role_of(cast.lead) == "lead"


def test_a_lead_who_is_switched_off_or_a_viewer_does_not_count(cast: people.Cast) -> None:
    people.lead(project=cast.project, is_active=False)
    people.join(people.viewer(), cast.project, role="lead")
    with pytest.raises(Refused, match=ONE_NEEDED):
        projects.remove_member(cast.lead, cast.project, cast.lead)
    assert cast.project.role_of(cast.lead) == "lead"


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_leave_at_once_leave_one() -> None:
    project = people.project()
    lea, lo = people.lead(project=project), people.lead(project=project)
    heard = at_once(
        lambda: projects.remove_member(lea, project, lea),
        lambda: projects.remove_member(lo, project, lo),
    )
    assert heard == [Refused]
    assert project.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_counting_before_the_transaction_leaves_no_lead() -> None:
    project = people.project()
    both_counted = threading.Barrier(2)

    def leave(user: User) -> None:
        assert project.memberships.filter(role="lead").count() == 2
        both_counted.wait()
        with transaction.atomic():
            project.memberships.filter(user=user).delete()

    lea, lo = people.lead(project=project), people.lead(project=project)
    assert at_once(lambda: leave(lea), lambda: leave(lo)) == []
    assert not project.memberships.exists()


def test_a_personal_project_is_not_managed(cast: people.Cast) -> None:
    own = cast.member.personal_project
    client = as_(cast.member)
    assert client.get(f"/projects/{own.uid}/").status_code == 200
    for tail in CHANGES:
        assert client.post(f"/projects/{own.uid}/{tail}", CHANGES[tail]).status_code == 403
    own.refresh_from_db()
    assert own.archived_at is None


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b"])
def test_a_name_that_cannot_be_is_told_at_its_field(cast: people.Cast, name: str) -> None:
    client = as_(cast.lead)
    for path in ("/projects/", f"/projects/{cast.project.uid}/rename/"):
        assert client.post(path, {"name": name}).status_code == 422
    cast.project.refresh_from_db()
    assert cast.project.name == "Ours"


def test_somebody_switched_off_is_not_let_in(cast: people.Cast) -> None:
    gone = people.member(is_active=False)
    at = f"/projects/{cast.project.uid}/members/"
    answer = as_(cast.lead).post(at, {"person": gone.uid, "role": "member"})
    assert answer.status_code == 422
    with pytest.raises(Refused):
        projects.set_member(cast.lead, cast.project, gone, "member")
    assert cast.project.role_of(gone) is None
