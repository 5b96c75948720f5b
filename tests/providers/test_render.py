import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from studio.catalogue.load import model
from studio.catalogue.specs import Mode, Value
from studio.providers.base import Job, Picture
from studio.providers.local.render import RenderFailed, RenderStopped, render
from tests.providers.looking import jitter, look, rgb
from tests.providers.pictures import flat, scenery, stripes
from tests.providers.writing import needs_cjk


def job(mode: str, *paths: Path, prompt: str = "", **parameters: Value) -> Job:
    roles = {"start-end": ("start", "end"), "image": ("start",)}.get(mode, ("reference",) * 9)
    pictures = tuple(Picture(r, p) for r, p in zip(roles, paths, strict=False))
    return Job("u" * 32, model("local/animatic"), Mode(mode), prompt, parameters, pictures)


def run(wanted: Job, target: Path) -> list[float]:
    heard: list[float] = []

    def hear(progress: float) -> bool:
        heard.append(progress)
        return True

    render(wanted, target, hear)
    return heard


@pytest.fixture(scope="module")
def shore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenery(tmp_path_factory.mktemp("pictures") / "shore.png", (1600, 900), 1)


@pytest.fixture(scope="module")
def forest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenery(tmp_path_factory.mktemp("pictures") / "forest.png", (1400, 1000), 2)


def test_a_clip_is_what_every_browser_plays(shore: Path, tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    run(job("image", shore, duration=2, size="1280x720"), target)
    clip = look(target)
    assert (clip.codec, clip.pixels, clip.rate, clip.has_sound) == ("h264", "yuv420p", 24, False)
    assert clip.size == (1280, 720)
    assert len(clip.frames) == 48
    # BT.709 three times, limited range.
    assert clip.tags == (1, 1, 1, 1)
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"colrnclx" in data


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        ((65, 67), (1242, 1280)),
        ((64, 64), (1280, 1280)),
        ((1601, 401), (1280, 320)),
    ],
)
def test_a_clip_has_the_shape_of_its_picture(
    picture: tuple[int, int], size: tuple[int, int], tmp_path: Path
) -> None:
    source = scenery(tmp_path / "picture.png", picture)
    run(job("image", source, duration=1), tmp_path / "clip.mp4")
    clip = look(tmp_path / "clip.mp4")
    assert clip.size == size
    assert len(clip.frames) == 24


def test_colours_come_back_as_they_went_in(tmp_path: Path) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (200, 120, 40)]
    source = stripes(tmp_path / "stripes.png", colours)
    run(job("image", source, duration=1, size="1280x720"), tmp_path / "clip.mp4")
    for frame in look(tmp_path / "clip.mp4").frames[::8]:
        shown = rgb(frame)
        for number, colour in enumerate(colours):
            middle = round((number + 0.5) * 1280 / len(colours))
            assert np.abs(shown[:, middle - 40 : middle + 40] - colour).max() <= 3


@pytest.mark.parametrize("mode", ["image", "start-end"])
@pytest.mark.parametrize("colour", [(128, 128, 128), (201, 119, 43), (24, 60, 140)])
def test_one_colour_stays_that_colour(
    mode: str, colour: tuple[int, int, int], tmp_path: Path
) -> None:
    source = flat(tmp_path / "flat.png", colour)
    run(job(mode, source, source, duration=1, size="640x360"), tmp_path / "clip.mp4")
    for frame in look(tmp_path / "clip.mp4").frames[::6]:
        assert np.abs(rgb(frame) - colour).max() <= 2


def test_a_crossing_begins_and_ends_with_the_very_pictures(
    shore: Path, forest: Path, tmp_path: Path
) -> None:
    wanted = job("start-end", shore, forest, duration=2, size="1280x720")
    run(wanted, tmp_path / "clip.mp4")
    clip = look(tmp_path / "clip.mp4")
    for frame, path in ((clip.frames[0], shore), (clip.frames[-1], forest)):
        with Image.open(path) as picture:
            fitted = ImageOps.fit(picture, clip.size, Image.Resampling.LANCZOS)
        assert np.abs(rgb(frame) - np.asarray(fitted, np.float64)).mean() <= 3
    middle = rgb(clip.frames[24])
    assert np.abs(middle - rgb(clip.frames[0])).mean() > 6
    assert np.abs(middle - rgb(clip.frames[-1])).mean() > 6


def test_a_montage_shows_each_picture_in_its_turn(tmp_path: Path) -> None:
    colours = [(200, 30, 30), (30, 160, 30), (30, 30, 200)]
    paths = [flat(tmp_path / f"{n}.png", colour) for n, colour in enumerate(colours)]
    run(job("reference", *paths, duration=3), tmp_path / "clip.mp4")
    frames = look(tmp_path / "clip.mp4").frames
    assert len(frames) == 72
    for number, colour in ((6, 0), (30, 1), (60, 2), (0, 0), (71, 2)):
        assert np.abs(rgb(frames[number]) - colours[colour]).mean() < 4


