"""Polls and the like: one loop for the process, many at a time, the same rules as for posts."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from studio.providers.base import Reply, Request
from studio.providers.door import loop
from studio.providers.door.call import REPLY_LIMIT, call, call_many
from studio.providers.door.faults import DoorError, NoAnswer, NotSent, Why
from studio.providers.door.policy import Policy
from tests.providers.door.authority import Authority
from tests.providers.door.servers import PATIENCE, Line, Server, closed_port, head, serving
from tests.providers.door.test_post import (
    KEY,
    NAME,
    local,
    named,
    ok,
    proxied,
    shown,
    silence,
    tunnel,
    unknown,
)


def poll(url: str, method: str = "GET", body: bytes = b"") -> Request:
    return Request(method, url, {"Authorization": f"Bearer {KEY}"}, body)


def ask(request: Request, policy: Policy, deadline: float = PATIENCE) -> Reply:
    return call(request, policy, deadline=deadline)


def kept_open(line: Line) -> None:
    while line.request():
        line.answer(b"{}")


@pytest.fixture(autouse=True)
def a_loop_of_its_own() -> Iterator[None]:
    yield
    loop.stop()


# ── One call ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("secure", [False, True])
def test_a_poll_brings_its_reply(secure: bool, authority: Authority) -> None:
    with serving(ok, authority.server("127.0.0.1") if secure else None) as server:
        reply = ask(poll(f"{server.url}/jobs/1?a=%2F+b"), local(server, authority=authority))
    assert (reply.status, reply.body, reply.headers["x-two"]) == (200, b'{"id": "1"}', "a")
    assert server.received.startswith(b"GET /jobs/1?a=%2F+b HTTP/1.1\r\n")
    assert b"accept-encoding: identity" in server.received.lower()
    assert f"bearer {KEY}".encode() in server.received.lower()


def test_a_name_is_connected_to_where_it_was_checked(authority: Authority) -> None:
    with serving(ok, authority.server(NAME)) as server:
        reply = ask(poll(f"https://{NAME}:{server.port}/"), named(server.port, authority))
    assert reply.status == 200
    assert f"host: {NAME}:{server.port}".encode() in server.received.lower()


def test_polls_share_kept_connections_and_a_cancel_has_its_own() -> None:
    with serving(kept_open) as server:
        for _ in range(3):
            ask(poll(server.url), local(server))
        assert len(server.lines) == 1
        for _ in range(2):
            ask(poll(server.url, "POST", b"{}"), local(server))
    assert len(server.lines) == 3
    assert server.lines[1].received.endswith(b"{}")


@pytest.mark.parametrize("status", ["301 M", "401 No", "404 Gone", "429 Slow", "503 Down"])
def test_a_reply_of_any_status_is_a_reply_and_nothing_is_followed(status: str) -> None:
    with serving(ok) as elsewhere:

        def script(line: Line) -> None:
            line.request()
            headers = {"Location": f"{elsewhere.url}/", "Content-Encoding": "gzip"}
            line.answer(b"as it came", status, headers)

        with serving(script) as server:
            reply = ask(poll(server.url), local(server, elsewhere))
    assert (reply.status, reply.body) == (int(status[:3]), b"as it came")
    assert elsewhere.lines == []


@pytest.mark.row("F020")
def test_a_closed_port_and_an_unknown_name_prove_that_nothing_was_sent() -> None:
    place = f"127.0.0.1:{closed_port()}"
    with pytest.raises(NotSent) as fault:
        ask(poll(f"http://{place}/"), Policy(trusted=frozenset({place})))
    assert fault.value.why is Why.REFUSED
    with pytest.raises(NotSent) as fault:
        ask(poll("https://api.example.com/"), Policy(trusted=frozenset(), resolver=unknown))
    assert fault.value.why is Why.NO_NAME


@pytest.mark.row("F021")
def test_a_certificate_that_does_not_hold_is_never_passed_over(authority: Authority) -> None:
    with serving(ok, authority.server("other.studio.test")) as server:
        for known in (authority, None):
            with pytest.raises(NotSent) as fault:
                ask(poll(server.url), local(server, authority=known))
            assert fault.value.why is Why.TLS
    assert server.received == b""


@pytest.mark.row("A111")
@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["64:ff9b::7f00:1"], ["::ffff:7f00:1"]]
)
def test_a_name_that_means_a_private_address_is_not_connected_to(found: list[str]) -> None:
    with serving(ok) as server:
        policy = Policy(trusted=frozenset(), resolver=lambda host, port: found)
        with pytest.raises(NotSent) as fault:
            ask(poll(f"https://files.example.com:{server.port}/"), policy)
    assert fault.value.why is Why.FORBIDDEN
    assert server.lines == []


@pytest.mark.row("A109")
@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "①②⑦.0.0.1"])
def test_a_literal_is_held_to_the_same_rule(host: str) -> None:
    with serving(ok) as server, pytest.raises(NotSent) as fault:
        ask(poll(f"https://{host}:{server.port}/"), Policy(trusted=frozenset()))
    assert fault.value.why is Why.FORBIDDEN
    assert server.lines == []


@pytest.mark.row("F094")
def test_a_name_is_asked_for_once_for_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, called = [["8.8.8.8"], ["127.0.0.1"]], list[str]()

    async def connect(addr_infos: Sequence[tuple[object, ...]], **rest: object) -> socket.socket:
        called.extend(str(info[4]) for info in addr_infos)
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", connect)
    policy = Policy(trusted=frozenset(), resolver=lambda host, port: answers.pop(0))
    with pytest.raises(NotSent) as fault:
        ask(poll("https://api.example.com/"), policy)
    assert called == ["('8.8.8.8', 443)"]
    assert fault.value.why is Why.REFUSED


@pytest.mark.row("F024")
def test_a_reply_that_drips_or_never_comes_ends_by_the_deadline() -> None:
    def drip(line: Line) -> None:
        line.request()
        line.send(head("200 OK", {"Content-Length": "5000"}))
        line.drip(b"x" * 5000, pause=0.1)

    began = time.monotonic()
    for script in (drip, silence):
        with serving(script) as server, pytest.raises(NoAnswer) as fault:
            ask(poll(server.url), local(server), deadline=1)
        assert fault.value.why is Why.TIMEOUT
    assert time.monotonic() - began < 60


def reset(line: Line) -> None:
    line.request()
    line.reset()


def half(line: Line) -> None:
    line.request()
    line.send(head("200 OK", {"Content-Length": "100"}) + b"x" * 50)


def nonsense(line: Line) -> None:
    line.request()
    line.send(b"SSH-2.0-OpenSSH\r\n\r\n")


def endless(line: Line) -> None:
    line.request()
    line.send(head("200 OK", {}))
    for _ in range(50):
        line.send(b"[" * 1_000_000)


@pytest.mark.row("A118")
@pytest.mark.parametrize(
    ("script", "why"),
    [
        (reset, Why.RESET),
        (half, Why.RESET),
        (nonsense, Why.BROKEN),
        (endless, Why.TOO_LARGE),
    ],
)
def test_a_reply_that_is_not_whole_is_no_answer_and_shows_no_key(
    script: Callable[[Line], None], why: Why
) -> None:
    with serving(script) as server, pytest.raises(NoAnswer) as fault:
        ask(poll(f"{server.url}/?token={KEY}"), local(server))
    assert fault.value.why is why
    assert KEY not in shown(fault.value)


def test_a_reply_of_exactly_a_megabyte_is_taken() -> None:
    def script(line: Line) -> None:
        line.request()
        line.answer(b"x" * REPLY_LIMIT)

    with serving(script) as server:
        assert len(ask(poll(server.url), local(server)).body) == REPLY_LIMIT


def test_a_cancel_is_not_sent_twice_when_the_line_breaks() -> None:
    with serving(reset) as server:
        with pytest.raises(NoAnswer):
            ask(poll(server.url, "POST", b"{}"), local(server))
        time.sleep(0.3)
    assert len(server.lines) == 1


def test_a_header_that_http_does_not_know_is_refused_without_being_shown() -> None:
    with pytest.raises(NotSent) as fault:
        ask(Request("GET", "https://8.8.8.8/", {"X": f"{KEY}\n"}), Policy(trusted=frozenset()))
    assert fault.value.why is Why.BAD_REQUEST
    assert KEY not in shown(fault.value)


def test_a_proxy_is_given_the_name_and_cannot_read_what_passes(authority: Authority) -> None:
    with serving(ok, authority.server(NAME)) as server, serving(tunnel(server)) as proxy:
        reply = ask(poll(f"https://{NAME}/jobs/1"), proxied(proxy, authority))
    assert reply.status == 200
    asked = proxy.received.split(b"\r\n\r\n")[0]
    assert asked.startswith(f"CONNECT {NAME}:443 HTTP/1.1\r\n".encode())
    assert b"basic bwu6ceBzcw==".lower() in asked.lower()
    assert KEY.encode() not in proxy.received


# ── Many ─────────────────────────────────────────────────────────────────────────────────────


class Crowd:
    """An asynchronous server that remembers how many were with it at a time."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self.most = self._now = self.count = 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                self.count += 1
                self._now += 1
                self.most = max(self.most, self._now)
                await asyncio.sleep(self._pause)
                self._now -= 1
                path = asked.split(b" ")[1]
                length = str(len(path))
                writer.write(head("200 OK", {"Content-Length": length}) + path)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@pytest.fixture
