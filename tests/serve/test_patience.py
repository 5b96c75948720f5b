"""Slow visitors cost no thread: the real web process, a crowd of sockets, and somebody else."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from studio.serve.patience import Arrival, Replay
from tests.build.processes import answers
from tests.house import ROOT, House, free_port, wait_for

HEAD = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
)
CROWD = 200


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("patience") / "data")
    house.found()
    return house


@contextmanager
def serving(house: House, *options: str) -> Iterator[int]:
    """Only the web process, on a port of its own."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:studio.serve.web", *options]
    web = subprocess.Popen(
        [*command, "studio.wsgi"],
        cwd=ROOT,
        env=house.environment(STUDIO_BIND=f"127.0.0.1:{port}", STUDIO_PROCESS="web"),
        stdin=subprocess.PIPE,
    )
    try:
        wait_for("the web process", lambda: answers(port))
        yield port
    finally:
        web.terminate()
        web.wait(timeout=40)


@contextmanager
def crowd(port: int, many: int = CROWD) -> Iterator[list[socket.socket]]:
    """So many visitors who have announced 100 kB and send a byte a second."""
    visitors = [socket.create_connection(("127.0.0.1", port)) for _ in range(many)]
    over = Event()

    def drip() -> None:
        while not over.wait(1):
            for visitor in visitors:
                send(visitor, b"x")

    for visitor in visitors:
        visitor.sendall(HEAD)
    dripping = Thread(target=drip)
    dripping.start()
    try:
        yield visitors
    finally:
        over.set()
        dripping.join()
        for visitor in visitors:
            visitor.close()


def send(visitor: socket.socket, data: bytes) -> bool:
    try:
        visitor.sendall(data)
    except OSError:
        return False
    return True


def is_open(visitor: socket.socket) -> bool:
    visitor.settimeout(0.001)
    try:
        return visitor.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def visit(port: int, patience: float = 5) -> float:
    """Seconds until somebody else has a page."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    connection.request("GET", "/accounts/login/")
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - start


@pytest.mark.row("A006")
def test_two_hundred_slow_uploads_are_ended_and_nobody_else_waits(house: House) -> None:
    with serving(house) as port, crowd(port) as visitors:
        times = sorted(visit(port) for _ in range(40))
        assert times[37] < 1
        assert all(is_open(visitor) for visitor in visitors)
        wait_for("the slow ones to be sent away", lambda: not any(map(is_open, visitors)), 20)
        assert visit(port) < 1


def test_control_with_gunicorns_own_threads_everybody_waits(house: House) -> None:
    with serving(house, "--worker-class", "gthread") as port, crowd(port, 30):
        time.sleep(0.5)
        with pytest.raises(TimeoutError):
            visit(port, patience=3)


def test_a_slow_head_is_ended_as_well(house: House) -> None:
    with serving(house) as port:
        silent = socket.create_connection(("127.0.0.1", port))
        slow = socket.create_connection(("127.0.0.1", port))
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        wait_for("both to be sent away", lambda: not is_open(silent) and not is_open(slow), 20)
        assert visit(port) < 1


# ── And nothing else has changed ──────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def port(house: House) -> Iterator[int]:
    with serving(house) as port:
        yield port


def talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send the parts one after the other; everything that comes back until the other side ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as visitor:
        for part in parts:
            visitor.sendall(part)
            time.sleep(pause)
        answer = b""
        while data := visitor.recv(65536):
            answer += data
        return answer


LAST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
KEPT = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_a_connection_is_kept_for_the_next_request(port: int) -> None:
    assert talk(port, KEPT, KEPT, LAST, pause=0.2).count(b"HTTP/1.1 200") == 3


def test_requests_sent_in_one_breath_are_all_answered(port: int) -> None:
    assert talk(port, KEPT + KEPT + LAST).count(b"HTTP/1.1 200") == 3


def test_a_head_in_many_pieces_is_one_head(port: int) -> None:
    pieces = [LAST[at : at + 7] for at in range(0, len(LAST), 7)]
    assert talk(port, *pieces, pause=0.01).startswith(b"HTTP/1.1 200")


def test_whoever_asks_whether_to_go_on_is_told_to(port: int) -> None:
    head = HEAD.replace(b"100000", b"3").replace(
        b"\r\n\r\n", b"\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=5) as visitor:
        visitor.sendall(head)
        assert visitor.recv(100).startswith(b"HTTP/1.1 100 Continue")
        visitor.sendall(b"abc")
        answer = b"".join(iter(lambda: visitor.recv(65536), b""))
        assert b"HTTP/1.1 403 " in answer


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", b" 400 "),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", b" 400 "),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 10_000 + b"\r\n\r\n", b" 431 "),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100 + b"\r\n", b" 431 "),
    ],
)
def test_what_cannot_be_read_is_refused_as_before(
    port: int, request_: bytes, status: bytes
) -> None:
    answer = talk(port, request_)
    assert status in answer[:40] or b" 400 " in answer[:40]
    assert visit(port) < 1


def test_what_was_waited_for_is_read_again_byte_for_byte() -> None:
    body = bytes(range(256)) * 6000
    sent = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    theirs, ours = socket.socketpair()
    with theirs, ours:
        ours.setblocking(False)
        sending = Thread(target=theirs.sendall, args=(sent + b"and the next",))
        sending.start()
        arrival = Arrival(ours)
        wait_for("all of it", arrival.read, 10)
        sending.join()
        replay = Replay(ours)
        replay.rewind(arrival.bytes)
        got = b""
        while len(got) < len(sent) + len(b"and the next"):
            got += replay.recv(10_000)
        assert got == sent + b"and the next"
