"""The processes of a studio that really runs, seen from outside (Linux's /proc)."""

import http.client
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from tests.house import House, free_port, wait_for


@dataclass(frozen=True)
class Running:
    """`manage.py run` on a port of its own."""

    house: House
    port: int
    supervisor: "Popen[str]"
    # How long the log was before: earlier runs on this data dir wrote into it too.
    before: int = 0

    def said(self) -> str:
        return self.house.log("run")[self.before :]

    def pids(self, word: str) -> set[int]:
        """Its processes whose command line holds `word`; children of the web one included."""
        return {pid for pid, command in processes(self.house.data_dir) if word in command}

    def is_up(self) -> bool:
        return answers(self.port)


def run(house: House, port: int = 0) -> Running:
    """Start it and wait for the line that says so."""
    port = port or free_port()
    before = len(house.log("run")) if house.started else 0
    supervisor = house.start("run", STUDIO_BIND=f"127.0.0.1:{port}")
    running = Running(house, port, supervisor, before)
    wait_for("the studio to start", lambda: "Ctrl-C" in running.said() or supervisor.poll())
    wait_for("the worker", lambda: "Worker ready" in running.said())
    return running


def processes(data_dir: Path) -> list[tuple[int, str]]:
    """Number and command line of every process that was given this data dir."""
    mark = f"STUDIO_DATA_DIR={data_dir}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes() + b"\0"
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it ended while we looked
        if mark in environment and command:
            found.append((int(folder.name), command))
    return found


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": "10.1.2.3"})
        return connection.getresponse().read() == b"ok\n"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
