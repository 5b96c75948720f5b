"""The same picture in another project: a row of its own over the same files."""

from studio.accounts.models import Project, User
from studio.assets.models import Asset


def into(asset: Asset, project: Project, person: User) -> Asset:
    """The asset as it stands in `project`, put there if needed. The caller may see it here."""
    if asset.project_id == project.pk:
        return asset
    facts = (
        "name",
        "rights",
        "rights_note",
        "width",
        "height",
        "uploaded_as",
        "note",
        "colour",
        "master",
        "thumb",
        "preview",
        "made_by",
    )
    copy, _ = Asset.objects.get_or_create(
        project=project,
        kind=asset.kind,
        pixel_hash=asset.pixel_hash,
        defaults={name: getattr(asset, name) for name in facts}
        | {"uploaded_by": person, "made_from": _original(asset, project)},
    )
    if copy.deleted_at:
        copy.deleted_at = None
        copy.save(update_fields=["deleted_at"])
    return copy


def _original(asset: Asset, project: Project) -> Asset | None:
    """What it was made from, as far as that is in the project too: nobody looks across."""
    source = asset.made_from
    if source is None:
        return None
    there = Asset.objects.filter(project=project, kind=source.kind, pixel_hash=source.pixel_hash)
    return there.first()
