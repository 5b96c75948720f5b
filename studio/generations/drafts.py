"""What a person has typed and not yet ordered, per form."""

import json
from typing import Any

from studio.accounts.models import User
from studio.generations.models import Draft
from studio.lib import clock

MOST_BYTES = 64 * 1024


def save(person: User, form: str, data: dict[str, Any]) -> Draft | None:
    """Keep the newest state of the form. A draft beyond any real brief is not kept."""
    if len(json.dumps(data)) > MOST_BYTES:
        return None
    draft, _ = Draft.objects.update_or_create(
        person=person, form=form, defaults={"data": data, "saved_at": clock.now()}
    )
    return draft


def load(person: User, form: str) -> dict[str, Any]:
    draft = Draft.objects.filter(person=person, form=form).first()
    return draft.data if draft else {}


def forget(person: User, form: str) -> None:
    Draft.objects.filter(person=person, form=form).delete()
