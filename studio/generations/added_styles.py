"""What admins do to the looks beside the studio's own. Clips keep the key of one that is gone."""

from typing import Any

from django.db import transaction

from studio.accounts.models import User
from studio.assets.sizes import File
from studio.audit.record import record
from studio.generations.palette import StudioStyle
from studio.lib import clock
from studio.storage import store

_SAID = ("name", "words_en", "words_zh", "words_ja")


def add(actor: User, style: StudioStyle, picture: File | None) -> None:
    _store(style, picture)
    with transaction.atomic():
        style.save()
        _record(actor, "style.add", style, after=_facts(style))


def change(actor: User, style: StudioStyle, picture: File | None) -> None:
    """Save what is new of `style`; without a `picture` it keeps the one that it has."""
    _store(style, picture)
    with transaction.atomic():
        before = _facts(StudioStyle.objects.select_for_update().get(pk=style.pk))
        style.save()
        if _facts(style) != before:
            _record(actor, "style.change", style, before=before, after=_facts(style))


@transaction.atomic
def remove(actor: User, style: StudioStyle) -> None:
    """Twice is once."""
    if StudioStyle.objects.offered().filter(pk=style.pk).update(deleted_at=clock.now()):
        _record(actor, "style.remove", style)


@transaction.atomic
def restore(actor: User, style: StudioStyle) -> None:
    gone = StudioStyle.objects.exclude(deleted_at=None)
    if gone.filter(pk=style.pk).update(deleted_at=None):
        _record(actor, "style.restore", style)


def _store(style: StudioStyle, picture: File | None) -> None:
    """Before the transaction: a store may be slow, or elsewhere."""
    if picture:
        style.picture = store.put_bytes(picture.data, picture.media_type)


def _facts(style: StudioStyle) -> dict[str, str]:
    said = {name: getattr(style, name) for name in _SAID}
    return said | {"picture": style.picture.sha256 if style.picture else ""}


def _record(actor: User, action: str, style: StudioStyle, **facts: Any) -> None:
    record(actor, action, kind="style", uid=style.uid, **facts)
