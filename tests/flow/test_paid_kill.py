"""A worker that dies, or freezes, at any point of a paid job: never two jobs, never money astray.

Real workers, real kills. One studio and one sandbox for all: each test orders its own clip, and
the sandbox's journal says what was really accepted. Afterwards all invariants hold.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import Popen, run
from typing import Any

import pytest

from tests.house import ROOT, House, wait_for
from tests.sandbox.running import Sandbox

MODEL = "zai/vidu2-reference"
# What is in doubt keeps its seat: other tests order elsewhere.
ELSEWHERE = "bigmodel/viduq1-image"
# So short that a frozen worker loses its job within the test.
LEASE = 2.0


@dataclass
class Scene:
    """A studio whose workers are started, killed and frozen at will."""

    house: House
    sandbox: Sandbox

    def work(self, failpoint: str = "") -> "Popen[str]":
        return self.house.start(
            "work",
            STUDIO_FAILPOINTS=failpoint,
            STUDIO_PROCESS="worker",
            STUDIO_LEASE_SECONDS=str(LEASE),
            **self.sandbox.environment(),
        )

    def order(self, picture: Path, model: str = MODEL) -> str:
        """The uid of a paid clip that waits for a worker."""
        wanted = ("generate", model, "--prompt", "A boat", "--image", str(picture), "--json")
        done = self.house.manage(*wanted, **self.sandbox.environment())
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["id"])

    def state(self, uid: str) -> tuple[Any, ...] | None:
        return self.house.row("generation", "state, charge", f"uid='{uid}'")

    def is_doubtful(self, uid: str) -> bool:
        return self.state(uid) == ("unknown", "held")

    def jobs(self, uid: str) -> int:
        """How many times the sandbox took it: asked by our reference."""
        query = f"generation_id=(SELECT id FROM studio_generation WHERE uid='{uid}')"
        found = self.house.row("attempt", "group_concat(uid)", query)
        references = str(found[0]).split(",") if found else []
        return sum(job["reference"] in references for job in self.sandbox.journal())

    def faults(self) -> list[str]:
        """Every invariant that is broken, found by a process of its own."""
        journal = f"{self.sandbox.address}/control/journal"
        look = f"from tests import invariants; invariants.report({journal!r})"
        done = run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", look],
            cwd=ROOT,
            env=self.house.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        found: list[str] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "boat.png"
    path.write_bytes((ROOT / "static/img/examples/dawn.jpg").read_bytes())
    return path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with Sandbox.start(tmp_path_factory.mktemp("sandbox"), seconds=0.1) as sandbox:
        scene = Scene(House(tmp_path_factory.mktemp("house") / "data"), sandbox)
        scene.house.found()
        yield scene
        scene.house.stop_all()


def die_at(scene: Scene, failpoint: str) -> None:
    worker = scene.work(failpoint)
    wait_for(f"the worker to die at {failpoint}", lambda: worker.poll() is not None)
    assert worker.returncode == -signal.SIGKILL


def end(worker: "Popen[str]") -> None:
    worker.kill()
    worker.wait(timeout=10)


DOUBTFUL = ("submit.after_sending", "submit.half_body", "submit.after_post", "submit.before_id")
# One job dies at all of these, in this order: the point, and the state and the charge it leaves.
LIFE_OF_A_JOB = [
    ("submit.before_cas", "queued", "held"),
    ("submit.after_claim", "submitting", "held"),
    ("submit.connecting", "submitting", "held"),
    ("submit.after_id", "running", "held"),
    ("poll.before_commit", "running", "held"),
    ("poll.after_commit", "archiving", "settled"),
    ("archive.fetched", "archiving", "settled"),
    ("archive.mid", "archiving", "settled"),
    ("store.before_fsync", "archiving", "settled"),
    ("store.before_rename", "archiving", "settled"),
    ("store.before_dirsync", "archiving", "settled"),
    ("archive.before_row", "archiving", "settled"),
    ("collect.before_move", "archiving", "settled"),
]


@pytest.mark.row("F008", "F009", "F014", "F064", "F065", "F100", "F101", "F102", "F103", "F104")
def test_a_job_that_dies_at_every_point_but_one_arrives_all_the_same(
    scene: Scene, picture: Path
) -> None:
    uid = scene.order(picture)
    for failpoint, state, charge in LIFE_OF_A_JOB:
        die_at(scene, failpoint)
        assert (failpoint, scene.state(uid)) == (failpoint, (state, charge))
    worker = scene.work()
    wait_for("the clip", lambda: scene.state(uid) == ("succeeded", "settled"))
    end(worker)
    assert scene.jobs(uid) == 1
    assert scene.faults() == []


@pytest.mark.row("F010", "F011", "F012", "F013", "F015", "F122")
def test_a_death_between_the_first_byte_and_the_id_is_unknown_and_never_sent_again(
    scene: Scene, picture: Path
) -> None:
    jobs = {}
    for failpoint in DOUBTFUL:
        uid = jobs[failpoint] = scene.order(picture)
        die_at(scene, failpoint)
        assert (failpoint, scene.state(uid)) == (failpoint, ("submitting", "held"))
    worker = scene.work()
    for failpoint, uid in jobs.items():
        wait_for(f"{failpoint} to be judged", partial(scene.is_doubtful, uid))
    end(worker)
    taken = {failpoint: scene.jobs(uid) for failpoint, uid in jobs.items()}
    # The reply was read, so the sandbox had taken it; without its body it took nothing.
    assert taken == {
        "submit.after_sending": 0,
        "submit.half_body": 0,
        "submit.after_post": 1,
        "submit.before_id": 1,
    }
    assert scene.faults() == []


@pytest.mark.row("F016")
def test_a_frozen_worker_that_lost_its_job_sends_nothing_when_it_wakes(
    scene: Scene, picture: Path
) -> None:
    uid = scene.order(picture, ELSEWHERE)
    frozen = freeze_at(scene, "submit.after_claim")
    worker = scene.work()
    wait_for("the other worker", lambda: scene.state(uid) == ("succeeded", "settled"))
    os.kill(frozen.pid, signal.SIGCONT)
    wait_for("it to see", lambda: is_quiet(scene, frozen))
    end(worker)
    end(frozen)
    assert scene.jobs(uid) == 1
    assert scene.faults() == []


@pytest.mark.row("F016")
def test_a_worker_that_was_frozen_just_before_the_first_byte_sends_nothing_when_it_wakes(
    scene: Scene, picture: Path
) -> None:
    uid = scene.order(picture, ELSEWHERE)
    frozen = freeze_at(scene, "submit.after_sending")
    worker = scene.work()
    wait_for("the doubt", lambda: scene.state(uid) == ("unknown", "held"))
    time.sleep(LEASE)
    os.kill(frozen.pid, signal.SIGCONT)
    wait_for("it to see", lambda: is_quiet(scene, frozen))
    end(worker)
    end(frozen)
    assert scene.state(uid) == ("unknown", "held")
    assert scene.jobs(uid) == 0
    assert scene.faults() == []


def freeze_at(scene: Scene, failpoint: str) -> "Popen[str]":
    worker = scene.work(f"{failpoint}=stop")
    wait_for(f"the worker to freeze at {failpoint}", lambda: "T" in status(worker))
    return worker


def status(worker: "Popen[str]") -> str:
    """The letter by which Linux calls what it does: T is stopped."""
    words = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    return words[0]


def is_quiet(scene: Scene, worker: "Popen[str]") -> bool:
    """It runs again, and has had time for whatever it would have done."""
    time.sleep(1)
    return "T" not in status(worker)


@pytest.mark.row("F121")
def test_a_worker_that_is_told_to_stop_finishes_the_post_it_is_in(
    scene: Scene, picture: Path
) -> None:
    scene.sandbox.next("bigmodel", "drip", delay=0.01)
    uid = scene.order(picture, ELSEWHERE)
    worker = scene.work()
    wait_for("the post", lambda: scene.jobs(uid) == 1)
    worker.terminate()
    assert worker.wait(timeout=10) == 0
    assert scene.state(uid) == ("running", "held")
    worker = scene.work()
    wait_for("the clip", lambda: scene.state(uid) == ("succeeded", "settled"))
    end(worker)
    assert scene.faults() == []
