"""What must be true before the studio starts."""

import sqlite3
from pathlib import Path

import pytest

from studio import checks
from tests.house import House

MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:27 / /tmp rw,nosuid - tmpfs tmpfs rw
41 22 0:44 / /srv/film\\040rolls rw,relatime - nfs4 server:/export rw,vers=4.2
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/", "ext4"), ("/tmp/x", "tmpfs"), ("/tmpfile", "ext4"), ("/srv/film rolls/var", "nfs4")],
)
def test_the_file_system_is_that_of_the_nearest_mount(
    tmp_path: Path, folder: str, kind: str
) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTS)
    assert checks.file_system(Path(folder), tmp_path / "mountinfo") == kind


def test_a_system_that_does_not_say_is_given_the_benefit(tmp_path: Path) -> None:
    assert checks.file_system(tmp_path, tmp_path / "none") == ""


@pytest.mark.row("F132")
def test_sqlite_on_a_network_disk_is_refused(tmp_path: Path) -> None:
    disk = tmp_path / "mountinfo"
    disk.write_text(MOUNTS)
    assert checks.unsafe_for_sqlite(tmp_path, disk) is None
    disk.write_text(MOUNTS.replace("ext4", "cifs").replace("tmpfs", "cifs"))
    assert "network file system (cifs)" in (checks.unsafe_for_sqlite(tmp_path, disk) or "")
    assert list(tmp_path.iterdir()) == [disk]


@pytest.mark.row("F132")
def test_sqlite_without_a_write_ahead_log_is_refused(tmp_path: Path) -> None:
    assert checks.unsafe_for_sqlite(tmp_path, checks.MOUNTS) is None
    assert "write-ahead log" in (checks.unsafe_for_sqlite(tmp_path / "x", checks.MOUNTS) or "")
    assert list(tmp_path.iterdir()) == []


def test_a_data_dir_that_cannot_be_written_stops_the_start_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = House(tmp_path / "file" / "data").manage("run")
    assert done.returncode == 1
    assert "STUDIO_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_data_dir_is_made_even_where_all_secrets_are_given(tmp_path: Path) -> None:
    given = {"SECRET_KEY": "s" * 60, "STUDIO_ENCRYPTION_KEYS": "e" * 60}
    done = House(tmp_path / "new" / "data").manage("prepare", **given)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "data" / "studio.sqlite3").exists()


def test_data_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    assert house.manage("prepare").returncode == 0
    with sqlite3.connect(house.data_dir / "studio.sqlite3") as database:
        insert = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)"
        database.execute(insert, ("studio", "9999_future", "2030-01-01"))
    done = house.manage("run")
    assert done.returncode == 1
    assert "newer version" in done.stderr
    assert "Traceback" not in done.stderr