def crowd() -> Iterator[tuple[Crowd, str]]:
    met, running = Crowd(0.05), asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    start = asyncio.start_server(met.meet, "127.0.0.1", 0, backlog=1024)
    server = asyncio.run_coroutine_threadsafe(start, running).result(PATIENCE)
    yield met, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    asyncio.run_coroutine_threadsafe(go_home(server), running).result(PATIENCE)
    running.call_soon_threadsafe(running.stop)
    thread.join(PATIENCE)
    running.close()


async def go_home(server: asyncio.Server) -> None:
    server.close()
    guests = asyncio.all_tasks() - {asyncio.current_task()}
    for guest in guests:
        guest.cancel()
    await asyncio.gather(*guests, return_exceptions=True)


def test_five_hundred_polls_at_a_time_come_back_in_their_order(crowd: tuple[Crowd, str]) -> None:
    met, place = crowd
    requests = [poll(f"http://{place}/jobs/{n}") for n in range(500)]
    replies = call_many(requests, Policy(trusted=frozenset({place})), deadline=PATIENCE)
    assert [bodies(reply) for reply in replies] == [f"/jobs/{n}".encode() for n in range(500)]
    assert met.most > 100


def bodies(outcome: Reply | DoorError) -> bytes:
    assert isinstance(outcome, Reply), outcome
    return outcome.body


