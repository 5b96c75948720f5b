"""PostgreSQL and Redis of our own, in a folder, on free ports."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.house import free_port, wait_for

# Debian keeps the server's programs out of the way.
PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
NOBODY = "nobody"


def program(name: str) -> str:
    """Where it is installed. Raises SystemExit where it is not."""
    path = os.pathsep.join([*map(str, PLACES), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    if found is None:
        raise SystemExit(f"make chaos needs {name}: install PostgreSQL and Redis")
    return found


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of an empty database. PostgreSQL refuses to run as root: then nobody runs it."""
    folder.mkdir()
    owner = NOBODY if os.geteuid() == 0 else None
    if owner:
        shutil.chown(folder, owner)
    data, port = folder / "data", free_port()
    made = [program("initdb"), "-D", str(data), "-U", "studio", "-A", "trust", "-E", "UTF8"]
    subprocess.run(made, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}"]
    served = [program("postgres"), "-D", str(data), "-k", str(folder), *options]
    log = (folder / "log").open("w")
    server = subprocess.Popen(served, user=owner, cwd=folder, stdout=log, stderr=log)
    address = f"postgres://studio@127.0.0.1:{port}/postgres"
    try:
        wait_for("PostgreSQL", lambda: _answers(address))
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of an empty Redis that keeps nothing."""
    folder.mkdir()
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([program("redis-server"), *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=30)
