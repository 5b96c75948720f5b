"""A worker that dies at the worst moment costs time, never a clip. Real processes, real kills."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import clips
from tests.house import House, wait_for


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "boat.png"
    path.write_bytes(clips.png(640, 360))
    return path


@pytest.fixture(scope="module")
def ordered(tmp_path_factory: pytest.TempPathFactory, picture: Path) -> House:
    """A studio in which one clip has been ordered and nothing has run yet; only ever copied."""
    house = House(tmp_path_factory.mktemp("ordered") / "data")
    house.found()
    house.generate("--image", str(picture), "--set", "duration=1")
    return house


@pytest.fixture
def house(ordered: House, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(ordered.data_dir, tmp_path / "data")
    house = House(tmp_path / "data")
    yield house
    house.stop_all()


def die_at(house: House, failpoint: str) -> None:
    """Start a worker that kills itself there, and see it dead."""
    worker = house.start("work", STUDIO_FAILPOINTS=failpoint, STUDIO_PROCESS="worker")
    wait_for(f"the worker to die at {failpoint}", lambda: worker.poll() is not None)
    assert worker.returncode == -signal.SIGKILL


def finish(house: House) -> None:
    """A new start, and the job is done."""
    house.start("work", STUDIO_PROCESS="worker")
    wait_for("the clip", lambda: house.state() == "succeeded")


def the_only_file(house: House) -> Path:
    row = house.row(
        "generation g JOIN studio_video v ON v.id=g.video_id JOIN studio_blob b ON b.id=v.blob_id",
        "b.sha256, b.size",
    )
    assert row is not None
    sha256, size = row
    (path,) = (house.data_dir / "media").rglob(sha256)
    assert path.stat().st_size == size
    return path


POINTS = [
    ("submit.before_cas", "queued"),
    ("submit.after_claim", "running"),
    ("render.mid", "running"),
    ("render.before_move", "running"),
    ("render.after_move", "archiving"),
    ("archive.mid", "archiving"),
    ("store.before_rename", "archiving"),
    ("archive.before_row", "archiving"),
    ("collect.before_move", "archiving"),
]


@pytest.mark.parametrize(("failpoint", "state"), POINTS)
def test_a_worker_killed_there_is_followed_by_one_that_finishes(
    house: House, failpoint: str, state: str
) -> None:
    die_at(house, failpoint)
    assert house.state() == state
    finish(house)
    assert the_only_file(house).exists()
    assert house.row("video", "count(*)") == (1,)
    assert house.row("ledgerentry", "count(*)") == (0,)


def test_a_wait_from_the_shell_needs_no_worker(house: House, picture: Path) -> None:
    done = house.generate("--image", str(picture), "--set", "duration=1", "--wait")
    (video,) = done["videos"]
    assert (done["state"], video["frames"], video["fps"]) == ("succeeded", 24, 24.0)
    assert Path(video["path"]).stat().st_size == video["bytes"]
    assert (done["charge"]["state"], done["error"]) == ("none", None)


def test_a_wait_that_runs_out_of_time_says_where_the_job_stands(
    house: House, picture: Path
) -> None:
    waiting = ("generate", "local/animatic", "--image", str(picture), "--wait", "--timeout", "0")
    late = house.manage(*waiting, "--json")
    assert late.returncode == 3
    assert '"state": "queued"' in late.stdout


def test_a_quote_orders_nothing(house: House) -> None:
    quoted = house.generate("--prompt", "x", "--quote")
    assert quoted["quote"]["amount"] == "0"
    assert house.row("order", "count(*)") == (1,)
