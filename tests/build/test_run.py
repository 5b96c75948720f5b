"""`make run` in real processes: who is started, who is started again, who is left at the end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.build.processes import Running, answers, processes, run
from tests.build.sources import ROOT
from tests.house import House, free_port, wait_for

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into Linux's /proc")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data dir with tables and static files, to be copied: making one takes seconds."""
    house = House(tmp_path_factory.mktemp("prepared") / "data")
    done = house.manage("prepare")
    assert done.returncode == 0, done.stderr
    return house.data_dir


def copy_of(prepared: Path, place: Path) -> House:
    shutil.copytree(prepared, place / "data")
    return House(place / "data")


def clear(house: House) -> None:
    house.stop_all()
    for pid, _ in processes(house.data_dir):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def house(prepared: Path, tmp_path: Path) -> Iterator[House]:
    house = copy_of(prepared, tmp_path)
    yield house
    clear(house)


@pytest.fixture(scope="module")
def running(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One studio under nohup, for all tests that leave it running."""
    house = copy_of(prepared, tmp_path_factory.mktemp("running"))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does; children inherit it
    try:
        yield run(house)
    finally:
        signal.signal(signal.SIGHUP, before)
        clear(house)


def is_gone(house: House) -> bool:
    return not processes(house.data_dir)


def test_it_prints_one_link_and_that_link_opens_the_first_visit(running: Running) -> None:
    links = [word for word in running.said().split() if word.startswith("http://")]
    assert len(links) == 1
    assert links[0].startswith(f"http://127.0.0.1:{running.port}/")
    assert (
        links[0]
        == running.house.manage(
            "setup_link", STUDIO_BIND=f"127.0.0.1:{running.port}"
        ).stdout.strip()
    )


def test_a_second_start_says_so_and_leaves_the_first_alone(running: Running) -> None:
    second = running.house.manage("run", STUDIO_BIND="127.0.0.1:1")
    assert second.returncode == 1
    assert f"already running: process {running.supervisor.pid}" in second.stderr
    assert f"http://127.0.0.1:{running.port}" in second.stderr
    assert "Traceback" not in second.stderr
    assert running.is_up()


def test_a_killed_worker_is_started_again_and_the_web_stays_up(running: Running) -> None:
    web, (worker,) = running.pids("gunicorn"), running.pids("manage.py work")
    os.kill(worker, signal.SIGKILL)
    wait_for("a new worker", lambda: running.pids("manage.py work") - {worker})
    assert "The worker process ended (SIGKILL)" in running.said()
    assert running.is_up()
    assert running.pids("gunicorn") == web


def test_a_killed_web_is_started_again_and_visitors_wait_for_it(running: Running) -> None:
    worker, web = running.pids("manage.py work"), running.pids("gunicorn")
    for pid in web:
        os.kill(pid, signal.SIGKILL)
    # The listening socket is the supervisor's: this request waits instead of being refused.
    assert running.is_up()
    assert not running.pids("gunicorn") & web
    assert running.pids("manage.py work") == worker


def test_a_closed_terminal_does_not_stop_it_under_nohup(running: Running) -> None:
    running.supervisor.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert running.is_up()


def stops_within_five_seconds(running: Running, number: signal.Signals) -> None:
    before = time.monotonic()
    running.supervisor.send_signal(number)
    assert running.supervisor.wait(timeout=10) == 0
    assert time.monotonic() - before < 5
    assert is_gone(running.house)
    assert not answers(running.port)


def test_ctrl_c_stops_everything_within_five_seconds(house: House) -> None:
    stops_within_five_seconds(run(house), signal.SIGINT)


def test_a_frozen_worker_does_not_hold_up_the_stop(house: House) -> None:
    running = run(house)
    (worker,) = running.pids("manage.py work")
    os.kill(worker, signal.SIGSTOP)
    stops_within_five_seconds(running, signal.SIGTERM)


def test_a_killed_supervisor_leaves_nobody_and_a_new_start_takes_over(house: House) -> None:
    running = run(house)
    running.supervisor.kill()
    wait_for("its children to leave", lambda: is_gone(running.house), seconds=6)
    again = run(running.house, port=running.port)
    assert again.is_up()


def test_it_runs_from_any_folder_with_a_relative_data_dir(house: House) -> None:
    away = house.data_dir.parent
    command = [sys.executable, str(ROOT / "manage.py"), "run"]
    port = free_port()
    environment = house.environment(STUDIO_DATA_DIR="data", STUDIO_BIND=f"127.0.0.1:{port}")
    with subprocess.Popen(command, cwd=away, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert b"Ctrl-C" in process.stdout.readline()
        assert answers(port)
        process.terminate()
    assert not (ROOT / "data").exists()


def test_a_taken_port_is_named_with_the_way_out(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = house.manage("run", STUDIO_BIND=f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert f"already listens on 127.0.0.1:{port}" in done.stderr
    assert "STUDIO_BIND=" in done.stderr
    assert "Traceback" not in done.stderr
