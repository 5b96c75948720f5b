"""The child's side of `studio.lib.child`: ask nothing of the house, and die with it.

Imports nothing but the standard library; no Django ever runs in here.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from typing import Any

from studio.lib import syscalls

Tell = Callable[[dict[str, Any]], None]
Work = Callable[[dict[str, Any], Tell], dict[str, Any]]


def main(work: Work) -> None:
    """Read the request, enter the cage, do the work, write the result."""
    # Whatever a library prints must not be taken for a line of ours.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(line: dict[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    order = json.loads(sys.stdin.buffer.readline())
    enter(**order["limits"])
    tell({"result": work(order["request"], tell)})


def enter(memory: int, cpu_seconds: int, file_bytes: int) -> None:
    """Bytes of memory, seconds of processor time, bytes per file; no core dump, no network."""
    # DATA, not AS: libraries map far more address space than they ever use.
    _limit(resource.RLIMIT_DATA, memory)
    # One second between the signal that has a name and the one that has none.
    _limit(resource.RLIMIT_CPU, cpu_seconds, grace=1)
    _limit(resource.RLIMIT_FSIZE, file_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    syscalls.refuse_network_and_programs()
    os.nice(5)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _limit(kind: int, value: int, grace: int = 0) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    resource.setrlimit(kind, (min(value, ceiling), ceiling))


def _die_with_parent() -> None:
    """The parent never closes our stdin while it lives, so its end means that it has died."""
    # Not sys.stdin: a thread that holds its lock would upset the interpreter's own end.
    while os.read(0, 1):
        pass
    os._exit(1)
