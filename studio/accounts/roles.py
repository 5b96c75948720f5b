"""The role somebody has in the studio."""

from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import StudioRole, User
from studio.audit.record import record


@transaction.atomic
def set_role(actor: User, person: User, role: str, *, reason: str = "") -> None:
    """Raises `Refused` when nobody would administer any more."""
    if role != StudioRole.ADMIN:
        keep_an_admin(leaving=person)
    person = User.objects.select_for_update().get(pk=person.pk)
    before, person.role = person.role, role
    if before == role:
        return
    person.save(update_fields=["role"])
    record(
        actor,
        "person.set_role",
        kind="person",
        uid=person.uid,
        before={"role": before},
        after={"role": role},
        reason=reason,
    )


def keep_an_admin(*, leaving: User) -> None:
    """Inside a transaction: hold the admins still, and refuse if `leaving` is the last."""
    if [admin.pk for admin in User.objects.lock_admins()] == [leaving.pk]:
        raise Refused(_("At least one administrator is needed."))