def test_no_more_are_under_way_than_was_said(crowd: tuple[Crowd, str]) -> None:
    met, place = crowd
    requests = [poll(f"http://{place}/{n}") for n in range(60)]
    policy = Policy(trusted=frozenset({place}))
    replies = call_many(requests, policy, deadline=PATIENCE, at_once=7)
    assert all(isinstance(reply, Reply) for reply in replies)
    assert met.most <= 7
    assert met.count == 60


def test_one_that_hangs_or_fails_does_not_touch_the_others(crowd: tuple[Crowd, str]) -> None:
    _, place = crowd
    with serving(silence) as quiet:
        dead = f"127.0.0.1:{closed_port()}"
        policy = Policy(trusted=frozenset({place, quiet.place, dead}))
        urls = [f"http://{place}/1", quiet.url, f"http://{dead}/", "ftp://a", f"http://{place}/2"]
        replies = call_many([poll(url) for url in urls], policy, deadline=3)
    whys = [r.why if isinstance(r, DoorError) else r.body for r in replies]
    assert whys == [b"/1", Why.TIMEOUT, Why.REFUSED, Why.BAD_ADDRESS, b"/2"]


def test_no_polls_are_no_work() -> None:
    assert call_many([], Policy(trusted=frozenset()), deadline=1) == []


def test_many_threads_share_the_loop(crowd: tuple[Crowd, str]) -> None:
    met, place = crowd
    policy, statuses = Policy(trusted=frozenset({place})), list[int]()
    threads = [
        threading.Thread(
            target=lambda: statuses.append(ask(poll(f"http://{place}/"), policy).status)
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert statuses == [200] * 20
    assert met.count == 20
    assert sum(thread.name == "door" for thread in threading.enumerate()) == 1


# ── The loop's life ──────────────────────────────────────────────────────────────────────────


def test_a_stopped_loop_gives_up_what_is_under_way_and_starts_again_when_needed() -> None:
    outcomes: list[Why] = []

    def wait(server: Server) -> None:
        try:
            ask(poll(server.url), local(server))
        except NoAnswer as fault:
            outcomes.append(fault.why)

    with serving(silence) as quiet, serving(kept_open) as server:
        waiting = threading.Thread(target=wait, args=(quiet,))
        waiting.start()
        while not quiet.received:
            time.sleep(0.01)
        loop.stop()
        waiting.join(PATIENCE)
        assert outcomes == [Why.STOPPED]
        assert ask(poll(server.url), local(server)).status == 200


def test_stopping_what_never_ran_is_nothing() -> None:
    loop.stop()
    loop.stop()


def test_the_loop_does_not_wait_for_itself() -> None:
    async def inside() -> str:
        try:
            loop.run(asyncio.sleep(0))
        except RuntimeError as error:
            return str(error)
        return "waited"

    assert "itself" in loop.run(inside())


def test_a_forked_child_has_a_loop_of_its_own_and_leaves_the_parent_s_alone() -> None:
    with serving(kept_open) as server:
        policy = local(server)
        assert ask(poll(server.url), policy).status == 200
        child = os.fork()
        if child == 0:
            os._exit(in_the_child(server.url, policy))
        assert ended_well(child)
        # Over the connection that was open all the time.
        assert ask(poll(server.url), policy).status == 200
        assert len(server.lines) == 2


def in_the_child(url: str, policy: Policy) -> int:
    """0 where a poll works here too."""
    try:
        return 0 if ask(poll(url), policy, deadline=30).status == 200 else 1
    except BaseException:
        return 2


def ended_well(child: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False
