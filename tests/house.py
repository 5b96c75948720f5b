"""A whole studio in real processes on a data dir of its own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


def wait_for(what: str, look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What `look` returns as soon as it is true; an AssertionError naming `what` in the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class House:
    """`manage.py` on `data_dir`, and whatever was started there."""

    data_dir: Path
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"STUDIO_DATA_DIR": str(self.data_dir)} | extra

    def manage(self, *arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(**extra),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str, **extra: str) -> "subprocess.Popen[str]":
        """Start a command that stays, as the leader of its own session."""
        return self._spawn(arguments[0], [sys.executable, "manage.py", *arguments], extra)

    def make(self, target: str, **extra: str) -> "subprocess.Popen[str]":
        """`make run` and its like, as whoever reads the README types it."""
        return self._spawn(target, ["make", target], extra)

    def _spawn(
        self, name: str, command: list[str], extra: dict[str, str]
    ) -> "subprocess.Popen[str]":
        log = self._log(name).open("a")
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment(**extra),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def log(self, command: str) -> str:
        """What the processes of that command have said so far."""
        return self._log(command).read_text()

    def _log(self, command: str) -> Path:
        return self.data_dir.parent / f"{command}.log"

    def stop_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
        for process in self.started:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def found(self) -> None:
        """Prepare the data dir and its first admin."""
        assert self.manage("prepare").returncode == 0
        made = self.manage(
            "createsuperuser",
            "--noinput",
            "--email",
            "ada@studio.example",
            DJANGO_SUPERUSER_PASSWORD="a long enough phrase",
        )
        assert made.returncode == 0, made.stderr

    def generate(self, *arguments: str, **extra: str) -> dict[str, Any]:
        """`generate local/animatic … --json` and its object."""
        done = self.manage("generate", "local/animatic", "--json", *arguments, **extra)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def row(self, table: str, columns: str, where: str = "1=1") -> tuple[Any, ...] | None:
        """One row, read past the studio's own code."""
        path = self.data_dir / "studio.sqlite3"
        with closing(sqlite3.connect(path, timeout=20)) as database:
            query = f"SELECT {columns} FROM studio_{table} WHERE {where}"
            found: tuple[Any, ...] | None = database.execute(query).fetchone()
            return found

    def state(self) -> str:
        """Of the one generation there is."""
        row = self.row("generation", "state")
        assert row is not None
        return str(row[0])
