"""Backup and restore by real processes, killed where it hurts. On SQLite; PostgreSQL is beside."""

import io
import shutil
import signal
import sqlite3
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from studio import VERSION
from tests.house import ROOT, House
from tests.upkeep import studios

HEALTHY: list[object] = []


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A studio with 20 clips, paid jobs in every state and a sealed key; never changed."""
    house = House(tmp_path_factory.mktemp("origin") / "data")
    studios.seed(house)
    return house


@pytest.fixture(scope="module")
def archive(origin: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "studio.tar"
    done = origin.manage("backup", str(path), "--with-keys")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def fresh(tmp_path: Path) -> House:
    return House(tmp_path / "fresh")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Another studio, founded and empty; only ever copied."""
    house = House(tmp_path_factory.mktemp("other") / "data")
    house.found()
    return house


def count(house: House) -> int:
    row = house.row("generation", "count(*)")
    assert row
    return int(row[0])


def is_whole(house: House) -> bool:
    with closing(sqlite3.connect(house.data_dir / "studio.sqlite3")) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def test_the_version_is_said_once(origin: House) -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.row("F151")
def test_a_restored_studio_is_the_old_one_in_safe_mode(
    origin: House, archive: Path, fresh: House
) -> None:
    done = fresh.manage("restore", str(archive))
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 jobs have an unknown outcome, 1 wait" in done.stdout
    assert (count(fresh), len(studios.files(fresh))) == (
        count(origin),
        len(studios.files(origin)),
    )
    assert studios.diagnosis(fresh) == HEALTHY == studios.faults(fresh)
    assert fresh.row("studio", "restored_at IS NOT NULL") == (1,)
    assert fresh.row("generation", "count(*)", "state = 'unknown'") == (2,)
    assert fresh.row("auditline", "action") == ("studio.restore",)


@pytest.mark.row("F150")
def test_a_backup_under_heavy_load_restores_to_a_sound_studio(
    origin: House, tmp_path: Path, fresh: House
) -> None:
    shutil.copytree(origin.data_dir, tmp_path / "busy")
    busy = House(tmp_path / "busy")
    writer = studios.load(busy)
    time.sleep(1)
    before = count(busy)
    done = busy.manage("backup", str(tmp_path / "b.tar"), "--with-keys")
    after = count(busy)
    writer.kill()
    writer.wait()
    assert done.returncode == 0, done.stderr
    assert before < after
    assert fresh.manage("restore", str(tmp_path / "b.tar")).returncode == 0
    assert before <= count(fresh) <= after
    assert studios.diagnosis(fresh) == HEALTHY == studios.faults(fresh)


def test_a_restore_over_a_studio_needs_force_and_keeps_what_was_there(
    archive: Path, other: House, tmp_path: Path
) -> None:
    house = House(Path(shutil.copytree(other.data_dir, tmp_path / "data")))
    refused = house.manage("restore", str(archive))
    assert (refused.returncode, count(house)) == (2, 0)
    assert "--force" in refused.stderr
    assert house.manage("restore", str(archive), "--force").returncode == 0
    assert count(house) == 24
    (kept,) = house.data_dir.glob("studio.sqlite3.before-*")
    with closing(sqlite3.connect(kept)) as database:
        people = database.execute("SELECT email FROM studio_user").fetchall()
    assert people == [("ada@studio.example",)]


def test_a_running_studio_is_not_restored_over(archive: Path, other: House, tmp_path: Path) -> None:
    house = House(Path(shutil.copytree(other.data_dir, tmp_path / "data")))
    user = sqlite3.connect(house.data_dir / "studio.sqlite3")
    user.execute("SELECT count(*) FROM studio_user").fetchone()
    refused = house.manage("restore", str(archive), "--force")
    user.close()
    assert (refused.returncode, count(house)) == (2, 0)
    assert "in use" in refused.stderr


KILLS = ("restore.before_files", "restore.after_files", "restore.before_database")


@pytest.mark.parametrize("failpoint", [*KILLS, "restore.after_database"])
def test_killed_in_a_restore_the_data_is_the_old_or_the_new_and_whole(
    archive: Path, other: House, tmp_path: Path, failpoint: str
) -> None:
    house = House(Path(shutil.copytree(other.data_dir, tmp_path / "data")))
    killed = house.manage("restore", str(archive), "--force", STUDIO_FAILPOINTS=failpoint)
    assert killed.returncode == -signal.SIGKILL
    assert count(house) == (0 if failpoint in KILLS else 24)
    assert is_whole(house)
    if failpoint in KILLS:
        assert studios.diagnosis(house) == HEALTHY
    assert house.manage("restore", str(archive), "--force").returncode == 0
    assert (count(house), studios.diagnosis(house)) == (24, HEALTHY)
    assert not list(house.data_dir.glob(".restoring-*"))


def test_killed_at_any_moment_of_a_restore_nothing_is_half(
    archive: Path, other: House, tmp_path: Path
) -> None:
    house = House(Path(shutil.copytree(other.data_dir, tmp_path / "data")))
    for delay in (0.8, 1.1, 1.4, 1.7, 2.0, 2.4):
        process = house.start("restore", str(archive), "--force")
        time.sleep(delay)
        process.kill()
        process.wait()
        assert count(house) in (0, 24)
        assert is_whole(house)
    assert studios.diagnosis(house) == HEALTHY


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_manifest(data: bytes) -> bytes:
    target = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(data)) as source,
        tarfile.open(fileobj=target, mode="w") as tar,
    ):
        for member in source.getmembers()[:-1]:
            tar.addfile(member, source.extractfile(member))
    return target.getvalue()


