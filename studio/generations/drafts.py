"""What a person has typed and not yet ordered, per form."""

from typing import Any

from studio.accounts.models import User
from studio.generations.models import Draft
from studio.lib import clock


def save(person: User, form: str, data: dict[str, Any]) -> Draft:
    """Keep the newest state of the form; how large a form may be is the upload limits' affair."""
    draft, _ = Draft.objects.update_or_create(
        person=person, form=form, defaults={"data": data, "saved_at": clock.now()}
    )
    return draft


def load(person: User, form: str) -> dict[str, Any]:
    draft = Draft.objects.filter(person=person, form=form).first()
    return draft.data if draft else {}


def forget(person: User, form: str) -> None:
    Draft.objects.filter(person=person, form=form).delete()
