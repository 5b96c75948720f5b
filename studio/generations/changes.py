"""What one press on the Create form changes about what stands in it, beside keeping it.

Each verb is the name of a button; its value says on what.
"""

from collections.abc import Callable, Mapping

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from studio.accounts.models import Project, User
from studio.assets import examples
from studio.generations import mending, starters
from studio.generations.entry import Entry
from studio.generations.saved import use
from studio.generations.ways import Place
from studio.generations.wording import write
from studio.lib import uid as uids

Change = Callable[[User, Entry, QueryDict], Entry]


def change(person: User, entry: Entry, post: QueryDict) -> Entry:
    """The entry after the press; the same one where the form was only typed in.

    Raises `briefs.Refused` where what was pressed cannot be done.
    """
    verb = pressed(post)
    return CHANGES[verb](person, entry, post) if verb else entry


def pressed(post: QueryDict) -> str:
    return next((verb for verb in CHANGES if verb in post), "")


def _put(_person: User, entry: Entry, post: QueryDict) -> Entry:
    place, uid = _picture(post.get("put", ""))
    return entry.with_picture(place, uid) if place else entry


def _drop(_person: User, entry: Entry, post: QueryDict) -> Entry:
    place, uid = _picture(post.get("drop", ""))
    return entry.without_picture(place, uid) if place else entry


def _picture(value: str) -> tuple[Place | None, str]:
    """ "start:<uid>"."""
    place, _colon, uid = value.partition(":")
    return (Place(place) if place in set(Place) else None), uids.read(uid)


def _try(person: User, entry: Entry, _post: QueryDict) -> Entry:
    """Our own two pictures, to see what happens."""
    mine = Project.objects.orderable_by(person)
    project = mine.filter(uid=entry.project).first() or get_object_or_404(mine, personal_of=person)
    start, end = examples.add(project, person)
    return entry.between(start.uid, end.uid)


def _back(_person: User, entry: Entry, _post: QueryDict) -> Entry:
    """The prompt as it was before a press replaced it; pressed again, the other one."""
    return entry.saying(entry.earlier)


CHANGES: Mapping[str, Change] = {
    "put": _put,
    "drop": _drop,
    "try": _try,
    "write": write,
    "use": use,
    "back": _back,
    "start_with": starters.begin,
    "fix": mending.apply,
    "unfix": mending.undo,
}
# After these the frames on the stage are others than before.
NEW_FRAMES = frozenset({"put", "drop", "try", "fix", "unfix"})
