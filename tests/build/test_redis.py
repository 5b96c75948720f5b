"""Losing Redis loses nothing: the rows are the queue, messages only wake somebody up."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.build.processes import answers
from tests.house import House, free_port, wait_for

SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="needs redis-server")
QUEUES = "submit,render,archive,housekeeping"
CELERY = ("celery", "-A", "studio.celery")


@dataclass
class Redis:
    """One of our own, without anything on disk: a stop is a loss of all messages."""

    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [str(SERVER), "--port", str(self.port), "--bind", "127.0.0.1"]
        quiet = ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self.process = subprocess.Popen([*command, *quiet], stdout=subprocess.DEVNULL, cwd="/tmp")
        wait_for("Redis", self.is_up)

    def is_up(self) -> bool:
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), "ping"], capture_output=True, check=False
        )
        return done.stdout == b"PONG\n"

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Machines(House):
    """Web, worker and beat as processes of their own, around one Redis."""

    redis: Redis = field(default_factory=Redis)

    def environment(self, **extra: str) -> dict[str, str]:
        return super().environment() | {"CELERY_BROKER_URL": self.redis.address} | extra

    def serve(self, name: str, *arguments: str, **extra: str) -> "subprocess.Popen[str]":
        return self._spawn(name, [sys.executable, "-m", *arguments], extra)

    def work(self) -> None:
        worker = (*CELERY, "worker", "--pool", "threads", "--concurrency", "4", "-Q", QUEUES)
        self.serve("worker", *worker, STUDIO_PROCESS="worker")

    def beat(self) -> "subprocess.Popen[str]":
        return self.serve("beat", *CELERY, "beat", STUDIO_PROCESS="worker")

    def web(self) -> int:
        port = free_port()
        gunicorn = ("gunicorn", "--config", "python:studio.serve.web", "studio.wsgi")
        self.serve("web", *gunicorn, STUDIO_BIND=f"127.0.0.1:{port}", STUDIO_PROCESS="web")
        wait_for("the web process", lambda: answers(port))
        return port

    def order(self) -> str:
        uid: str = self.generate("--prompt", "A boat", "--set", "duration=1")["id"]
        return uid

    def state_of(self, uid: str) -> str:
        row = self.row("generation", "state", f"uid = '{uid}'")
        assert row is not None
        return str(row[0])

    def attempts(self) -> int:
        row = self.row("attempt", "count(*)")
        assert row is not None
        return int(row[0])


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    machines = Machines(tmp_path / "data")
    machines.found()
    machines.redis.start()
    yield machines
    machines.stop_all()
    machines.redis.kill()


@pytest.mark.row("F006", "F113", "F114", "F116")
def test_what_is_ordered_while_redis_is_away_is_done_when_it_is_back(machines: Machines) -> None:
    port = machines.web()
    machines.work()
    machines.beat()
    first = machines.order()
    wait_for("the first clip", lambda: machines.state_of(first) == "succeeded")
    machines.redis.kill()
    lost = [machines.order() for _ in range(2)]
    assert [machines.state_of(uid) for uid in lost] == ["queued", "queued"]
    assert answers(port)
    # Empty: whatever it had been told is gone.
    machines.redis.start()
    wait_for(
        "the clips ordered meanwhile",
        lambda: {machines.state_of(uid) for uid in lost} == {"succeeded"},
        seconds=120,
    )
    assert machines.attempts() == 3


@pytest.mark.row("F006", "F116")
def test_messages_that_vanish_are_sent_again(machines: Machines) -> None:
    # Nobody listens yet: these messages are in Redis when it dies.
    uids = [machines.order() for _ in range(2)]
    machines.redis.kill()
    assert {machines.state_of(uid) for uid in uids} == {"queued"}
    machines.redis.start()
    machines.work()
    machines.beat()
    wait_for("the clips", lambda: {machines.state_of(uid) for uid in uids} == {"succeeded"})
    assert machines.attempts() == 2


@pytest.mark.row("F124")
def test_two_beats_do_nothing_twice(machines: Machines) -> None:
    machines.work()
    beats = [machines.beat(), machines.beat()]
    uids = [machines.order() for _ in range(4)]
    wait_for("the clips", lambda: {machines.state_of(uid) for uid in uids} == {"succeeded"})
    assert machines.attempts() == 4
    assert [beat.poll() for beat in beats] == [None, None]
    moves = machines.row("generationevent", "count(*)", "to_state = 'succeeded'")
    assert moves == (4,)
