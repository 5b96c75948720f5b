"""One paid call: the last question stands before the first byte, and every end has its proof."""

import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.providers.base import Reply, Request
from studio.providers.door.faults import DoorError, NoAnswer, NotSent, Why
from studio.providers.door.policy import Policy
from studio.providers.door.post import REPLY_LIMIT, post
from tests.providers.door.authority import Authority
from tests.providers.door.servers import PATIENCE, Line, Server, closed_port, head, serving, until

KEY = "sk_planted_key_0123456789"
NAME = "api.studio.test"


def request(url: str, body: bytes = b'{"prompt": "a cat"}', method: str = "POST") -> Request:
    return Request(method, url, {"Authorization": f"Bearer {KEY}"}, body)


def local(*servers: Server, authority: Authority | None = None) -> Policy:
    trusted = frozenset(server.place for server in servers)
    return Policy(trusted=trusted, authorities=authority.file if authority else "")


def named(port: int, authority: Authority) -> Policy:
    """A trusted name that stands for 127.0.0.1."""
    return Policy(
        trusted=frozenset({f"{NAME}:{port}"}),
        authorities=authority.file,
        resolver=lambda host, port: ["127.0.0.1"],
    )


def send(
    request: Request,
    policy: Policy,
    before_sending: Callable[[], bool] = lambda: True,
    deadline: float = PATIENCE,
    connect_seconds: float = PATIENCE,
) -> Reply:
    return post(
        request,
        policy,
        before_sending=before_sending,
        deadline=deadline,
        connect_seconds=connect_seconds,
    )


def ok(line: Line) -> None:
    line.request()
    line.answer(b'{"id": "1"}', headers={"Content-Type": "application/json", "X-Two": "a"})


def never() -> bool:
    raise AssertionError("there was nothing to ask")


# ── The gate ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("secure", [False, True])
def test_the_question_comes_once_when_the_line_is_open_and_nothing_was_sent(
    secure: bool, authority: Authority
) -> None:
    asked: list[bytes] = []

    def before_sending() -> bool:
        assert until(lambda: bool(server.lines))  # TCP and TLS are done: the script has begun
        time.sleep(0.2)
        asked.append(server.received)
        return True

    with serving(ok, authority.server("127.0.0.1") if secure else None) as server:
        reply = send(
            request(f"{server.url}/v1?x=1"), local(server, authority=authority), before_sending
        )
    assert asked == [b""]
    assert (reply.status, reply.body, reply.headers["x-two"]) == (200, b'{"id": "1"}', "a")
    sent = server.received
    assert sent.startswith(b"POST /v1?x=1 HTTP/1.1\r\n")
    assert sent.endswith(b'\r\n\r\n{"prompt": "a cat"}')
    assert f"host: {server.place}".encode() in sent.lower()
    assert b"accept-encoding: identity" in sent.lower()
    assert len(server.lines) == 1


@pytest.mark.parametrize("secure", [False, True])
def test_a_closed_gate_lets_no_byte_out(secure: bool, authority: Authority) -> None:
    with serving(ok, authority.server("127.0.0.1") if secure else None) as server:
        with pytest.raises(NotSent) as refusal:
            send(request(server.url), local(server, authority=authority), lambda: False)
        assert until(lambda: bool(server.lines))
        time.sleep(0.2)
    assert refusal.value.why is Why.GATE
    assert server.received == b""


def test_what_the_question_raises_comes_through_and_no_byte_goes_out() -> None:
    def broken() -> bool:
        raise TimeoutError("the database is gone")

    with serving(ok) as server:
        with pytest.raises(TimeoutError, match="database"):
            send(request(server.url), local(server), broken)
        assert until(lambda: bool(server.lines))
    assert server.received == b""


def test_time_spent_on_the_question_counts_and_what_follows_is_perhaps_sent() -> None:
    def slow() -> bool:
        time.sleep(0.5)
        return True

    with serving(ok) as server, pytest.raises(NoAnswer) as fault:
        send(request(server.url), local(server), slow, deadline=0.3)
    assert fault.value.why is Why.TIMEOUT


# ── Provably not sent ────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F020")
def test_a_closed_port_is_proof_that_nothing_was_sent() -> None:
    place = f"127.0.0.1:{closed_port()}"
    with pytest.raises(NotSent) as fault:
        send(request(f"http://{place}/"), Policy(trusted=frozenset({place})), never)
    assert fault.value.why is Why.REFUSED
    assert str(fault.value) == "connection refused: 127.0.0.1"


