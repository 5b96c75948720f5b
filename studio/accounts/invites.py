"""One-time links that let one person in. The token is shown once; its hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import (
    Invite,
    InviteQuerySet,
    Membership,
    Project,
    ProjectRole,
    StudioRole,
    User,
)
from studio.audit.record import record
from studio.lib import clock


@dataclass(frozen=True)
class Newcomer:
    name: str
    password: str
    language: str


@transaction.atomic
def invite(actor: User, email: str, *, role: str, project: Project | None = None) -> str:
    """The link for this address. An earlier one for the same address ends."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused(_("This person has an account already."), field="email")
    withdraw_all(actor, Invite.objects.filter(email=email))
    token = secrets.token_urlsafe(32)
    made = Invite.objects.create(
        email=email, role=role, project=project, token_hash=_hash(token), created_by=actor
    )
    after = {"email": email, "role": role, "project": str(project or "")}
    record(actor, "invite.create", kind="invite", uid=made.uid, after=after)
    return f"{settings.SITE_URL}{reverse('invite', args=[token])}"


def find(token: str) -> Invite | None:
    return Invite.objects.select_related("project").filter(token_hash=_hash(token)).first()


@transaction.atomic
def withdraw_all(actor: User, invites: InviteQuerySet) -> None:
    """End those of them that are still open."""
    for each in invites.open().select_for_update():
        each.withdrawn_at = clock.now()
        each.save(update_fields=["withdrawn_at"])
        record(actor, "invite.withdraw", kind="invite", uid=each.uid, after={"email": each.email})


def accept(invite: Invite, newcomer: Newcomer) -> User:
    """The new account. Raises `Refused` when the link was used or has ended meanwhile."""
    try:
        with transaction.atomic():
            return _accept(invite, newcomer)
    except IntegrityError as error:
        raise Refused(_("This person has an account already.")) from error


def _accept(invite: Invite, newcomer: Newcomer) -> User:
    user = User.objects.create_user(
        invite.email,
        newcomer.password,
        name=newcomer.name,
        language=newcomer.language,
        role=invite.role,
    )
    # The guard: whoever comes second finds no open invitation, and no account is left behind.
    if not Invite.objects.open().filter(pk=invite.pk).update(used_by=user):
        raise Refused(_("This invitation has ended."))
    if invite.project:
        viewer = invite.role == StudioRole.VIEWER
        role = ProjectRole.VIEWER if viewer else ProjectRole.MEMBER
        Membership.objects.create(project=invite.project, user=user, role=role)
    after = {"email": user.email, "role": user.role, "project": str(invite.project or "")}
    record(user, "invite.accept", kind="person", uid=user.uid, after=after)
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
