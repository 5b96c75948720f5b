from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.archive import renditions
from studio.archive.decode import measure
from studio.archive.errors import RenditionFailed
from studio.archive.keep import keep
from studio.archive.models import Rendition, Video
from studio.storage import store
from tests.archive import clips

pytestmark = pytest.mark.django_db


def made(path: Path) -> tuple[Video, Rendition, Rendition]:
    video = keep(path, "d" * 32)
    renditions.make(video)
    return video, video.renditions.get(kind="poster"), video.renditions.get(kind="preview")


def picture(rendition: Rendition) -> Image.Image:
    with Image.open(store.path(rendition.blob)) as image:
        image.load()
        assert image.format == "WEBP"
        return image.convert("RGB")


def test_a_large_clip_gets_a_poster_and_a_small_silent_preview(tmp_path: Path) -> None:
    source = clips.make(tmp_path / "large.mp4", size=(1920, 1080), seconds=0.25, sound=True)
    video, poster, preview = made(source)
    assert (poster.width, poster.height) == picture(poster).size == (1280, 720)
    assert (poster.blob.media_type, preview.blob.media_type) == ("image/webp", "video/mp4")
    small = measure(store.path(preview.blob))
    assert (small.width, small.height) == (preview.width, preview.height) == (480, 270)
    assert not small.audio
    assert preview.blob.size < video.blob.size / 5


def test_a_preview_ends_after_four_seconds_and_keeps_the_pace(tmp_path: Path) -> None:
    def still(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        return np.full((size[1], size[0], 3), 40 + number, np.uint8)

    for fps, frames in ((12, 48), (30, 96)):
        source = clips.make(tmp_path / f"{fps}.mp4", seconds=5, fps=fps, size=(64, 48), draw=still)
        video = keep(source, f"{fps:032}")
        renditions.make(video)
        small = measure(store.path(video.renditions.get(kind="preview").blob))
        assert small.frames == frames
        assert 3.9 < small.seconds < 4.1


def test_a_small_clip_is_not_enlarged(clip: Path) -> None:
    _, poster, preview = made(clip)
    assert (poster.width, poster.height) == (preview.width, preview.height) == (320, 180)


def test_a_turned_clip_has_upright_renditions(clip: Path, tmp_path: Path) -> None:
    turned = clips.spoil(clip, tmp_path / "turned.mp4", clips.turn_right)
    _, poster, preview = made(turned)
    assert picture(poster).size == (180, 320)
    assert (preview.width, preview.height) == (180, 320)


def test_a_poster_passes_over_the_black_it_begins_with(tmp_path: Path) -> None:
    def late(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        return clips.pattern(number, size) * np.uint8(number > 18)

    source = clips.make(tmp_path / "late.mp4", draw=late)
    _, poster, _ = made(source)
    assert np.asarray(picture(poster)).mean() > 60


def test_a_clip_that_stays_black_has_a_black_poster(tmp_path: Path) -> None:
    def night(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        return np.zeros((size[1], size[0], 3), np.uint8)

    _, poster, _ = made(clips.make(tmp_path / "night.mp4", draw=night, seconds=1))
    assert np.asarray(picture(poster)).max() < 8


def test_making_them_again_makes_nothing(clip: Path) -> None:
    video, poster, preview = made(clip)
    renditions.make(video)
    assert set(video.renditions.all()) == {poster, preview}


def test_a_failure_is_told_and_the_video_stays(clip: Path) -> None:
    video = keep(clip, "e" * 32)
    hidden = store.path(video.blob).rename(store.path(video.blob).with_suffix(".away"))
    with pytest.raises(RenditionFailed):
        renditions.make(video)
    assert not Rendition.objects.exists()
    assert Video.objects.get() == video
    hidden.rename(store.path(video.blob))
    renditions.make(video)
    assert video.renditions.count() == 2
