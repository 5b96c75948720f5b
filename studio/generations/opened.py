"""An admin may open every clip; that of a project they are no member of leaves a line."""

from datetime import timedelta

from studio.accounts.models import Membership, User
from studio.audit.models import AuditLine
from studio.audit.record import record
from studio.generations.models import Generation
from studio.lib import clock

ACTION = "clip opened"
# A page, its video, its seeking: one opening.
ONE_OPENING = timedelta(hours=1)


def opened(generation: Generation, person: User) -> None:
    """Write it down when `person` sees this clip only because they are an admin."""
    member = Membership.objects.filter(project=generation.project_id, user=person)
    if not person.is_admin or member.exists():
        return
    lines = AuditLine.objects.filter(action=ACTION, actor_uid=person.uid)
    recent = lines.filter(object_uid=generation.uid, at__gt=clock.now() - ONE_OPENING)
    if not recent.exists():
        project = generation.project.uid
        record(person, ACTION, kind="generation", uid=generation.uid, project_uid=project)
