"""Which files are missing or damaged, and whose they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.archive.models import Rendition, Video
from studio.assets.models import Asset
from studio.generations.models import Attempt, Generation
from studio.generations.palette import StudioStyle
from studio.storage.models import Blob


@dataclass(frozen=True)
class Use:
    """What a file is to somebody; `owner` and `project` None where it is the whole studio's."""

    what: Promise
    name: str
    address: str
    owner: User | None = None
    project: Project | None = None


@dataclass
class Faulty:
    blob: Blob
    uses: list[Use] = field(default_factory=list)


@dataclass(frozen=True)
class Owned:
    """The faulty files of one person; `owner` None: the studio's, or nobody's."""

    owner: User | None
    files: list[Faulty]


def by_owner() -> list[Owned]:
    """Every faulty file under each of its owners, in a fixed number of queries."""
    found = {blob.pk: Faulty(blob) for blob in Blob.objects.faulty().order_by("pk")}
    for pk, use in _uses(list(found)):
        found[pk].uses.append(use)
    people = {use.owner for faulty in found.values() for use in faulty.uses or [_NOBODYS]}
    ordered = sorted(people, key=lambda person: (person is None, str(person)))
    return [Owned(person, list(_of(person, found.values()))) for person in ordered]


_NOBODYS = Use(_("File"), "", "")


def _of(owner: User | None, files: Iterable[Faulty]) -> Iterator[Faulty]:
    for faulty in files:
        theirs = [use for use in faulty.uses if use.owner == owner]
        if theirs or (owner is None and not faulty.uses):
            yield Faulty(faulty.blob, theirs)


def _uses(blobs: list[int]) -> Iterator[tuple[int, Use]]:
    yield from _videos(blobs)
    yield from _renditions(blobs)
    yield from _assets(blobs)
    for style in StudioStyle.objects.filter(picture__in=blobs):
        if style.picture_id:
            address = reverse("style", args=[style.uid])
            yield style.picture_id, Use(_("Style's picture"), style.name, address)


def _videos(blobs: list[int]) -> Iterator[tuple[int, Use]]:
    videos = list(Video.objects.filter(blob__in=blobs))
    made = _generations(videos)
    for video in videos:
        yield video.blob_id, _clip(_("Clip"), made.get(video.attempt_uid))


def _renditions(blobs: list[int]) -> Iterator[tuple[int, Use]]:
    found = list(Rendition.objects.filter(blob__in=blobs).select_related("video"))
    made = _generations([each.video for each in found])
    for each in found:
        yield each.blob_id, _clip(_("Poster or preview"), made.get(each.video.attempt_uid))


def _generations(videos: list[Video]) -> dict[str, Generation]:
    """By the attempt whose result the video is, or (older rows) by the clip that shows it."""
    rows = Generation.objects.select_related("person", "project")
    shown = rows.filter(video__in=[video.pk for video in videos]).select_related("video")
    made = {each.video.attempt_uid: each for each in shown if each.video}
    attempts = Attempt.objects.filter(uid__in=[video.attempt_uid for video in videos])
    for attempt in attempts.select_related("generation__person", "generation__project"):
        made[attempt.uid] = attempt.generation
    return made


def _clip(what: Promise, generation: Generation | None) -> Use:
    if generation is None:
        return Use(what, "", "")
    address = reverse("generation", args=[generation.uid])
    name = generation.prompt[:60] or generation.uid
    return Use(what, name, address, generation.person, generation.project)


def _assets(blobs: list[int]) -> Iterator[tuple[int, Use]]:
    for role in ("master", "thumb", "preview"):
        rows = Asset.objects.filter(**{f"{role}__in": blobs})
        for asset in rows.select_related("uploaded_by", "project"):
            address = reverse("asset", args=[asset.uid])
            use = Use(_("Picture"), asset.name, address, asset.uploaded_by, asset.project)
            yield getattr(asset, f"{role}_id"), use
