"""What people think of a clip: stars, reject, tags, the trash. Never touches its money."""

from django.db.models import F
from django.utils.translation import gettext as _

from studio.accounts.models import User
from studio.generations.briefs import Problem, Refused
from studio.generations.cancel import Outcome, cancel
from studio.generations.models import Generation, Tag
from studio.generations.transitions import note
from studio.lib import clock

MOST_STARS = 5
MOST_TAGS = 20


def star(generation: Generation, stars: int, actor: User) -> None:
    if not 0 <= stars <= MOST_STARS:
        raise Refused([Problem("stars", "stars", _("0 to 5 stars."))])
    _write(generation, stars=stars)
    note(generation, "starred", actor=actor, stars=stars)


def reject(generation: Generation, is_rejected: bool, actor: User) -> None:
    _write(generation, is_rejected=is_rejected)
    note(generation, "rejected" if is_rejected else "unrejected", actor=actor)


def tag(generation: Generation, name: str, actor: User) -> Tag:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 40:
        raise Refused([Problem("tag", "tag", _("1 to 40 characters."))])
    if generation.tags.count() >= MOST_TAGS:
        message = _("At most %(most)s tags on a clip.") % {"most": MOST_TAGS}
        raise Refused([Problem("tag", "too_many_tags", message)])
    found, _created = Tag.objects.get_or_create(project=generation.project, name=name)
    generation.tags.add(found)
    note(generation, "tagged", actor=actor, tag=name)
    return found


def untag(generation: Generation, name: str, actor: User) -> None:
    found = generation.tags.filter(name=name).first()
    if found:
        generation.tags.remove(found)
        note(generation, "untagged", actor=actor, tag=name)


def trash(generation: Generation, actor: User) -> Outcome | None:
    """Into the trash; what is still under way is cancelled first. A charge stays a charge."""
    outcome = None if generation.is_final else cancel(generation, actor)
    _write(generation, deleted_at=clock.now())
    note(generation, "trashed", actor=actor)
    return outcome


def restore(generation: Generation, actor: User) -> None:
    """Out of the trash; the wish to cancel that came with it is taken back while it can be."""
    if generation.emptied_at:
        raise Refused([Problem("restore", "emptied", _("Its files were removed for good."))])
    _write(generation, deleted_at=None, cancel_wished_at=None)
    note(generation, "restored", actor=actor)


def _write(generation: Generation, **fields: object) -> None:
    Generation.objects.filter(pk=generation.pk).update(version=F("version") + 1, **fields)
    generation.refresh_from_db()
