"""Receive a picture: read it, clean it, keep it, once in each project."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.assets import names, pictures, sizes
from studio.assets.models import Asset, AssetKind, Rights
from studio.assets.pictures import Picture, Unfit
from studio.assets.sizes import Thumb
from studio.assets.words import NAMED_OTHERWISE, REFUSALS
from studio.storage import store

# Open, a picture of 40 megapixels takes half a gigabyte: never two at once in one process.
_one_at_a_time = Lock()
# What is known of a picture is as true of whatever is made from it.
_INHERITED = ("name", "rights", "rights_note", "uploaded_as", "note")


class Refused(Exception):
    """The file was not taken. `message` is for the person, `code` for the page."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.message = str(REFUSALS[code]) % facts
        super().__init__(self.message)


def too_large(size: int, limit: int) -> Refused:
    """`size` and `limit` in bytes."""
    return Refused("too-large", size=filesizeformat(size), limit=filesizeformat(limit))


def small(file: "File[bytes]", side: int) -> sizes.File:
    """A small picture of what the file shows, for what is no asset. Raises `Refused`."""
    data = _read(file)
    with _one_at_a_time:
        return sizes.small(_decode(data, keep_alpha=False), side)


def receive(
    project: Project,
    person: User,
    file: "File[bytes]",
    *,
    kind: str = AssetKind.PICTURE,
    rights: str = Rights.OWN,
    rights_note: str = "",
) -> Asset:
    """The asset for what the file shows. Raises `Refused`."""
    facts = {"kind": kind, "rights": rights, "rights_note": rights_note}
    return receive_or_find(project, person, file, **facts)[0]


def receive_or_find(
    project: Project, person: User, file: "File[bytes]", *, kind: str, **facts: str
) -> tuple[Asset, bool]:
    """As `receive`, and whether the asset is new.

    The same pixels in the same project are the same asset, taken out of the trash if they were
    in it. Files are stored before the row, so that a row never points at nothing; of two who
    bring the same picture at once, the database lets one make the row.
    """
    data = _read(file)
    with _one_at_a_time, ThreadPoolExecutor(1) as beside:
        early = beside.submit(sizes.early_thumb, data)
        picture = _decode(data, keep_alpha=kind == AssetKind.LOGO)
        identity = {"project": project, "kind": kind, "pixel_hash": picture.pixel_hash}
        known = Asset.objects.filter(**identity).first()
        if known:
            return _restored(known), False
        kept = _keep(picture, early.result())
    facts |= _describe(file.name or "", picture)
    asset, is_new = Asset.objects.get_or_create(
        **identity, defaults=kept | facts | {"uploaded_by": person}
    )
    return _restored(asset), is_new


def receive_made(
    source: Asset, person: User, make: Callable[[], sizes.File], made_by: str
) -> Asset:
    """The asset for the picture that `make` writes, beside the one that it is made from.

    As with `receive`, the same pixels are the same asset. If only its file is another one, that
    file takes the place of the master: nothing that can be seen is lost, and it is what was
    asked for, lighter or in another format.
    """
    with _one_at_a_time:
        file = make()
        picture = _decode(file.data, keep_alpha=source.kind == AssetKind.LOGO)
        identity = {
            "project": source.project,
            "kind": source.kind,
            "pixel_hash": picture.pixel_hash,
        }
        known = Asset.objects.filter(**identity).first()
        kept = {} if known else _keep(picture, master=file)
    kept |= {name: getattr(source, name) for name in _INHERITED}
    kept |= {"uploaded_by": person, "made_from": source, "made_by": made_by}
    asset = known or Asset.objects.get_or_create(**identity, defaults=kept)[0]
    return _repacked(_restored(asset), file)


def _repacked(asset: Asset, file: sizes.File) -> Asset:
    master = store.put_bytes(file.data, file.media_type)
    if master != asset.master:
        Asset.objects.filter(pk=asset.pk).update(master=master)
        asset.master = master
    return asset


def _read(file: "File[bytes]") -> bytes:
    limit = settings.MAX_PICTURE_BYTES
    data: bytes = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(file.size, limit)
    return data


def _decode(data: bytes, *, keep_alpha: bool) -> Picture:
    try:
        return pictures.decode(data, keep_alpha=keep_alpha)
    except Unfit as unfit:
        raise Refused(unfit.code, **unfit.facts) from unfit


def _keep(
    picture: Picture, early: Thumb | None = None, master: sizes.File | None = None
) -> dict[str, Any]:
    files = sizes.of(picture, early, master)
    return {
        "width": picture.image.width,
        "height": picture.image.height,
        "colour": files.colour,
        "master": store.put_bytes(files.master.data, files.master.media_type),
        "preview": store.put_bytes(files.preview.data, files.preview.media_type),
        "thumb": store.put_bytes(files.thumb.data, files.thumb.media_type),
    }


def _describe(filename: str, picture: Picture) -> dict[str, str]:
    name = names.shown(filename)
    renamed = () if names.tells(name, picture.format) else (NAMED_OTHERWISE,)
    note = " ".join((*renamed, *picture.notes))
    return {"name": name or _("Untitled"), "uploaded_as": picture.format, "note": note}


def _restored(asset: Asset) -> Asset:
    if asset.deleted_at:
        Asset.objects.filter(pk=asset.pk).update(deleted_at=None)
        asset.deleted_at = None
    return asset
