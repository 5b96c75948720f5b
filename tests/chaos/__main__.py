"""`make chaos`: a whole studio in many processes, and every few seconds one of them is killed.

Its own PostgreSQL, Redis and sandbox; one web process, two workers and beat. JOBS clips are ordered
while the killing goes on, half of them with a fault of the provider. After the last kill everything
must be in an allowed state within three minutes, with no job made twice and no cent astray.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen, run
from threading import Thread
from typing import Any

import psycopg

from tests.chaos import servers
from tests.house import ROOT, House, free_port
from tests.sandbox.running import Sandbox

KILLS, JOBS = int(os.environ.get("KILLS", "100")), int(os.environ.get("JOBS", "200"))
SEED = int(os.environ.get("SEED", "1"))
# Seconds between two kills, and until all must be in order after the last.
PAUSES, PATIENCE = (0.5, 3.0), 180.0
LEASE, TAKES = "5", 4
QUEUES = "submit,poll,render,archive,housekeeping"
PICTURE = "static/img/examples/dawn.jpg"
MODELS = (
    ("zai/vidu2-reference", "--image", PICTURE),
    ("bigmodel/viduq1-text",),
    ("vidu/viduq1-text2video",),
)
# Asked for in the prompt; none of them may make a second job.
FAULTS = (
    *("reset_after_body", "503_after_accept", "html_200", "no_id", "bad_param"),
    *("reset_before_accept", "fail_free", "fail_silent", "eventual_404", "poll_500 times=3"),
    *("link_gone_once", "cut times=1", "half_faststart times=1", "late seconds=5"),
)
# Nobody waits for a clip in these: it has ended, or a person must say what became of it.
AT_REST = ("succeeded", "failed", "cancelled", "lost", "unknown")


@dataclass
class Studio(House):
    """The processes by name; whichever dies is started again."""

    outside: dict[str, str] = field(default_factory=dict)
    running: dict[str, "Popen[str]"] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def environment(self, **extra: str) -> dict[str, str]:
        return super().environment() | self.outside | extra

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        celery = ["celery", "-A", "studio.celery"]
        threads = ["--pool", "threads", "--concurrency", "6", "-Q", QUEUES]
        yield "web", ["gunicorn", "--config", "python:studio.serve.web", "studio.wsgi"]
        yield "beat", [*celery, "beat"]
        for number in (1, 2):
            yield f"worker {number}", [*celery, "worker", "-n", f"{number}@chaos", *threads]

    def keep_running(self) -> None:
        for name, command in self.commands():
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                extra = {"STUDIO_PROCESS": name.split()[0]}
                self.running[name] = self._spawn(name, [sys.executable, "-m", *command], extra)

    def kill_one(self, chance: random.Random) -> None:
        name = chance.choice(sorted(self.running))
        process = self.running[name]
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.kills[name] += 1

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.outside["DATABASE_URL"]) as connection:
            return connection.execute(query.encode()).fetchall()

    def make_room(self) -> None:
        """What is in doubt keeps its seat for hours: here it must not stop the others."""
        for model in MODELS:
            first = self.manage("generate", *model, "--prompt", "The first")
            assert first.returncode == 0, first.stderr
        with psycopg.connect(self.outside["DATABASE_URL"]) as connection:
            connection.execute(f"UPDATE studio_provideraccount SET in_flight_limit = {JOBS}")

    def states(self) -> Counter[str]:
        return Counter(dict(self.ask("SELECT state, count(*) FROM studio_generation GROUP BY 1")))

    def faults(self, journal: str) -> list[str]:
        look = f"from tests import invariants; invariants.report({journal!r})"
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", look]
        done = run(command, cwd=ROOT, env=self.environment(), stdout=PIPE, text=True, check=True)
        found: list[str] = json.loads(done.stdout)
        return found


def order_all(studio: Studio, chance: random.Random) -> None:
    """From a shell, a few clips at a time, as fast as they are taken."""
    for number in range(JOBS // TAKES):
        fault = f" [sandbox:{chance.choice(FAULTS)}]" if number % 2 else ""
        prompt = f"A boat at dawn, number {number}{fault}"
        done = studio.manage(
            "generate", *chance.choice(MODELS), "--prompt", prompt, "--takes", str(TAKES)
        )
        if done.returncode:
            print(done.stderr)  # noqa: T201


def main() -> int:
    chance = random.Random(SEED)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)
        sandbox = stack.enter_context(Sandbox.start(folder / "sandbox", seconds=2))
        sandbox.set(in_flight=dict.fromkeys(sandbox.bases, 100))
        outside = {
            "DATABASE_URL": stack.enter_context(servers.postgres(folder / "postgres")),
            "CELERY_BROKER_URL": stack.enter_context(servers.redis(folder / "redis")),
            "STUDIO_LEASE_SECONDS": LEASE,
            "STUDIO_BIND": f"127.0.0.1:{free_port()}",
            "LOG_LEVEL": "WARNING",
        }
        studio = Studio(folder / "data", outside=outside | sandbox.environment())
        stack.callback(studio.stop_all)
        studio.found()
        return play(studio, sandbox, chance)


def play(studio: Studio, sandbox: Sandbox, chance: random.Random) -> int:
    studio.make_room()
    studio.keep_running()
    orders = Thread(target=order_all, args=(studio, random.Random(SEED)))
    orders.start()
    while studio.kills.total() < KILLS or orders.is_alive():
        time.sleep(chance.uniform(*PAUSES))
        studio.kill_one(chance)
        studio.keep_running()
    orders.join()
    waited = settle_down(studio)
    return tell(studio, sandbox, waited)


def settle_down(studio: Studio) -> float:
    """Seconds from the last kill until nothing was on its way any more, or all of PATIENCE."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        studio.keep_running()
        if all(state in AT_REST for state in studio.states()):
            break
        time.sleep(0.5)
    return time.monotonic() - began


def tell(studio: Studio, sandbox: Sandbox, waited: float) -> int:
    states, journal = studio.states(), sandbox.journal()
    references = Counter(job["reference"] for job in journal)
    doubles = sum(count - 1 for count in references.values())
    under_way = {state: count for state, count in states.items() if state not in AT_REST}
    faults = studio.faults(f"{sandbox.address}/control/journal")
    rows = {
        "kills": f"{studio.kills.total()} ({dict(sorted(studio.kills.items()))})",
        "clips ordered": states.total(),
        "states": dict(sorted(states.items())),
        "jobs in the journal": len(journal),
        "made twice": doubles,
        "invariants broken": len(faults),
        "still under way": under_way or 0,
        "seconds after the last kill": f"{waited:.1f}",
        "machine": f"{os.cpu_count()} cores, seed {SEED}",
    }
    for name, value in rows.items():
        print(f"| {name} | {value} |")  # noqa: T201
    for fault in faults:
        print(fault)  # noqa: T201
    return int(bool(doubles or faults or under_way))


if __name__ == "__main__":
    sys.exit(main())
