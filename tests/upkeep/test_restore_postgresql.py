"""Backup and restore on PostgreSQL: one reading transaction out, one writing transaction in."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.build.test_servers import DATABASE, Servers, own_database
from tests.upkeep import studios

pytestmark = pytest.mark.skipif(not DATABASE, reason="needs STUDIO_TEST_DATABASE_URL")


class OnPostgres(Servers):
    def environment(self, **extra: str) -> dict[str, str]:
        return super().environment(CELERY_BROKER_URL="", DATABASE_URL=self.database, **extra)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[OnPostgres, OnPostgres]]:
    """A studio with something in it, and an empty one."""
    with own_database() as one, own_database() as two:
        full, empty = (
            OnPostgres(tmp_path / name / "data", database=database)
            for name, database in (("full", one), ("empty", two))
        )
        for each in (full, empty):
            each.data_dir.mkdir(parents=True)
        studios.seed(full)
        yield full, empty
        for each in (full, empty):
            each.stop_all()


def clips(house: OnPostgres) -> int:
    return int(house.ask("SELECT count(*) FROM studio_generation"))


@pytest.mark.row("F150", "F151")
def test_what_was_backed_up_under_load_comes_back_sound_or_not_at_all(
    pair: tuple[OnPostgres, OnPostgres], tmp_path: Path
) -> None:
    full, empty = pair
    writer = studios.load(full)
    before = clips(full)
    done = full.manage("backup", str(tmp_path / "b.tar"), "--with-keys")
    after = clips(full)
    writer.kill()
    writer.wait()
    assert (done.returncode, done.stderr) == (0, "")

    empty.found()
    archive = str(tmp_path / "b.tar")
    assert empty.manage("restore", archive).returncode == 2
    killed = empty.manage(
        "restore", archive, "--force", STUDIO_FAILPOINTS="restore.before_database"
    )
    assert killed.returncode == -signal.SIGKILL
    assert clips(empty) == 0
    assert empty.ask("SELECT email FROM studio_user") == "ada@studio.example"

    done = empty.manage("restore", archive, "--force")
    assert (done.returncode, done.stderr) == (0, "")
    assert before <= clips(empty) <= after
    assert studios.diagnosis(empty) == [] == studios.faults(empty)
    assert empty.ask("SELECT restored_at IS NOT NULL FROM studio_studio")
    # New rows get numbers of their own.
    assert empty.manage("generate", "local/animatic", "--prompt", "x").returncode == 0
    assert clips(empty) > before
