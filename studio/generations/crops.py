"""The boxes by which pictures of the brief are cropped: where they stand, how far they may go."""

from collections.abc import Iterator
from dataclasses import dataclass

from studio.assets import fitting as pixels
from studio.assets.models import Asset, Edit
from studio.catalogue import fitting
from studio.catalogue.fitting import Box, How, Size
from studio.generations.desk import Desk, Slot
from studio.generations.fixes import RESHAPED, bounds_of, plan_of
from studio.generations.mending import read_box


@dataclass(frozen=True)
class Crop:
    """The box over the original of the picture in a slot; everything in the original's pixels.

    `smallest` and `largest` are the box's width, which alone sets its height.
    """

    slot: Slot
    uid: str
    source: Asset
    box: Box
    smallest: int
    largest: int

    @property
    def ratio(self) -> str:
        """For the page's script."""
        return f"{self.box.width / self.box.height:.6f}"

    @property
    def most_left(self) -> int:
        return self.source.width - self.smallest

    @property
    def most_top(self) -> int:
        return self.source.height - round(self.smallest * self.box.height / self.box.width)

    @property
    def veil(self) -> str:
        """The path around the box; the page's script draws the same ones."""
        box, source = self.box, self.source
        whole = f"M0 0H{source.width}V{source.height}H0Z"
        return f"{whole}M{box.left} {box.top}h{box.width}v{box.height}h-{box.width}Z"

    @property
    def thirds(self) -> str:
        left, top, width, height = self.box
        across = (f"M{left + width * n / 3:.1f} {top}v{height}" for n in (1, 2))
        down = (f"M{left} {top + height * n / 3:.1f}h{width}" for n in (1, 2))
        return "".join((*across, *down))

    @property
    def corners(self) -> str:
        left, top, width, height = self.box
        points = ((x, y) for x in (left, left + width) for y in (top, top + height))
        return "".join(f"M{x} {y}h0" for x, y in points)


def crops(desk: Desk, uid: str = "") -> tuple[Crop, ...]:
    """Of the picture `uid`; without one, of all that have another shape than they must have."""
    return tuple(crop for slot in desk.shown if _is_meant(slot, uid) for crop in _crop(desk, slot))


def _is_meant(slot: Slot, uid: str) -> bool:
    if uid:
        return slot.asset is not None and slot.asset.uid == uid
    return slot.problem is not None and slot.problem.code in RESHAPED


def _crop(desk: Desk, slot: Slot) -> Iterator[Crop]:
    asset = slot.asset
    assert asset, "a slot that is shown holds a picture"
    box = read_box(desk.entry.boxes.get(asset.uid, "").split(","))
    plan = plan_of(How.CROP, desk.briefs, asset.uid, box)
    if plan is None:
        return
    source = pixels.source(asset, Edit.CROP)
    size, bounds = Size(source.width, source.height), bounds_of(desk.briefs, asset.uid)[0]
    ratio = bounds.ratio(asset.width / asset.height)
    most = fitting.largest(bounds, size, ratio) or plan.box.size
    least = fitting.smallest(bounds, size, ratio)
    yield Crop(slot, asset.uid, source, plan.box, least, most.width)