def flip(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        place = next(m.offset_data for m in tar if m.name.startswith("media/"))
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def with_a_path_out(data: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        entry = tarfile.TarInfo("media/../../escaped")
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    return target.getvalue()


@pytest.mark.parametrize("spoil", [cut, without_manifest, flip, with_a_path_out, lambda data: b"x"])
def test_a_backup_that_is_not_whole_changes_nothing(
    archive: Path, fresh: House, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "spoiled.tar").write_bytes(spoil(archive.read_bytes()))
    for how in ((), ("--dry-run",)):
        refused = fresh.manage("restore", str(tmp_path / "spoiled.tar"), *how)
        assert refused.returncode == 2
        assert "Nothing was changed" in refused.stderr and "Traceback" not in refused.stderr
    assert not (fresh.data_dir / "studio.sqlite3").exists()
    assert studios.files(fresh) == [] == list(tmp_path.rglob("escaped"))


@pytest.mark.row("F153")
def test_lost_files_are_brought_back_from_a_backup_alone(
    origin: House, archive: Path, tmp_path: Path
) -> None:
    house = House(Path(shutil.copytree(origin.data_dir, tmp_path / "data")))
    lost, rotten, *_rest = studios.files(house)
    whole = lost.read_bytes(), rotten.read_bytes()
    lost.unlink()
    rotten.chmod(0o640)
    rotten.write_bytes(b"rotten")
    assert len(studios.faults(house)) == 2
    done = house.manage("restore", str(archive), "--files-only")
    assert (done.returncode, "2 files were put" in done.stdout) == (0, True)
    assert (lost.read_bytes(), rotten.read_bytes()) == whole
    assert house.row("blob", "count(*)", "fault <> ''") == (0,)
    assert house.row("studio", "restored_at") == (None,)
    assert count(house) == count(origin)


def test_keys_stay_out_unless_they_are_asked_for(origin: House, tmp_path: Path) -> None:
    assert origin.manage("backup", str(tmp_path / "b.tar")).returncode == 0
    keys = studios.keys_of(origin).encode()
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert not [name for name in tar.getnames() if name.startswith("secrets/")]
    assert keys not in (tmp_path / "b.tar").read_bytes()
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    again = origin.manage("backup", str(tmp_path / "b.tar"))
    assert (again.returncode, "there already" in again.stderr) == (2, True)


def test_a_backup_names_what_was_missing_already(origin: House, tmp_path: Path) -> None:
    house = House(Path(shutil.copytree(origin.data_dir, tmp_path / "data")))
    lost, short, *_rest = studios.files(house)
    lost.unlink()
    short.chmod(0o640)
    short.write_bytes(b"")
    dry = house.manage("backup", str(tmp_path / "b.tar"), "--dry-run")
    assert (dry.returncode, (tmp_path / "b.tar").exists()) == (1, False)
    done = house.manage("backup", str(tmp_path / "b.tar"), "--with-keys")
    assert (done.returncode, lost.name in done.stdout, short.name in done.stdout) == (1, True, True)
    fresh = House(tmp_path / "fresh")
    assert fresh.manage("restore", str(tmp_path / "b.tar")).returncode == 0
    assert {fault["sha256"] for fault in studios.faults(fresh)} == {lost.name, short.name}


@pytest.mark.row("F154")
def test_a_wrong_key_refuses_the_start_and_the_restore_by_its_name(
    origin: House, tmp_path: Path, fresh: House
) -> None:
    wrong = {"STUDIO_ENCRYPTION_KEYS": "wrong" * 10}
    row = origin.row("providerkey", "sealed")
    assert row
    key = str(row[0]).partition(".")[0]
    for command in ("run", "work", "prepare"):
        refused = origin.manage(command, **wrong)
        assert refused.returncode == 1
        assert f"STUDIO_ENCRYPTION_KEYS lacks the key {key}" in refused.stderr
        assert "Traceback" not in refused.stderr
    both = f"{wrong['STUDIO_ENCRYPTION_KEYS']},{studios.keys_of(origin)}"
    assert origin.manage("prepare", STUDIO_ENCRYPTION_KEYS=both).returncode == 0

    assert origin.manage("backup", str(tmp_path / "b.tar")).returncode == 0
    refused = fresh.manage("restore", str(tmp_path / "b.tar"))
    assert (refused.returncode, key in refused.stderr) == (2, True)
    assert not (fresh.data_dir / "studio.sqlite3").exists()
    keys = studios.keys_of(origin)
    done = fresh.manage("restore", str(tmp_path / "b.tar"), STUDIO_ENCRYPTION_KEYS=keys)
    assert done.returncode == 0, done.stderr


def test_a_backup_of_a_newer_studio_is_refused(origin: House, tmp_path: Path, fresh: House) -> None:
    house = House(Path(shutil.copytree(origin.data_dir, tmp_path / "data")))
    with sqlite3.connect(house.data_dir / "studio.sqlite3") as database:
        insert = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)"
        database.execute(insert, ("studio", "9999_future", "2030-01-01"))
    assert house.manage("backup", str(tmp_path / "b.tar")).returncode == 0
    refused = fresh.manage("restore", str(tmp_path / "b.tar"))
    assert (refused.returncode, "9999_future" in refused.stderr) == (2, True)
    assert not (fresh.data_dir / "studio.sqlite3").exists()
