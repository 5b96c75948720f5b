from typing import Any, Protocol

from studio.audit.models import AuditLine


class Actor(Protocol):
    """Whoever acts: a person, in practice `accounts.User`."""

    uid: Any
    email: Any


def record(
    actor: Actor | None,
    action: str,
    *,
    kind: str,
    uid: str = "",
    project_uid: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditLine:
    """Append one line. `actor` None means that the studio acted by itself."""
    return AuditLine.objects.create(
        actor_uid=actor.uid if actor else "",
        actor_name=actor.email if actor else "studio",
        action=action,
        object_kind=kind,
        object_uid=uid,
        project_uid=project_uid,
        before=before or {},
        after=after or {},
        reason=reason,
    )
