"""From start to end frame what both show moves; what has nothing in common fades."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from av import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from studio.providers.base import Job, Picture, Value
from studio.providers.local import morph
from studio.providers.local.boxes import Box, Size
from studio.providers.local.planes import convert
from studio.providers.local.render import RenderFailed, render
from tests.providers.looking import look, rgb
from tests.providers.pictures import scenery

SIZE = (640, 360)
Levels = NDArray[Any]


def crop(source: Image.Image, left: int) -> Image.Image:
    return source.crop((left, 60, left + SIZE[0], 60 + SIZE[1]))


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    path = scenery(tmp_path_factory.mktemp("morph") / "wide.png", (1000, 500), 3)
    # Scenery is smooth; grain gives the eye, and ours, something to hold on to.
    noise = np.random.default_rng(7).integers(-40, 40, (250, 500, 3))
    grain = np.kron(noise, np.ones((2, 2, 1)))
    with Image.open(path) as image:
        mixed = np.asarray(image.convert("RGB"), np.int16) + grain
    return Image.fromarray(mixed.clip(0, 255).astype(np.uint8))


def decibels(one: Levels, other: Levels) -> float:
    error = float(np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2))
    return 10 * math.log10(255**2 / max(error, 1e-9))


def clip(
    folder: Path, start: Image.Image, end: Image.Image, **parameters: Value
) -> list[VideoFrame]:
    paths = (folder / "start.png", folder / "end.png")
    for image, path in zip((start, end), paths, strict=True):
        image.save(path)
    pictures = tuple(Picture(r, p) for r, p in zip(("start", "end"), paths, strict=True))
    given = {"duration": 1, "size": "1280x720", "motion": "auto", **parameters}
    target = folder / "clip.mp4"
    render(Job("m" * 32, "animatic", "start-end", "", given, pictures), target, lambda _: True)
    return look(target).frames


def test_half_way_what_moved_stands_in_the_middle_and_only_there(photo: Image.Image) -> None:
    start, end, truth = (convert(crop(photo, left)) for left in (100, 180, 140))
    found = morph.between(start, end)
    assert found is not None
    whole = (0.0, 0.0, *map(float, SIZE))
    shown = found.frame(0.5, Box(*whole), Size(*SIZE)).luma
    faded = (start.luma.astype(np.float64) + end.luma) / 2
    middle = np.s_[40:-40, 100:-100]
    ours, theirs = (decibels(p[middle], truth.luma[middle]) for p in (shown, faded))
    assert ours > theirs + 8


def test_pictures_with_nothing_in_common_are_not_morphed(photo: Image.Image) -> None:
    other = Image.fromarray(
        np.random.default_rng(1).integers(0, 255, (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    )
    assert morph.between(convert(crop(photo, 100)), convert(other)) is None


def test_a_slate_stands_in_its_corner_and_nowhere_else(photo: Image.Image, tmp_path: Path) -> None:
    (bare, slated) = (tmp_path / "bare", tmp_path / "slated")
    bare.mkdir()
    slated.mkdir()
    ends = crop(photo, 100), crop(photo, 130)
    without = [rgb(frame) for frame in clip(bare, *ends)]
    text = "SC03 星降る夜\nVidu Q1 · 5 s\nCN¥2.50"
    with_it = [rgb(frame) for frame in clip(slated, *ends, slate=text)]
    for plain, marked in ((without[0], with_it[0]), (without[12], with_it[12])):
        changed = np.abs(plain - marked).mean(axis=2)
        assert changed[580:700, 30:160].mean() > 15
        assert changed[:500].mean() < 6


def test_a_slate_that_no_font_can_draw_fails_and_says_so(
    photo: Image.Image, tmp_path: Path
) -> None:
    ends = crop(photo, 100), crop(photo, 130)
    with pytest.raises(RenderFailed, match="no font has"):
        clip(tmp_path, *ends, slate="\U00013000")
    assert not (tmp_path / "clip.mp4").exists()
