"""Real processes, killed at the named points of keeping a clip, and started again."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ATTEMPT = "c" * 32


def keeper(data: Path, *arguments: str, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "studio.settings",
        "STUDIO_DATA_DIR": str(data),
        "STUDIO_FAILPOINTS": failpoint,
    }
    command = [sys.executable, "-m", "tests.archive.keeper", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def empty_studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("studio")
    assert keeper(data, "prepare").returncode == 0
    return data


@pytest.fixture
def studio(empty_studio: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_studio, tmp_path / "studio"))


def rows(studio: Path, table: str) -> int:
    with sqlite3.connect(studio / "studio.sqlite3") as database:
        (count,) = database.execute(f"SELECT count(*) FROM studio_{table}").fetchone()
    return int(count)


def files(studio: Path) -> list[Path]:
    media = studio / "media"
    return [p for p in media.rglob("*") if p.is_file() and p.parent.name != "incoming"]


def at(failpoint: str, row: str, *, stored: int, blobs: int) -> object:
    return pytest.param(failpoint, stored, blobs, marks=pytest.mark.row(row), id=row)


@pytest.mark.parametrize(
    ("failpoint", "stored", "blobs"),
    [
        at("store.before_fsync", "F101", stored=0, blobs=0),
        at("store.before_rename", "F102", stored=0, blobs=0),
        at("store.before_dirsync", "F103", stored=1, blobs=0),
        at("archive.before_row", "F104", stored=1, blobs=1),
    ],
)
def test_a_keeper_killed_midway_is_finished_by_the_next(
    failpoint: str, stored: int, blobs: int, studio: Path, clip: Path
) -> None:
    killed = keeper(studio, "keep", str(clip), ATTEMPT, failpoint=failpoint)
    assert killed.returncode == -signal.SIGKILL
    assert (len(files(studio)), rows(studio, "blob"), rows(studio, "video")) == (stored, blobs, 0)
    if failpoint == "store.before_dirsync":
        # The power went with it: a name that was not synced is gone.
        files(studio)[0].unlink()

    answer = keeper(studio, "keep", str(clip), ATTEMPT)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert (rows(studio, "blob"), rows(studio, "video")) == (1, 1)
    assert [p.read_bytes() for p in files(studio)] == [clip.read_bytes()]
