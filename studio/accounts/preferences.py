"""How a person and the studio like things: names, language, time zone, currency."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import Studio, User
from studio.audit.record import record


def set_profile(user: User, *, name: str, language: str) -> None:
    """The person's name, which their personal project carries too, and their language."""
    with transaction.atomic():
        user.name, user.language = name, language
        user.save(update_fields=["name", "language"])
        user.personal_project.name = str(user)
        user.personal_project.save(update_fields=["name"])


def speak(user: User, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def set_studio(actor: User, *, name: str, time_zone: str, currency: str) -> None:
    """Raises `Refused` for another zone or currency once there is a ledger row: budgets and
    spend were counted in the old ones."""
    studio = Studio.objects.select_for_update().get_or_create(pk=1)[0]
    before = _facts(studio)
    if studio.books_opened_at and (studio.time_zone, studio.currency) != (time_zone, currency):
        field = "time_zone" if studio.time_zone != time_zone else "currency"
        raise Refused(_("This cannot change any more: money has been booked with it."), field=field)
    studio.name, studio.time_zone, studio.currency = name, time_zone, currency
    studio.save(update_fields=["name", "time_zone", "currency"])
    if _facts(studio) != before:
        record(actor, "studio.change", kind="studio", before=before, after=_facts(studio))


def _facts(studio: Studio) -> dict[str, str]:
    return {"name": studio.name, "time_zone": studio.time_zone, "currency": studio.currency}
