import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import pytest

from studio.lib import child
from studio.lib.child import ChildFailed, ChildStopped, ChildTimedOut

MODULE = "tests.lib.caged"
MEGABYTE = 1024**2


def do(what: str, *, seconds: float = 10, memory: int = 256 * MEGABYTE, **request: Any) -> Any:
    return child.run(MODULE, {"do": what, **request}, seconds=seconds, memory=memory)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int, within: float = 3) -> bool:
    until = time.monotonic() + within
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(pid)


@pytest.mark.row("A123")
def test_a_request_arrives_whole_and_is_never_a_command() -> None:
    values = {"prompt": '$(touch /tmp/x); `id` "海辺" \n\x00 | rm -rf', "number": 1.5}
    assert do("answer", values=values) == values
    seen = do("look_around", values=values)
    assert seen["arguments"] == []
    with pytest.raises(ChildFailed, match="Permission denied"):
        do("start_a_program")


def test_each_line_of_progress_is_heard_in_order() -> None:
    heard: list[int] = []

    def hear(line: dict[str, Any]) -> bool:
        heard.append(line["progress"])
        return True

    request = {"do": "count", "to": 1000}
    result = child.run(MODULE, request, seconds=10, memory=256 * MEGABYTE, on_line=hear)
    assert result == {"counted": 1000}
    assert heard == list(range(1000))


@pytest.mark.row("A121")
def test_it_inherits_nothing_and_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_ZAI_API_KEY", "secret")
    seen = do("look_around")
    assert "STUDIO_ZAI_API_KEY" not in seen["environment"]
    assert set(seen["environment"]) <= {"LC_CTYPE"}
    assert seen["session"]
    assert seen["core"] == [0, 0]
    # Three standard streams, our line out, and the listing itself.
    assert len(seen["open"]) == 5
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(ChildFailed, match="Permission denied"):
            do("connect", port=server.getsockname()[1])
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_django_runs_in_a_child() -> None:
    modules = do("look_around")["modules"]
    assert not [m for m in modules if m.partition(".")[0] in {"django", "celery", "httpx"}]


@pytest.mark.row("A121")
def test_memory_time_and_file_size_are_limited() -> None:
    assert do("eat", bytes=50 * MEGABYTE) == {"eaten": 50 * MEGABYTE}
    with pytest.raises(ChildFailed, match="MemoryError"):
        do("eat", bytes=300 * MEGABYTE)
    with pytest.raises(ChildFailed, match="File too large"):
        do("fill", bytes=2 * 1024 * MEGABYTE)
    with pytest.raises(ChildFailed, match="used up its processor time"):
        do("burn")


def test_a_child_that_takes_too_long_is_killed() -> None:
    pids: list[int] = []

    def note(line: dict[str, Any]) -> bool:
        pids.append(line["pid"])
        return True

    before = time.monotonic()
    with pytest.raises(ChildTimedOut):
        child.run(MODULE, {"do": "sleep"}, seconds=1, memory=256 * MEGABYTE, on_line=note)
    assert time.monotonic() - before < 3
    assert not is_alive(pids[0])


def test_a_child_that_is_no_longer_wanted_is_killed() -> None:
    pids: list[int] = []

    def refuse(line: dict[str, Any]) -> bool:
        pids.append(line["pid"])
        return False

    with pytest.raises(ChildStopped):
        child.run(MODULE, {"do": "sleep"}, seconds=30, memory=256 * MEGABYTE, on_line=refuse)
    assert not is_alive(pids[0])


PARENT = """
from studio.lib import child
def say(line):
    print(line["pid"], flush=True)
    return True
child.run("tests.lib.caged", {"do": "sleep"}, seconds=60, memory=2**28, on_line=say)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_dies_with_its_parent(how: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.send_signal(how)
    parent.wait()
    parent.stdout.close()
    assert gone(pid)


def test_what_libraries_print_is_not_an_answer() -> None:
    assert do("print_things") == {"quiet": True}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("crash", "ValueError: the third leg is missing"),
        ("leave_early", "ended with code 0 and no result"),
        ("be_killed", "ended by SIGSEGV"),
        ("no_such_thing", "KeyError"),
    ],
)
def test_a_child_that_fails_says_why(what: str, said: str) -> None:
    with pytest.raises(ChildFailed, match=said):
        do(what)


def test_a_module_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(ChildFailed):
        child.run("tests.lib.nobody", {}, seconds=10, memory=256 * MEGABYTE)