def unknown(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def endless(host: str, port: int) -> Sequence[str]:
    time.sleep(PATIENCE)
    return []


@pytest.mark.row("F020")
@pytest.mark.parametrize("resolver", [unknown, endless, lambda host, port: []])
def test_a_name_that_is_not_found_in_time_is_proof(
    resolver: Callable[[str, int], Sequence[str]],
) -> None:
    policy = Policy(trusted=frozenset(), resolver=resolver)
    with pytest.raises(NotSent) as fault:
        send(request("https://api.example.com/v1"), policy, never, connect_seconds=0.5)
    assert fault.value.why is Why.NO_NAME
    assert str(fault.value) == "name not found: api.example.com"


@pytest.mark.row("F020")
def test_a_handshake_that_does_not_end_is_proof(authority: Authority) -> None:
    with serving(Line.wait) as server:
        with pytest.raises(NotSent) as fault:
            policy = local(server, authority=authority)
            send(request(f"https://{server.place}/"), policy, never, connect_seconds=0.5)
        assert KEY.encode() not in server.received
    assert fault.value.why is Why.CONNECT_TIMEOUT


@pytest.mark.row("F021")
@pytest.mark.parametrize("fault", ["unknown authority", "other name", "expired"])
def test_a_certificate_that_does_not_hold_is_proof(fault: str, authority: Authority) -> None:
    secure = {
        "unknown authority": lambda: authority.server("127.0.0.1"),
        "other name": lambda: authority.server("other.studio.test"),
        "expired": lambda: authority.server("127.0.0.1", valid=timedelta(days=-1)),
    }[fault]()
    known = authority if fault != "unknown authority" else None
    with serving(ok, secure) as server, pytest.raises(NotSent) as refusal:
        send(request(server.url), local(server, authority=known), never)
    assert refusal.value.why is Why.TLS
    assert server.received == b""


def test_plain_words_instead_of_tls_are_proof(authority: Authority) -> None:
    with serving(lambda line: line.answer(b"hello")) as server, pytest.raises(NotSent) as fault:
        send(request(f"https://{server.place}/"), local(server, authority=authority), never)
    assert fault.value.why is Why.TLS


def test_a_header_that_http_does_not_know_is_refused_without_being_shown() -> None:
    evil = Request("POST", "https://8.8.8.8/", {"Authorization": f"Bearer {KEY}\r\nX: 1"})
    with pytest.raises(NotSent) as fault:
        send(evil, Policy(trusted=frozenset()), never)
    assert fault.value.why is Why.BAD_REQUEST
    assert KEY not in shown(fault.value)


def shown(error: BaseException) -> str:
    """All that a log could say of an error, and of the errors that stand behind it."""
    chain, behind = [error], error.__context__
    while behind is not None:
        chain.append(behind)
        behind = behind.__context__
    return "".join(map(repr, chain)) + "".join(traceback.format_exception(error))


# ── The address rule ─────────────────────────────────────────────────────────────────────────


@pytest.mark.row("A111")
@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]]
)
def test_a_name_that_means_a_private_address_is_not_connected_to(found: list[str]) -> None:
    with serving(ok) as server:
        policy = Policy(trusted=frozenset(), resolver=lambda host, port: found)
        with pytest.raises(NotSent) as fault:
            send(request(f"https://files.example.com:{server.port}/"), policy, never)
    assert fault.value.why is Why.FORBIDDEN
    assert server.lines == []


@pytest.mark.row("F094")
def test_a_name_is_asked_for_once_and_connected_to_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, called = [["8.8.8.8"], ["127.0.0.1"]], []

    def connect(place: tuple[str, int], timeout: float) -> socket.socket:
        called.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    policy = Policy(trusted=frozenset(), resolver=lambda host, port: answers.pop(0))
    with pytest.raises(NotSent) as fault:
        send(request("https://api.example.com/"), policy, never)
    assert called == [("8.8.8.8", 443)]
    assert fault.value.why is Why.REFUSED


def test_the_certificate_and_the_host_header_are_those_of_the_name(authority: Authority) -> None:
    with serving(ok, authority.server(NAME)) as server:
        url = f"https://{NAME}:{server.port}/v1"
        assert send(request(url), named(server.port, authority)).status == 200
    assert f"host: {NAME}:{server.port}".encode() in server.received.lower()


def test_the_next_address_is_tried_when_the_first_is_dead() -> None:
    with serving(ok) as server:
        policy = Policy(
            trusted=frozenset({f"{NAME}:{server.port}"}),
            resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"],
        )
        assert send(request(f"http://{NAME}:{server.port}/"), policy).status == 200


# ── Sent, or perhaps ─────────────────────────────────────────────────────────────────────────


