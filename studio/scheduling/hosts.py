"""Hosts that a provider's files come from: a new one is refused until an admin allows it."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.record import record
from studio.lib import clock
from studio.scheduling.models import MediaHost

# Where the providers' own pages show finished files. Allowed unless an admin forbids it.
KNOWN = {"bigmodel": frozenset({"aigc-files.bigmodel.cn"})}
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")


def allowed(provider: str) -> frozenset[str]:
    rows = MediaHost.objects.filter(provider=provider)
    decided = dict(rows.exclude(decided_at=None).values_list("host", "is_allowed"))
    known = KNOWN.get(provider, frozenset())
    return frozenset({host for host in known | set(decided) if decided.get(host, True)})


def refused(provider: str, host: str) -> bool:
    """Note that a file was not fetched from there. True the first time: admins must be told."""
    _row, is_new = MediaHost.objects.get_or_create(provider=provider, host=_clean(host))
    return is_new


@transaction.atomic
def allow(provider: str, host: str, *, actor: User) -> MediaHost:
    """Raises `Refused` for what is no name of a host."""
    return _decide(provider, host, is_allowed=True, actor=actor)


@transaction.atomic
def forbid(provider: str, host: str, *, actor: User) -> MediaHost:
    """Raises `Refused` for what is no name of a host."""
    return _decide(provider, host, is_allowed=False, actor=actor)


def _decide(provider: str, host: str, *, is_allowed: bool, actor: User) -> MediaHost:
    host = _clean(host)
    if not _HOST.fullmatch(host):
        raise Refused(_("Write the name of a host, for instance files.example.com."), field="host")
    row, _is_new = MediaHost.objects.get_or_create(provider=provider, host=host)
    undecided_or_other = MediaHost.objects.filter(pk=row.pk).exclude(
        is_allowed=is_allowed, decided_at__isnull=False
    )
    decision = {"is_allowed": is_allowed, "decided_at": clock.now(), "decided_by": actor}
    # Twice is once.
    if undecided_or_other.update(**decision):
        record(
            actor,
            "provider.allow_host" if is_allowed else "provider.forbid_host",
            kind="media_host",
            after={"provider": provider, "host": host},
        )
    row.refresh_from_db()
    return row


def _clean(host: str) -> str:
    return host.strip().rstrip(".").lower()[:255]
