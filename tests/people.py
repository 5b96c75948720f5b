"""The persons of every test: an admin, a lead, a member, a viewer, a stranger, an outsider.

Plain functions with keyword arguments. `cast()` makes them all around one project.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from studio.accounts.models import Membership, Project, ProjectRole, Studio, StudioRole, User

PASSWORD = "a long enough phrase"
_numbers: Iterator[int] = count(1)


def person(
    *,
    email: str = "",
    password: str | None = None,
    role: str = StudioRole.MEMBER,
    project: Project | None = None,
    project_role: str = ProjectRole.MEMBER,
    **fields: Any,
) -> User:
    """An account with its personal project, and a place in `project` if one is given.

    Without a password nobody can log in by the form (use `client.force_login`): hashing is slow.
    """
    email = email or f"person-{next(_numbers)}@studio.example"
    user = User.objects.create_user(email, password, role=role, **fields)
    if project:
        join(user, project, role=project_role)
    return user


def admin(**fields: Any) -> User:
    return person(role=StudioRole.ADMIN, **fields)


def lead(*, project: Project, **fields: Any) -> User:
    return person(project=project, project_role=ProjectRole.LEAD, **fields)


def member(*, project: Project | None = None, **fields: Any) -> User:
    return person(project=project, **fields)


def viewer(*, project: Project | None = None, **fields: Any) -> User:
    """A viewer of the studio, who may look and order nothing, whatever the project says."""
    return person(
        role=StudioRole.VIEWER, project=project, project_role=ProjectRole.VIEWER, **fields
    )


def stranger(**fields: Any) -> User:
    """Somebody with an account who shares no project with anybody."""
    return person(**fields)


def join(user: User, project: Project, *, role: str = ProjectRole.MEMBER) -> Membership:
    return Membership.objects.create(project=project, user=user, role=role)


def project(*, name: str = "", **fields: Any) -> Project:
    return Project.objects.create(name=name or f"Project {next(_numbers)}", **fields)


def studio(**fields: Any) -> Studio:
    """The founded studio. Middleware asks for it once there is a person."""
    return Studio.objects.get_or_create(pk=1, defaults=fields)[0]


@dataclass(frozen=True)
class Cast:
    """Everybody who may knock at an address of `project`."""

    project: Project
    other_project: Project
    admin: User
    lead: User
    member: User
    viewer: User
    stranger: User
    outsider: User  # a member of the other project


def cast() -> Cast:
    ours, theirs = project(name="Ours"), project(name="Theirs")
    studio()
    return Cast(
        project=ours,
        other_project=theirs,
        admin=admin(name="Ada Admin"),
        lead=lead(project=ours, name="Lea Lead"),
        member=member(project=ours, name="Mei Member"),
        viewer=viewer(project=ours, name="Vic Viewer"),
        stranger=stranger(name="Sam Stranger"),
        outsider=member(project=theirs, name="Olu Outsider"),
    )
