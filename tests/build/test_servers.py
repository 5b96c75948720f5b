"""Beyond one process: PostgreSQL, Redis, and the commands that compose.yaml starts."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.build.processes import answers
from tests.house import House, free_port, wait_for

DATABASE = os.environ.get("STUDIO_TEST_DATABASE_URL", "")
REDIS = os.environ.get("STUDIO_TEST_REDIS_URL", "")
pytestmark = pytest.mark.skipif(
    not (DATABASE and REDIS), reason="needs STUDIO_TEST_DATABASE_URL and STUDIO_TEST_REDIS_URL"
)
QUEUES = "submit,render,archive,housekeeping"


@dataclass
class Servers(House):
    """`manage.py` and the server commands, on PostgreSQL and Redis."""

    database: str = ""

    def environment(self, **extra: str) -> dict[str, str]:
        servers = {"DATABASE_URL": self.database, "CELERY_BROKER_URL": REDIS}
        return super().environment() | servers | extra

    def serve(self, *arguments: str, **extra: str) -> None:
        self._spawn("servers", [sys.executable, "-m", *arguments], extra)

    def ask(self, query: str) -> Any:
        with psycopg.connect(self.database) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row and row[0]


@contextmanager
def own_database() -> Iterator[str]:
    """An empty database beside the one that we were given."""
    name = f"{urlsplit(DATABASE).path[1:]}_{secrets.token_hex(4)}"
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlunsplit(urlsplit(DATABASE)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    with own_database() as address:
        servers = Servers(tmp_path / "data", database=address)
        yield servers
        servers.stop_all()


def test_two_that_prepare_at_once_wait_for_each_other(servers: Servers) -> None:
    # Each on a data dir of its own, as on two machines: only the database is shared.
    other = Servers(servers.data_dir.parent / "other", database=servers.database)
    for each in (servers, other):
        each.data_dir.mkdir()
    first, second = servers.start("prepare"), other.start("prepare")
    assert (first.wait(timeout=60), second.wait(timeout=60)) == (0, 0)
    twice = "SELECT count(*) - count(DISTINCT (app, name)) FROM django_migrations"
    assert servers.ask(twice) == 0
    assert servers.ask("SELECT count(*) FROM studio_cache") == 0


def test_web_worker_and_beat_carry_a_job_through(servers: Servers) -> None:
    servers.found()
    port = free_port()
    web = ("gunicorn", "--config", "python:studio.serve.web", "studio.wsgi")
    servers.serve(*web, STUDIO_BIND=f"127.0.0.1:{port}", STUDIO_PROCESS="web")
    celery = ("celery", "-A", "studio.celery")
    servers.serve(*celery, "worker", "--pool", "threads", "--concurrency", "4", "-Q", QUEUES)
    servers.serve(*celery, "beat")
    uid = servers.generate("--prompt", "A boat", "--set", "duration=1")["id"]
    state = f"SELECT state FROM studio_generation WHERE uid = '{uid}'"
    wait_for("the clip", lambda: servers.ask(state) == "succeeded")
    assert answers(port)
    assert servers.ask("SELECT count(*) FROM studio_video") == 1


def test_the_embedded_worker_says_that_it_is_the_wrong_one(servers: Servers) -> None:
    done = servers.manage("work")
    assert done.returncode == 1
    assert "celery -A studio.celery worker" in done.stderr
    assert "Traceback" not in done.stderr