def silence(line: Line) -> None:
    line.request()
    line.wait()


@pytest.mark.row("F022")
def test_no_answer_in_time_is_no_answer() -> None:
    with serving(silence) as server, pytest.raises(NoAnswer) as fault:
        send(request(server.url), local(server), deadline=1)
    assert fault.value.why is Why.TIMEOUT
    assert server.received.endswith(b'a cat"}')


@pytest.mark.row("F023")
@pytest.mark.parametrize("goodbye", [Line.reset, lambda line: None])
def test_a_connection_broken_after_the_body_is_no_answer_and_nothing_is_sent_again(
    goodbye: Callable[[Line], None],
) -> None:
    def script(line: Line) -> None:
        line.request()
        goodbye(line)

    with serving(script) as server:
        with pytest.raises(NoAnswer) as fault:
            send(request(server.url), local(server))
        time.sleep(0.3)
    assert fault.value.why in {Why.RESET, Why.BROKEN}
    assert len(server.lines) == 1


@pytest.mark.row("F024")
@pytest.mark.parametrize("whole", [True, False])
def test_a_reply_that_drips_ends_by_the_deadline(whole: bool) -> None:
    def script(line: Line) -> None:
        line.request()
        reply = head("200 OK", {"Content-Length": "5000"})
        line.send(reply if whole else b"")
        line.drip(reply + b"x" * 5000, pause=0.1)

    began = time.monotonic()
    with serving(script) as server, pytest.raises(NoAnswer) as fault:
        send(request(server.url), local(server), deadline=1)
    assert fault.value.why is Why.TIMEOUT
    assert time.monotonic() - began < 30


@pytest.mark.row("F024")
def test_a_body_that_is_not_taken_ends_by_the_deadline() -> None:
    stop = threading.Event()

    def deaf(line: Line) -> None:
        stop.wait(PATIENCE)

    with serving(deaf) as server:
        with pytest.raises(NoAnswer) as fault:
            send(request(server.url, b"x" * 50_000_000), local(server), deadline=1)
        stop.set()
    assert fault.value.why is Why.TIMEOUT


@pytest.mark.row("F028")
@pytest.mark.parametrize("stated", [True, False])
def test_a_reply_without_end_is_cut_off_at_a_megabyte(stated: bool) -> None:
    def script(line: Line) -> None:
        line.request()
        line.send(head("200 OK", {"Content-Length": "50000000"} if stated else {}))
        for _ in range(50):
            line.send(b"[" * 1_000_000)

    with serving(script) as server, pytest.raises(NoAnswer) as fault:
        send(request(server.url), local(server))
    assert fault.value.why is Why.TOO_LARGE
    assert len(server.lines) == 1


def test_a_reply_of_exactly_a_megabyte_is_taken() -> None:
    def script(line: Line) -> None:
        line.request()
        line.answer(b"x" * REPLY_LIMIT)

    with serving(script) as server:
        assert len(send(request(server.url), local(server)).body) == REPLY_LIMIT


@pytest.mark.parametrize(
    "words",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500_000,
    ],
)
def test_what_is_not_whole_http_is_no_answer(words: bytes) -> None:
    def script(line: Line) -> None:
        line.request()
        line.send(words)

    with serving(script) as server, pytest.raises(NoAnswer) as fault:
        send(request(server.url), local(server))
    assert fault.value.why in {Why.BROKEN, Why.RESET}


# ── Every reply is a reply ───────────────────────────────────────────────────────────────────


@pytest.mark.row("F025")
@pytest.mark.row("F035")
@pytest.mark.parametrize("status", ["200 OK", "401 No", "402 Pay", "429 Slow", "503 Down", "599 X"])
def test_a_reply_of_any_status_and_kind_is_handed_over_as_it_came(status: str) -> None:
    def script(line: Line) -> None:
        line.request()
        line.answer(b"<html>", status, {"Content-Encoding": "gzip", "Retry-After": "120"})

    with serving(script) as server:
        reply = send(request(server.url), local(server))
    assert (reply.status, reply.body) == (int(status[:3]), b"<html>")
    assert reply.headers["retry-after"] == "120"
    assert len(server.lines) == 1


@pytest.mark.row("F036")
@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_is_a_reply_and_is_not_followed(status: str) -> None:
    with serving(ok) as elsewhere:

        def script(line: Line) -> None:
            line.request()
            line.answer(status=status, headers={"Location": f"{elsewhere.url}/"})

        with serving(script) as server:
            reply = send(request(server.url), local(server, elsewhere))
    assert reply.status == int(status[:3])
    assert elsewhere.lines == []
    assert len(server.lines) == 1