def test_many_pictures_in_a_short_montage_are_all_seen(tmp_path: Path) -> None:
    colours = [(30 * n, 255 - 30 * n, 90) for n in range(1, 8)]
    paths = [flat(tmp_path / f"{n}.png", colour) for n, colour in enumerate(colours)]
    run(job("reference", *paths, duration=1), tmp_path / "clip.mp4")
    frames = [rgb(f).mean(axis=(0, 1)) for f in look(tmp_path / "clip.mp4").frames]
    assert len(frames) == 24
    for colour in colours:
        assert min(np.abs(frame - colour).max() for frame in frames) < 4


def test_words_become_a_card(tmp_path: Path) -> None:
    run(job("text", prompt="A quiet harbour at dawn", duration=1), tmp_path / "clip.mp4")
    clip = look(tmp_path / "clip.mp4")
    assert clip.size == (1280, 720)
    first, last = rgb(clip.frames[0]), rgb(clip.frames[-1])
    assert first.max() < 60
    assert last.max() > 200
    assert np.median(last) < 40


@pytest.mark.parametrize("motion", ["push-in", "pan-right", "drift"])
def test_no_move_trembles(motion: str, shore: Path, tmp_path: Path) -> None:
    wanted = job("image", shore, duration=2, size="1280x720", motion=motion)
    run(wanted, tmp_path / "clip.mp4")
    assert jitter(look(tmp_path / "clip.mp4").frames) <= 0.05


def test_progress_rises_to_the_end(shore: Path, tmp_path: Path) -> None:
    heard = run(job("image", shore, duration=2), tmp_path / "clip.mp4")
    assert heard == sorted(heard)
    assert len(heard) >= 2
    assert 0.5 < heard[-1] <= 1


def test_a_render_that_is_no_longer_wanted_leaves_nothing(shore: Path, tmp_path: Path) -> None:
    target = tmp_path / "spool" / "clip.mp4"
    target.parent.mkdir()
    with pytest.raises(RenderStopped):
        render(job("image", shore, duration=16), target, lambda progress: False)
    assert list(target.parent.iterdir()) == []


def test_a_render_can_be_stopped_while_its_pictures_are_read(tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    Image.effect_noise((6000, 4000), 40).convert("RGB").save(large)
    heard: list[float] = []

    def refuse(progress: float) -> bool:
        heard.append(progress)
        return False

    with pytest.raises(RenderStopped):
        render(job("start-end", large, large), tmp_path / "clip.mp4", refuse)
    assert heard == [0.0]


def test_a_render_may_simply_be_done_again(shore: Path, tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    target.write_bytes(b"half a clip of one who died")
    run(job("image", shore, duration=1), target)
    assert len(look(target).frames) == 24


def test_two_renders_side_by_side_do_not_meet(shore: Path, forest: Path, tmp_path: Path) -> None:
    names = {"a.mp4": shore, "b.mp4": forest}
    threads = [
        threading.Thread(target=run, args=(job("image", path, duration=1), tmp_path / name))
        for name, path in names.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [look(tmp_path / name).size for name in names] == [(1280, 720), (1280, 914)]


def test_a_picture_that_cannot_be_read_fails_with_a_reason(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with pytest.raises(RenderFailed) as caught:
        run(job("image", broken), tmp_path / "clip.mp4")
    assert str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["broken.png"]


def test_words_without_a_font_fail_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="no font has"):
        run(job("text", prompt="\U0001d173\U000f0000 \U0001f9ff\u0e01"), tmp_path / "clip.mp4")


@needs_cjk
def test_a_slate_is_seen_from_the_first_frame_to_the_last(tmp_path: Path) -> None:
    source = flat(tmp_path / "plain.png", (180, 180, 180))
    wanted = {"plain": "", "slated": "海辺の朝\n1 s\nUS$0.40"}
    shown = {}
    for name, words in wanted.items():
        run(job("image", source, duration=1, size="1280x720", slate=words), tmp_path / "clip.mp4")
        shown[name] = [rgb(frame) for frame in look(tmp_path / "clip.mp4").frames]
    for plain, slated in zip(shown["plain"], shown["slated"], strict=True):
        assert np.abs(plain - 180).max() <= 3
        assert slated[600:, :200].max() > 215 and slated[600:, :200].min() < 110
        assert np.abs(slated[:500] - 180).max() <= 4


def test_a_slate_without_a_font_fails_with_a_reason(shore: Path, tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="no font has"):
        run(job("image", shore, slate="Harbour \U0001f9ff"), tmp_path / "clip.mp4")


def test_a_morph_of_large_pictures_has_memory_enough(tmp_path: Path) -> None:
    large = scenery(tmp_path / "large.png", (1600, 900))
    with Image.open(large) as picture:
        picture.resize((7680, 4320)).save(tmp_path / "start.jpg")
        picture.crop((80, 45, 1520, 855)).resize((7680, 4320)).save(tmp_path / "end.jpg")
    wanted = job(
        "start-end", tmp_path / "start.jpg", tmp_path / "end.jpg", duration=1, size="1920x1080"
    )
    run(wanted, tmp_path / "clip.mp4")
    assert look(tmp_path / "clip.mp4").size == (1920, 1080)


@pytest.mark.parametrize(
    "module",
    ["providers.local.draw", "archive.measuring", "archive.deriving"],
)
def test_children_load_no_django(module: str) -> None:
    code = f"import sys, studio.{module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
