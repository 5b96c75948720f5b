"""Pages of assets, newest first, each found from where the one before it ended."""

from dataclasses import dataclass

from studio.accounts.models import User
from studio.assets.models import Asset, AssetQuerySet

PAGE = 60


@dataclass(frozen=True)
class Page:
    """`last` is the uid to ask for what comes after; empty when this was all."""

    assets: list[Asset]
    last: str


def page(found: AssetQuerySet, person: User, after: str = "") -> Page:
    """At most 60 of `found`. `after` is a uid; one that `person` cannot see starts anew."""
    mark = Asset.objects.visible_to(person).filter(uid=after).first() if after else None
    rest = found.after(mark) if mark else found
    assets = list(rest.select_related("project")[: PAGE + 1])
    return Page(assets[:PAGE], assets[PAGE - 1].uid if len(assets) > PAGE else "")
