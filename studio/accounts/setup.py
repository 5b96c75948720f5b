"""The first visit: whoever holds the set-up link founds the studio, once."""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import Studio, User
from studio.audit.record import record


@dataclass(frozen=True)
class FirstVisit:
    email: str
    password: str
    name: str
    language: str
    time_zone: str
    currency: str


def code() -> str:
    """The same for the life of the data dir, known only to those who can read its secrets."""
    return salted_hmac("studio.accounts.setup", "set-up", algorithm="sha256").hexdigest()[:32]


def link() -> str:
    return f"{settings.SITE_URL}{reverse('setup')}?code={code()}"


def opens(given: str) -> bool:
    return constant_time_compare(given, code())


def is_waiting() -> bool:
    """True until there is anybody."""
    return not User.objects.exists()


def found(visit: FirstVisit) -> User:
    """Make the studio and its first admin. Raises `Refused` when somebody was faster."""
    try:
        with transaction.atomic():
            return _found(visit)
    except IntegrityError as error:
        raise Refused(_("This studio has just been set up by somebody else.")) from error


def _found(visit: FirstVisit) -> User:
    # The one row is the guard: of two set-ups at once, the second cannot insert it.
    studio = Studio.objects.create(
        pk=1, time_zone=visit.time_zone, currency=visit.currency, language=visit.language
    )
    admin = User.objects.create_superuser(
        visit.email, visit.password, name=visit.name, language=visit.language
    )
    after = {"time_zone": studio.time_zone, "currency": studio.currency, "admin": admin.email}
    record(admin, "studio.found", kind="studio", after=after)
    return admin
