"""People leave and come back: their sessions, their links, their work."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from studio.accounts import invites, roles, sessions
from studio.accounts.errors import Refused
from studio.accounts.models import Invite, Membership, ProjectRole, StudioRole, User
from studio.audit.record import record
from studio.lib import clock


@transaction.atomic
def switch_off(actor: User, person: User, *, successor: User, reason: str = "") -> None:
    """End the person's sessions and links at once; `successor` leads what they led."""
    roles.keep_an_admin(leaving=person)
    _check_successor(person, successor)
    on = User.objects.filter(pk=person.pk, is_active=True)
    if not on.update(is_active=False, switched_off_at=clock.now()):
        raise Refused(_("This person is switched off already."))
    sessions.end_all(person)
    invites.withdraw_all(actor, Invite.objects.filter(created_by=person))
    _hand_over(actor, person, successor)
    record(
        actor,
        "person.switch_off",
        kind="person",
        uid=person.uid,
        after={"successor": successor.email},
        reason=reason,
    )


def successors(person: User) -> QuerySet[User]:
    """Who could take over: somebody who is on, and more than a viewer."""
    able = User.objects.filter(is_active=True).exclude(role=StudioRole.VIEWER)
    return able.exclude(pk=person.pk).order_by("name", "email")


def _check_successor(person: User, successor: User) -> None:
    """Asked again inside the transaction: the successor may have left a moment ago."""
    held = User.objects.select_for_update().get(pk=successor.pk)
    if not held.is_active or held.role == StudioRole.VIEWER or held.pk == person.pk:
        raise Refused(_("Choose somebody who is switched on and not a viewer."), field="successor")


def _hand_over(actor: User, person: User, successor: User) -> None:
    """Everything they led, their personal project included."""
    led = person.memberships.filter(role=ProjectRole.LEAD).select_related("project")
    for membership in led:
        place, is_new = Membership.objects.get_or_create(
            project=membership.project, user=successor, defaults={"role": ProjectRole.LEAD}
        )
        before = "" if is_new else place.role
        place.role = ProjectRole.LEAD
        place.save(update_fields=["role"])
        record(
            actor,
            "project.set_member",
            kind="person",
            uid=successor.uid,
            project_uid=membership.project.uid,
            before={"role": before},
            after={"role": ProjectRole.LEAD},
            reason=f"{person.email} was switched off",
        )


@transaction.atomic
def switch_on(actor: User, person: User, *, reason: str = "") -> None:
    """They may log in again, with the roles they had; what was handed over stays so."""
    off = User.objects.filter(pk=person.pk, is_active=False)
    if not off.update(is_active=True, switched_off_at=None):
        raise Refused(_("This person is switched on already."))
    record(actor, "person.switch_on", kind="person", uid=person.uid, reason=reason)