def test_an_answer_before_the_body_is_taken_is_an_answer() -> None:
    def script(line: Line) -> None:
        line.socket.recv(100)
        line.answer(b"too large", "413 Too large", {"Connection": "close"})
        line.wait()

    with serving(script) as server:
        reply = send(request(server.url, b"x" * 3_000_000), local(server))
    assert (reply.status, reply.body) == (413, b"too large")


def test_a_note_of_progress_is_not_the_answer() -> None:
    def script(line: Line) -> None:
        line.request()
        line.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n")
        line.answer(b"done")

    with serving(script) as server:
        assert send(request(server.url), local(server)).body == b"done"


def test_each_post_has_a_connection_of_its_own() -> None:
    def script(line: Line) -> None:
        while line.request():
            line.answer(b"kept open", headers={"Connection": "keep-alive"})

    with serving(script) as server:
        for _ in range(3):
            send(request(server.url), local(server))
    assert len(server.lines) == 3


# ── The proxy ────────────────────────────────────────────────────────────────────────────────


def tunnel(target: Server, status: str = "200 Connected") -> Callable[[Line], None]:
    """A proxy that leads every CONNECT to `target`."""

    def script(line: Line) -> None:
        line.request()
        line.send(f"HTTP/1.1 {status}\r\n\r\n".encode())
        with socket.create_connection(("127.0.0.1", target.port)) as onward:
            back = threading.Thread(target=pump, args=(onward, line.socket), daemon=True)
            back.start()
            pump(line.socket, onward)
            back.join(PATIENCE)

    return script


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def proxied(proxy: Server, authority: Authority) -> Policy:
    return Policy(
        trusted=frozenset(),
        proxy=f"http://me:p%40ss@{proxy.place}",
        authorities=authority.file,
        resolver=unknown_but_figures,
    )


def unknown_but_figures(host: str, port: int) -> Sequence[str]:
    return [host] if host[0].isdigit() else unknown(host, port)


def test_a_proxy_is_given_the_name_and_cannot_read_what_passes(authority: Authority) -> None:
    with serving(ok, authority.server(NAME)) as server, serving(tunnel(server)) as proxy:
        reply = send(request(f"https://{NAME}/v1"), proxied(proxy, authority))
    assert reply.status == 200
    asked = proxy.received.split(b"\r\n\r\n")[0]
    assert asked.startswith(f"CONNECT {NAME}:443 HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in asked
    assert KEY.encode() not in proxy.received
    assert b"proxy-authorization" not in server.received.lower()


@pytest.mark.parametrize("status", ["407 Who", "502 Bad", "nonsense"])
def test_a_proxy_that_opens_no_line_is_proof(status: str, authority: Authority) -> None:
    with (
        serving(ok) as server,
        serving(tunnel(server, status)) as proxy,
        pytest.raises(NotSent) as fault,
    ):
        send(request(f"https://{NAME}/v1"), proxied(proxy, authority), never)
    assert fault.value.why is Why.PROXY
    assert "p@ss" not in shown(fault.value)


def test_trusted_hosts_are_reached_without_the_proxy() -> None:
    with serving(ok) as server:
        policy = replace(local(server), proxy=f"http://127.0.0.1:{closed_port()}")
        assert send(request(server.url), policy).status == 200


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("A117")
@pytest.mark.row("A118")
def test_no_fault_shows_the_key_or_the_query(authority: Authority) -> None:
    faults: list[DoorError] = []
    place = f"127.0.0.1:{closed_port()}"

    def broken(line: Line) -> None:
        line.request()
        line.send(b"nonsense\r\n\r\n")

    with serving(silence) as quiet, serving(broken) as loud:
        policy = replace(local(quiet, loud), trusted=frozenset({place, quiet.place, loud.place}))
        for host in (place, quiet.place, loud.place):
            with pytest.raises(DoorError) as fault:
                send(request(f"http://{host}/?token={KEY}"), policy, deadline=1)
            faults.append(fault.value)
    assert [fault.why for fault in faults] == [Why.REFUSED, Why.TIMEOUT, Why.BROKEN]
    assert not any(KEY in shown(fault) for fault in faults)
    assert KEY not in repr(request("https://a.example/"))


def test_certificates_come_from_no_environment(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", authority.file)
    assert ssl.get_default_verify_paths().cafile == authority.file
    with serving(ok, authority.server("127.0.0.1")) as server, pytest.raises(NotSent) as fault:
        send(request(server.url), local(server), never)
    assert fault.value.why is Why.TLS
