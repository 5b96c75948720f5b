"""Run a module of ours in a caged process of its own: what decodes strangers' files lives there.

The other side is `studio.lib.cage`. They speak JSON lines: one request down, lines of progress
up, a result last.
"""

import json
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

_ROOT = Path(__file__).resolve().parents[2]
_LARGEST_FILE = 1024**3
_LONGEST_LINE = 1024**2
_STDERR_KEPT = 8 * 1024

OnLine = Callable[[dict[str, Any]], bool]


class ChildFailed(Exception):
    """It ended without a result; the message is the last thing it said."""


class ChildTimedOut(ChildFailed):
    """It was killed because its time was up."""


class ChildStopped(Exception):
    """It was killed because `on_line` said so."""


def run(
    module: str,
    request: dict[str, Any],
    *,
    seconds: float,
    memory: int,
    on_line: OnLine | None = None,
) -> dict[str, Any]:
    """Run `python -m module` on `request` and return its result.

    `seconds` of wall time, `memory` in bytes. `on_line` is called with each line of progress;
    False kills the child. Nothing of it is left running when this returns or raises, nor when
    this process is itself killed. Raises ChildFailed, ChildTimedOut, ChildStopped.
    """
    deadline = time.monotonic() + seconds
    limits = {
        "memory": memory,
        "cpu_seconds": math.ceil(seconds * (os.cpu_count() or 1)),
        "file_bytes": _LARGEST_FILE,
    }
    process = _start(module)
    try:
        _send(process, {"limits": limits, "request": request})
        return _listen(process, deadline, on_line)
    finally:
        _end(process)


def _start(module: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", module],
        cwd=_ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _send(process: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
    assert process.stdin
    try:
        process.stdin.write(json.dumps(message).encode() + b"\n")
        # Not closed: its end is how the child learns that we have died.
        process.stdin.flush()
    except BrokenPipeError as error:
        raise ChildFailed("it ended before it was asked") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        assert pipe
        pipe.close()


def _listen(
    process: subprocess.Popen[bytes], deadline: float, on_line: OnLine | None
) -> dict[str, Any]:
    result: dict[str, Any] | None = None
    errors = bytearray()
    for line in _lines(process, deadline, errors):
        if "result" in line:
            result = line["result"]
        elif on_line and not on_line(line):
            raise ChildStopped
    code = _exit_code(process, deadline)
    if code or result is None:
        raise ChildFailed(_reason(code, errors))
    return result


def _lines(
    process: subprocess.Popen[bytes], deadline: float, errors: bytearray
) -> Iterator[dict[str, Any]]:
    """Its lines until it closes its output; what it says on stderr is gathered in `errors`."""
    unread = bytearray()
    for pipe, data in _chunks(process, deadline):
        if pipe is process.stderr:
            errors += data
            del errors[:-_STDERR_KEPT]
            continue
        unread += data
        *whole, rest = unread.split(b"\n")
        unread = bytearray(rest)
        if len(unread) > _LONGEST_LINE:
            raise ChildFailed("it wrote a line without an end")
        yield from map(_parse, whole)


def _chunks(process: subprocess.Popen[bytes], deadline: float) -> Iterator[tuple[IO[bytes], bytes]]:
    assert process.stdout and process.stderr
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, process.stdout)
        selector.register(process.stderr, selectors.EVENT_READ, process.stderr)
        while selector.get_map():
            ready = selector.select(_left(deadline))
            for key, _ in ready:
                data = os.read(key.fd, 64 * 1024)
                if data:
                    yield key.data, data
                else:
                    selector.unregister(key.fileobj)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise ChildTimedOut("it took too long")
    return left


def _parse(line: bytearray) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise ChildFailed("it wrote something that is not JSON") from error
    if not isinstance(value, dict):
        raise ChildFailed("it wrote something that is not an object")
    return value


def _exit_code(process: subprocess.Popen[bytes], deadline: float) -> int:
    try:
        return process.wait(_left(deadline))
    except subprocess.TimeoutExpired as error:
        raise ChildTimedOut("it took too long") from error


def _reason(code: int, errors: bytearray) -> str:
    if code == -signal.SIGXCPU:
        return "it used up its processor time"
    said = errors.decode(errors="replace").strip().rpartition("\n")[2]
    if code < 0:
        return f"it was ended by {signal.Signals(-code).name}. {said}".strip()
    return said or f"it ended with code {code} and no result"
