"""One studio per data dir: the lock that the running one holds."""

import fcntl
import os
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """Another studio runs on this data dir; the message says which, and where."""


def hold(data_dir: Path, address: str) -> IO[str]:
    """Lock the data dir for this process, as long as the returned file stays open.

    The system gives the lock back when the process ends, however it ends; the children do not
    inherit it. Raises AlreadyRunning and leaves the other one alone.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    file = (data_dir / "run.lock").open("a+")
    file.seek(0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        other = file.read().strip() or "starting"
        file.close()
        raise AlreadyRunning(f"The studio in {data_dir} is already running: {other}.") from error
    file.truncate(0)
    file.write(f"process {os.getpid()}, {address}\n")
    file.flush()
    return file
