"""A press on a fix: the entry with what was wrong mended, and what is said of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.accounts.models import Project, User
from studio.assets import copies, uploads
from studio.assets import fitting as pixels
from studio.assets.models import Asset, Edit
from studio.catalogue.fitting import How, Plan
from studio.catalogue.load import catalogue
from studio.catalogue.prompts import joined
from studio.generations import styles
from studio.generations.briefs import Problem, Refused
from studio.generations.desk import lay
from studio.generations.entry import Entry
from studio.generations.fixes import KEEP, LEAVE, SET, SHORTEN, SWITCH, Job, plan_of
from studio.generations.forms import sketches
from studio.generations.shorten import shorten
from studio.generations.ways import Place, Way
from studio.lib import uid as uids

_WHOLE = re.compile("[0-9]{1,5}")


def apply(person: User, entry: Entry, post: QueryDict) -> Entry:
    """The entry with what was pressed mended. Raises `Refused`; nothing is changed then."""
    job = Job.read(post.get("fix", ""))
    chosen = entry.with_model(job.model) if job.model in catalogue().models else entry
    do = _DOERS.get(job.how)
    return do(person, chosen, job, post) if do else chosen


def undo(person: User, entry: Entry, post: QueryDict) -> Entry:
    """The picture that this one was made from, back in its place."""
    _place, _colon, uid = post.get("unfix", "").partition(":")
    mine = Asset.objects.visible_to(person).shelved()
    asset = mine.filter(uid=uids.read(uid)).first()
    source = mine.filter(pk=asset.made_from_id or 0).first() if asset else None
    return entry.instead(asset.uid, source.uid) if asset and source else entry


def told(post: QueryDict) -> str:
    """What was done, for whoever does not see it happen."""
    if "unfix" in post:
        return _("The original is back in its place.")
    job = Job.read(post.get("fix", ""))
    if job.how in set(How):
        return str(_DONE[How(job.how)])
    return str(_TOLD.get(job.how, ""))


def _mend_pictures(person: User, entry: Entry, job: Job, post: QueryDict) -> Entry:
    """One after the other: what an end frame may be depends on what its start has become."""
    desk = lay(person, entry)
    assets = dict(desk.assets)
    for uid in filter(None, map(uids.read, job.what.split(","))):
        made = sketches(desk.spec, desk.entry, assets, desk.style)
        plan = plan_of(How(job.how), made, uid, _wished(post, uid))
        if plan is None:
            message = _("The picture cannot be made to fit in this way.")
            raise Refused([Problem(job.at, "no_fit", message, uid)])
        fitted = _fit(person, entry, assets[uid], plan)
        assets[fitted.uid] = fitted
        entry = _with_box(entry.instead(uid, fitted.uid), fitted, plan)
        desk = replace(desk, entry=entry)
    return entry


def _with_box(entry: Entry, fitted: Asset, plan: Plan) -> Entry:
    """The box is kept beside a crop, so that it can be taken up where it was left."""
    if plan.how != How.CROP:
        return entry
    box = ",".join(str(edge) for edge in plan.box[:3])
    return replace(entry, boxes={**entry.boxes, fitted.uid: box})


def _fit(person: User, entry: Entry, asset: Asset, plan: Plan) -> Asset:
    how = Edit(plan.how)
    source = pixels.source(asset, how)
    source = copies.into(source, _home(person, entry, source.project), person)
    try:
        return pixels.fit(source, person, plan, how)
    except pixels.TooHeavy as error:
        message = _("The picture cannot be made light enough.")
        raise Refused([Problem("pictures", "too_heavy", message, asset.uid)]) from error
    except uploads.Refused as refused:
        raise Refused([Problem("pictures", refused.code, refused.message, asset.uid)]) from refused


def _home(person: User, entry: Entry, project: Project) -> Project:
    """Where the original lies, if the person may add to it; else where the form orders."""
    mine = Project.objects.orderable_by(person)
    for wanted in (project.uid, entry.project):
        found = mine.filter(uid=wanted).first()
        if found:
            return found
    raise Refused([Problem("project", "no_right", _("You may view here but not order."))])


def _wished(post: QueryDict, uid: str) -> tuple[int, int, int] | None:
    """The box as it was moved by hand, if it was."""
    return read_box([post.get(f"{edge}.{uid}", "") for edge in ("left", "top", "width")])


def read_box(given: Sequence[str]) -> tuple[int, int, int] | None:
    """Left, top and width; whether there is such a box in the picture is for others to say."""
    if len(given) != 3 or not all(_WHOLE.fullmatch(text) for text in given):
        return None
    left, top, width = map(int, given)
    return left, top, width


def _shorten_words(person: User, entry: Entry, job: Job, _post: QueryDict) -> Entry:
    spec = lay(person, entry).spec
    parameter = spec.parameter(job.at)
    if parameter:
        text = entry.settings.get(job.at, "")
        return entry.with_setting(job.at, shorten(text, parameter.maximum or 0))
    style = styles.find(entry.style)
    most = spec.prompt.limit
    # What a style adds is in the language of the prompt, which the cut itself may change.
    for _attempt in range(4):
        short = shorten(entry.prompt, most)
        added = styles.words(style, spec, entry.mode, short, entry.style_words)
        over = len(joined(short, added) if added else short) - spec.prompt.limit
        if over <= 0:
            break
        most = len(short) - over
    return entry.saying(short)


def _keep_first(_person: User, entry: Entry, job: Job, _post: QueryDict) -> Entry:
    if job.at not in set(Place) or not job.what.isdecimal():
        return entry
    place = Place(job.at)
    return entry.with_pictures(place, entry.pictures.get(place, ())[: int(job.what)])


def _set_value(_person: User, entry: Entry, job: Job, _post: QueryDict) -> Entry:
    settings = {name: text for name, text in entry.settings.items() if name != job.at}
    bare = replace(entry, settings=settings)
    return bare.with_setting(job.at, job.what) if job.how == SET else bare


def _switch_way(_person: User, entry: Entry, job: Job, _post: QueryDict) -> Entry:
    """The pictures come along into the places that are empty there."""
    if job.at not in set(Way):
        return entry
    switched = replace(entry, way=Way(job.at))
    waiting = [uid for uid in entry.uids if uid not in switched.uids]
    for place in switched.places:
        if not switched.pictures.get(place) and waiting:
            taken = waiting if place.holds_many else waiting[:1]
            switched = switched.with_pictures(place, taken)
            waiting = waiting[len(taken) :]
    return switched


_DOERS: Mapping[str, Callable[[User, Entry, Job, QueryDict], Entry]] = {
    **dict.fromkeys(How, _mend_pictures),
    SHORTEN: _shorten_words,
    KEEP: _keep_first,
    SET: _set_value,
    LEAVE: _set_value,
    SWITCH: _switch_way,
}
_DONE: dict[How, Promise] = {
    How.CROP: gettext_lazy("Cropped."),
    How.PAD: gettext_lazy("Padded."),
    How.ENLARGE: gettext_lazy("Enlarged."),
    How.RECOMPRESS: gettext_lazy("Recompressed."),
}
_TOLD: dict[str, Promise] = {
    SHORTEN: gettext_lazy("Shortened."),
    KEEP: gettext_lazy("The others were taken out."),
    SET: gettext_lazy("The setting was changed."),
    LEAVE: gettext_lazy("The setting was left out."),
    SWITCH: gettext_lazy("Mode and model were changed."),
}
