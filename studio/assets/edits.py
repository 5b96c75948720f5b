"""What people do to an asset after it came: describe it, put it in the trash, take it out."""

from studio.accounts.models import User
from studio.assets.models import Asset
from studio.audit.record import record
from studio.lib import clock


def trash(asset: Asset, actor: User) -> None:
    """Off the shelf. Its files stay, since clips made from it still show them."""
    if Asset.objects.shelved().filter(pk=asset.pk).update(deleted_at=clock.now()):
        _record(asset, actor, "asset.trashed")


def restore(asset: Asset, actor: User) -> None:
    if Asset.objects.trashed().filter(pk=asset.pk).update(deleted_at=None):
        _record(asset, actor, "asset.restored")


def describe(asset: Asset, actor: User, before: dict[str, str]) -> None:
    """Save the name and the rights of `asset`; `before` is what they were."""
    asset.save(update_fields=list(before))
    after = {field: getattr(asset, field) for field in before}
    if after != before:
        _record(asset, actor, "asset.described", before=before, after=after)


def _record(
    asset: Asset,
    actor: User,
    action: str,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(
        actor,
        action,
        kind="asset",
        uid=asset.uid,
        project_uid=asset.project.uid,
        before=before,
        after=after,
    )
