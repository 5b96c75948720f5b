"""Projects and who works in them."""

from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import Membership, Project, ProjectRole, StudioRole, User
from studio.audit.record import record
from studio.lib import clock


@transaction.atomic
def create(actor: User, name: str) -> Project:
    """A project led by whoever makes it."""
    if actor.role == StudioRole.VIEWER:
        raise Refused(_("Viewers cannot make projects."))
    project = Project.objects.create(name=name)
    Membership.objects.create(project=project, user=actor, role=ProjectRole.LEAD)
    _record(actor, "project.create", project, after={"name": name})
    return project


@transaction.atomic
def rename(actor: User, project: Project, name: str) -> None:
    project = Project.objects.select_for_update().get(pk=project.pk)
    before, project.name = project.name, name
    project.save(update_fields=["name"])
    _record(actor, "project.rename", project, before={"name": before}, after={"name": name})


@transaction.atomic
def archive(actor: User, project: Project) -> None:
    """Nothing new is ordered in it; everything in it stays to be seen. Twice is once."""
    if Project.objects.filter(pk=project.pk, archived_at=None).update(archived_at=clock.now()):
        _record(actor, "project.archive", project)


@transaction.atomic
def restore(actor: User, project: Project) -> None:
    archived = Project.objects.filter(pk=project.pk, archived_at__isnull=False)
    if archived.update(archived_at=None):
        _record(actor, "project.restore", project)


@transaction.atomic
def set_member(actor: User, project: Project, person: User, role: str, *, reason: str = "") -> None:
    """Let `person` in, or give them another role. Raises `Refused`."""
    Project.objects.select_for_update().get(pk=project.pk)
    if person.role == StudioRole.VIEWER and role != ProjectRole.VIEWER:
        raise Refused(_("A viewer of the studio can only view here."), field="role")
    if not person.is_active:
        raise Refused(_("This person is switched off."), field="person")
    place = project.memberships.filter(user=person).first()
    before = place.role if place else ""
    if before == role:
        return
    if role != ProjectRole.LEAD:
        _keep_a_lead(project, leaving=person)
    project.memberships.update_or_create(user=person, defaults={"role": role})
    _record_member(actor, project, person, before=before, after=role, reason=reason)


@transaction.atomic
def remove_member(actor: User, project: Project, person: User, *, reason: str = "") -> None:
    Project.objects.select_for_update().get(pk=project.pk)
    _keep_a_lead(project, leaving=person)
    place = project.memberships.filter(user=person).first()
    if place:
        place.delete()
        _record_member(actor, project, person, before=place.role, after="", reason=reason)


def _keep_a_lead(project: Project, *, leaving: User) -> None:
    """With the project held still: refuse if nobody else on duty leads it."""
    on_duty = project.memberships.filter(role=ProjectRole.LEAD, user__is_active=True)
    leads = on_duty.exclude(user__role=StudioRole.VIEWER).values_list("user", flat=True)
    if list(leads) == [leaving.pk]:
        raise Refused(_("At least one lead is needed."))


def _record_member(
    actor: User, project: Project, person: User, *, before: str, after: str, reason: str
) -> None:
    record(
        actor,
        "project.set_member" if after else "project.remove_member",
        kind="person",
        uid=person.uid,
        project_uid=project.uid,
        before={"role": before},
        after={"role": after},
        reason=reason,
    )


def _record(
    actor: User,
    action: str,
    project: Project,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(
        actor,
        action,
        kind="project",
        uid=project.uid,
        project_uid=project.uid,
        before=before,
        after=after,
    )
