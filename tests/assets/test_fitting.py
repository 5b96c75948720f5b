"""A picture made to fit: a new asset of its own, within every limit, and the original stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import pytest
from PIL import Image

from studio.assets import copies, fitting, pictures
from studio.assets.fitting import TooHeavy
from studio.assets.models import Asset, Edit
from studio.storage import store
from tests import people
from tests.assets import hostile
from tests.assets.bench import Bench

Box = tuple[int, int, int, int]
WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Plan:
    box: Box
    wanted: tuple[int, int]
    smaller: tuple[tuple[int, int], ...] = ()
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    max_bytes: int = 10**9

    @property
    def sizes(self) -> Iterator[tuple[int, int]]:
        return iter((self.wanted, *self.smaller))


@cache
def scene(width: int = 200, height: int = 100) -> Image.Image:
    """Red on the left, blue on the right, noise over all of it."""
    image = Image.new("RGB", (width, height), (200, 40, 40))
    image.paste((40, 40, 200), (width // 2, 0, width, height))
    return Image.blend(image, Image.effect_noise((width, height), 60).convert("RGB"), 0.3)


def opened(asset: Asset) -> Image.Image:
    with store.open(asset.master) as file:
        return pictures.decode(file.read()).image


def fit(door: Bench, asset: Asset, plan: Plan, how: Edit = Edit.CROP) -> Asset:
    return fitting.fit(fitting.source(asset, how), door.person, plan, how)


def test_a_crop_is_a_new_asset_of_the_same_pixels_and_the_original_stays(door: Bench) -> None:
    original = door.keep(hostile.png(scene()), "one.png", rights="client")
    before = Asset.objects.values().get(pk=original.pk)
    made = fit(door, original, Plan((10, 20, 100, 64), (100, 64)))
    assert Asset.objects.values().get(pk=original.pk) == before
    assert (made.made_from, made.made_by, made.project) == (original, "crop", original.project)
    assert (made.width, made.height, made.rights, made.name) == (100, 64, "client", "one.png")
    assert made.master.media_type == "image/png"
    assert opened(made).tobytes() == scene().crop((10, 20, 110, 84)).tobytes()
    assert made.pixel_hash == pictures.Picture(opened(made), "png", True).pixel_hash
    assert door.fetch(made, "thumb") != door.fetch(original, "thumb")


def test_the_same_twice_is_the_same_asset(door: Bench) -> None:
    original = door.keep(hostile.jpeg(scene()), "one.jpg")
    plan = Plan((0, 0, 100, 100), (128, 128))
    assert fit(door, original, plan) == fit(door, original, plan)
    assert Asset.objects.count() == 2


def test_a_made_picture_comes_out_of_the_trash_when_it_is_made_again(door: Bench) -> None:
    original = door.keep(hostile.png(scene()))
    plan = Plan((0, 0, 100, 100), (100, 100))
    Asset.objects.filter(pk=fit(door, original, plan).pk).update(deleted_at=original.created_at)
    assert not fit(door, original, plan).is_trashed


# ── What it starts from ───────────────────────────────────────────────────────────────────────


def test_a_new_crop_starts_from_the_original_and_padding_keeps_the_crop(door: Bench) -> None:
    original = door.keep(hostile.png(scene()))
    crop = fit(door, original, Plan((0, 0, 100, 100), (100, 100)))
    larger = fit(door, crop, Plan((0, 0, 100, 100), (300, 300)), Edit.ENLARGE)
    assert larger.made_from == crop
    assert fitting.source(larger, Edit.CROP) == original
    assert fitting.source(larger, Edit.PAD) == crop
    assert fitting.source(larger, Edit.RECOMPRESS) == crop
    assert fitting.source(original, Edit.RECOMPRESS) == original


# ── Padding ───────────────────────────────────────────────────────────────────────────────────


def test_a_product_that_its_picture_cuts_off_gets_its_white_on_the_other_side(
    door: Bench,
) -> None:
    cut = Image.new("RGB", (200, 100), WHITE)
    cut.paste((10, 90, 10), (80, 30, 120, 100))
    plan = Plan((0, 0, 200, 100), (200, 200))
    image = opened(fit(door, door.keep(hostile.png(cut)), plan, Edit.PAD))
    assert [image.getpixel((100, y)) for y in (0, 99)] == [WHITE] * 2
    assert image.crop((0, 100, 200, 200)).tobytes() == cut.tobytes()


def test_two_plain_borders_go_on_each_in_its_own_colour(door: Bench) -> None:
    cut = Image.new("RGB", (200, 100), WHITE)
    cut.paste((0, 0, 0), (0, 60, 200, 100))
    plan = Plan((0, 0, 200, 100), (200, 200))
    image = opened(fit(door, door.keep(hostile.png(cut)), plan, Edit.PAD))
    assert [image.getpixel((100, y)) for y in (0, 199)] == [WHITE, (0, 0, 0)]


def test_a_product_that_stands_free_is_padded_with_its_white_all_round(door: Bench) -> None:
    cut = Image.new("RGB", (200, 100), WHITE)
    cut.paste((10, 90, 10), (80, 30, 120, 70))
    plan = Plan((0, 0, 200, 100), (200, 200))
    image = opened(fit(door, door.keep(hostile.png(cut)), plan, Edit.PAD))
    assert [image.getpixel((100, y)) for y in (0, 49, 150, 199)] == [WHITE] * 4
    assert image.crop((0, 50, 200, 150)).tobytes() == cut.tobytes()


def test_a_scene_is_padded_with_an_echo_of_its_light(door: Bench) -> None:
    plan = Plan((0, 0, 200, 100), (200, 300))
    image = opened(fit(door, door.keep(hostile.png(scene())), plan, Edit.PAD))
    left, right = image.getpixel((10, 20)), image.getpixel((190, 20))
    assert isinstance(left, tuple) and isinstance(right, tuple)
    assert left[0] > left[2] and right[2] > right[0]
    assert image.crop((0, 100, 200, 200)).tobytes() == scene().tobytes()


# ── Bytes ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("share", [0.95, 0.6, 0.3, 0.05, 0.01])
def test_a_file_never_has_a_byte_too_many(door: Bench, share: float) -> None:
    original = door.keep(hostile.png(scene(600, 400)))
    smaller = tuple((600 // n, 400 // n) for n in range(2, 7))
    limit = int(original.master.size * share)
    plan = Plan((0, 0, 600, 400), (600, 400), smaller, max_bytes=limit)
    made = fit(door, original, plan, Edit.RECOMPRESS)
    assert made.master.size <= limit
    assert store.stat(made.master) == made.master.size
    assert original.master.size > limit


def test_pixels_are_only_given_up_when_no_quality_is_light_enough(door: Bench) -> None:
    original = door.keep(hostile.png(scene(600, 400)))
    half = Plan((0, 0, 600, 400), (600, 400), ((64, 64),), max_bytes=original.master.size // 2)
    made = fit(door, original, half, Edit.RECOMPRESS)
    assert (made.width, made.master.media_type) == (600, "image/jpeg")


def test_what_can_be_packed_tighter_loses_nothing_and_stays_the_same_asset(door: Bench) -> None:
    drawing = Image.new("RGB", (640, 640))
    for x, y in product(range(0, 640, 64), range(0, 640, 64)):
        drawing.paste(scene(64, 64), (x, y))
    original = door.keep(hostile.png(drawing))
    tight = Plan((0, 0, 640, 640), (640, 640), max_bytes=original.master.size - 1)
    pixels, name = opened(original).tobytes(), original.name
    made = fit(door, original, tight, Edit.RECOMPRESS)
    assert made == original and (made.made_from, made.name) == (None, name)
    assert made.master.size < original.master.size
    assert opened(Asset.objects.get()).tobytes() == pixels


def test_what_no_size_and_no_quality_makes_light_enough_is_told(door: Bench) -> None:
    original = door.keep(hostile.png(scene()))
    with pytest.raises(TooHeavy):
        fit(door, original, Plan((0, 0, 200, 100), (200, 100), max_bytes=50), Edit.RECOMPRESS)
    assert Asset.objects.get() == original


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
def test_the_file_has_a_format_that_is_taken(door: Bench, format: str) -> None:
    original = door.keep(hostile.jpeg(scene()) if format == "png" else hostile.png(scene()))
    plan = Plan((0, 0, 200, 100), (200, 100), formats=(format,))
    made = fit(door, original, plan, Edit.RECOMPRESS)
    assert made.master.media_type == f"image/{format}"


# ── In another project ────────────────────────────────────────────────────────────────────────


def test_a_copy_says_how_it_was_made_but_never_points_into_another_project(door: Bench) -> None:
    original = door.keep(hostile.png(scene()))
    crop = fit(door, original, Plan((0, 0, 100, 100), (100, 100)))
    elsewhere = people.project()
    copy = copies.into(crop, elsewhere, door.person)
    assert (copy.made_by, copy.made_from) == ("crop", None)
    both = people.project()
    there = copies.into(original, both, door.person)
    assert copies.into(crop, both, door.person).made_from == there
