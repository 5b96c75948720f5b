"""A child that does what its request says; run by test_child in a process of its own."""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import Any

from studio.lib import cage
from studio.lib.cage import Tell

Values = dict[str, Any]


def answer(request: Values, tell: Tell) -> Values:
    return request["values"]  # type: ignore[no-any-return]


def count(request: Values, tell: Tell) -> Values:
    for number in range(request["to"]):
        tell({"progress": number})
    return {"counted": request["to"]}


def look_around(request: Values, tell: Tell) -> Values:
    return {
        "environment": dict(os.environ),
        "arguments": sys.argv[1:],
        "modules": sorted(sys.modules),
        "session": os.getsid(0) == os.getpid(),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "open": sorted(os.listdir("/proc/self/fd")),  # noqa: PTH208
    }


def connect(request: Values, tell: Tell) -> Values:
    socket.create_connection(("127.0.0.1", request["port"]), timeout=5)
    return {}


def start_a_program(request: Values, tell: Tell) -> Values:
    subprocess.run(["/bin/sh", "-c", "true"], check=True)
    return {}


def eat(request: Values, tell: Tell) -> Values:
    return {"eaten": len(bytearray(request["bytes"]))}


def fill(request: Values, tell: Tell) -> Values:
    with tempfile.TemporaryFile() as file:
        file.truncate(request["bytes"])
    return {}


def burn(request: Values, tell: Tell) -> Values:
    resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
    while True:
        pass


def sleep(request: Values, tell: Tell) -> Values:
    tell({"pid": os.getpid()})
    time.sleep(60)
    return {}


def print_things(request: Values, tell: Tell) -> Values:
    print('{"result": "forged"}')  # noqa: T201
    os.write(1, b"noise from a library\n")
    os.write(2, b"x" * 1_000_000)
    return {"quiet": True}


def crash(request: Values, tell: Tell) -> Values:
    raise ValueError("the third leg is missing")


def leave_early(request: Values, tell: Tell) -> Values:
    os._exit(0)


def be_killed(request: Values, tell: Tell) -> Values:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


if __name__ == "__main__":
    cage.main(lambda request, tell: globals()[request["do"]](request, tell))
