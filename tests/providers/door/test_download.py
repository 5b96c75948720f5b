"""One file to disk: whole and hashed, or not there; what came before a cut is not fetched twice."""

import errno
import hashlib
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest

from studio.providers.door import loop
from studio.providers.door.download import Downloaded, download
from studio.providers.door.faults import (
    BadStatus,
    Cut,
    DoorError,
    Encoded,
    NewHost,
    NoAnswer,
    NotSent,
    Stopped,
    TooLarge,
    TooSlow,
    Why,
)
from studio.providers.door.policy import HostRule, Policy
from tests.providers.door.authority import Authority
from tests.providers.door.servers import PATIENCE, Line, Server, closed_port, head, serving, until
from tests.providers.door.test_post import NAME, local, proxied, shown, tunnel

FILM = os.urandom(3_000_000)
SIGNATURE = "planted-signature-0123456789"
NO_HOSTS: frozenset[str] = frozenset()


@pytest.fixture(autouse=True)
def a_loop_of_its_own() -> Iterator[None]:
    yield
    loop.stop()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "take.mp4"


def fetch(
    url: str,
    policy: Policy,
    into: Path,
    hosts: HostRule = NO_HOSTS,
    ceiling: int = 100_000_000,
    deadline: float = PATIENCE,
    least_rate: float = 0,
    rate_seconds: float = 60,
    on_bytes: Callable[[int], bool] | None = None,
) -> Downloaded:
    return download(
        url,
        policy,
        hosts=hosts,
        into=into,
        ceiling=ceiling,
        deadline=deadline,
        least_rate=least_rate,
        rate_seconds=rate_seconds,
        on_bytes=on_bytes,
    )


def gives(body: bytes, status: str = "200 OK", **headers: str) -> Callable[[Line], None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def script(line: Line) -> None:
        line.request()
        line.answer(body, status, named)

    return script


def says(words: bytes) -> Callable[[Line], None]:
    def script(line: Line) -> None:
        line.request()
        line.send(words)

    return script


def left_in(into: Path) -> set[str]:
    return {path.name for path in into.parent.iterdir()}


def is_film(found: Downloaded, into: Path) -> bool:
    assert into.read_bytes() == FILM
    assert left_in(into) == {into.name}
    return found == Downloaded(into, len(FILM), hashlib.sha256(FILM).hexdigest(), "127.0.0.1")


# ── Whole ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("secure", [False, True])
def test_a_file_comes_whole_hashed_and_under_its_name(
    secure: bool, authority: Authority, into: Path
) -> None:
    with serving(gives(FILM), authority.server("127.0.0.1") if secure else None) as server:
        policy = local(server, authority=authority)
        found = fetch(f"{server.url}/a.mp4?X-Sign=a%2Fb+c", policy, into)
    assert is_film(found, into)
    assert server.received.startswith(b"GET /a.mp4?X-Sign=a%2Fb+c HTTP/1.1\r\n")
    assert b"accept-encoding: identity" in server.received.lower()
    assert b"authorization" not in server.received.lower()
    assert b"range" not in server.received.lower()


def test_a_file_without_a_stated_length_ends_with_the_connection(into: Path) -> None:
    with serving(says(head("200 OK", {}) + FILM)) as server:
        assert is_film(fetch(server.url, local(server), into), into)


def test_a_file_in_chunks_comes_whole(into: Path) -> None:
    part = b"%x\r\n%b\r\n" % (len(FILM), FILM)
    words = head("200 OK", {"Transfer-Encoding": "chunked"}) + part + b"0\r\n\r\n"
    with serving(says(words)) as server:
        assert is_film(fetch(server.url, local(server), into), into)


@pytest.mark.row("F087")
def test_an_empty_file_is_a_file_and_the_decode_decides(into: Path) -> None:
    with serving(gives(b"")) as server:
        found = fetch(server.url, local(server), into)
    assert (found.size, found.sha256) == (0, hashlib.sha256(b"").hexdigest())
    assert left_in(into) == {into.name}


def test_a_file_that_was_there_is_replaced_only_by_a_whole_one(into: Path) -> None:
    into.write_bytes(b"before")
    script = says(head("200 OK", {"Content-Length": "9"}) + b"half")
    with serving(script) as server, pytest.raises(Cut):
        fetch(server.url, local(server), into)
    assert into.read_bytes() == b"before"
    with serving(gives(FILM)) as server:
        assert is_film(fetch(server.url, local(server), into), into)


def test_whoever_waits_is_told_how_much_has_come_and_can_stop_it(into: Path) -> None:
    told: list[int] = []

    def slow(line: Line) -> None:
        line.request()
        line.send(head("200 OK", {"Content-Length": "100"}))
        line.drip(b"x" * 100, pause=0.2)

    def tell(size: int) -> bool:
        told.append(size)
        return len(told) < 4

    with serving(slow) as server, pytest.raises(Stopped) as fault:
        fetch(server.url, local(server), into, on_bytes=tell)
    assert fault.value.why is Why.STOPPED
    assert len(told) == 4
    assert told == sorted(told)
    assert left_in(into) == set()


def test_a_stopped_loop_stops_a_download(into: Path) -> None:
    def slow(line: Line) -> None:
        line.request()
        line.send(head("200 OK", {"Content-Length": "100"}))
        line.drip(b"x" * 100, pause=0.2)

    def tell(size: int) -> bool:
        loop.stop()
        return True

    with serving(slow) as server, pytest.raises(Stopped):
        fetch(server.url, local(server), into, on_bytes=tell)


# ── Cut, and taken up again ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """What a part says of itself: the truth, and how far beside it."""

    first: int = 0
    last: int = 0
    total: int = 0
    unit: str = "bytes"
    shape: str = "{unit} {first}-{last}/{total}"

    def of(self, start: int, size: int) -> str:
        return self.shape.format(
            unit=self.unit,
            first=start + self.first,
            last=size - 1 + self.last,
            total=size + self.total,
        )


class Store:
    """A server of one file that knows Range, and breaks off after `cuts` bytes, one each time."""

    def __init__(self, film: bytes = FILM, cuts: list[int] | None = None, etag: str = '"v1"'):
        self.film = film
        self.cuts = cuts or []
        self.etag = etag
        self.sent = 0
        self.asked: list[tuple[int, str]] = []
        self.said = Said()
        self.knows_ranges = True

    def __call__(self, line: Line) -> None:
        asked = line.request().decode()
        start, condition = _asked_range(asked)
        self.asked.append((start, condition))
        if start and self.knows_ranges and condition == self.etag:
            said = {"Content-Range": self.said.of(start, len(self.film))}
            self._send(line, "206 Partial Content", start, said)
        else:
            self._send(line, "200 OK", 0, {})

    @property
    def conditions(self) -> list[str]:
        return [condition for _, condition in self.asked]

    def _send(self, line: Line, status: str, start: int, said: Mapping[str, str]) -> None:
        rest = self.film[start:]
        line.send(head(status, {"Content-Length": str(len(rest)), "ETag": self.etag, **said}))
        if self.cuts:
            line.send(rest[: self.cuts[0]])
            self.sent += len(rest[: self.cuts.pop(0)])
            time.sleep(0.2)  # what is not yet read when a line breaks is lost with it
        else:
            line.send(rest)
            self.sent += len(rest)


def _asked_range(asked: str) -> tuple[int, str]:
    start = re.search(r"\r\nrange: bytes=(\d+)-\r\n", asked, re.IGNORECASE)
    condition = re.search(r"\r\nif-range: (.*)\r\n", asked, re.IGNORECASE)
    return int(start[1]) if start else 0, condition[1] if condition else ""


def cut_once(server: Server, into: Path, query: str = "") -> None:
    """Have the first try break off; something of it is kept."""
    with pytest.raises(Cut) as fault:
        fetch(f"{server.url}/a.mp4{query}", local(server), into)
    assert SIGNATURE not in shown(fault.value)
    assert left_in(into) == {"take.mp4.part", "take.mp4.part.json"}


@pytest.mark.row("F078")
def test_what_came_before_a_cut_is_not_fetched_again(into: Path) -> None:
    store = Store(cuts=[1_000_000, 500_000])
    with serving(store) as server:
        cut_once(server, into, f"?sign={SIGNATURE}1")
        assert SIGNATURE not in (into.parent / "take.mp4.part.json").read_text()
        cut_once(server, into, f"?sign={SIGNATURE}2")
        assert is_film(fetch(f"{server.url}/a.mp4?sign=3", local(server), into), into)
    starts = [start for start, _ in store.asked]
    assert starts == sorted(starts)
    assert 0 < starts[1] <= 1_000_000 < starts[2] <= 1_500_000
    assert store.conditions == ["", '"v1"', '"v1"']


@pytest.mark.row("F078")
def test_a_reset_in_the_middle_is_survived(into: Path) -> None:
    tries: list[bytes] = []

    def script(line: Line) -> None:
        tries.append(line.request())
        line.send(head("200 OK", {"Content-Length": str(len(FILM)), "ETag": '"v1"'}))
        if len(tries) == 1:
            line.send(FILM[:2_000_000])
            line.reset()
        else:
            line.send(FILM)

    with serving(script) as server:
        with pytest.raises(Cut) as fault:
            fetch(server.url, local(server), into)
        assert fault.value.why is Why.CUT
        assert is_film(fetch(server.url, local(server), into), into)


@pytest.mark.row("F079")
def test_a_server_that_ignores_the_range_is_taken_from_the_start(into: Path) -> None:
    store = Store(cuts=[1_000_000])
    store.knows_ranges = False
    with serving(store) as server:
        cut_once(server, into)
        assert is_film(fetch(f"{server.url}/a.mp4", local(server), into), into)
    assert store.conditions == ["", '"v1"']


@pytest.mark.row("F080")
def test_a_file_that_changed_between_is_taken_from_the_start(into: Path) -> None:
    store = Store(film=b"another film" * 200_000, cuts=[1_000_000])
    with serving(store) as server:
        cut_once(server, into)
        store.film, store.etag = FILM, '"v2"'
        assert is_film(fetch(f"{server.url}/a.mp4", local(server), into), into)
    assert store.conditions == ["", '"v1"']


@pytest.mark.row("F081")
@pytest.mark.parametrize(
    "said",
    [
        Said(first=-1),
        Said(first=1),
        Said(last=-1),
        Said(total=-1),
        Said(last=1_000_000, total=1_000_000),
        Said(unit="items"),
        Said(shape="{unit} {first}-{last}/*"),
        Said(shape="{unit} 0-{last}/{total}"),
        Said(shape="nonsense"),
    ],
)
def test_a_part_that_is_not_exactly_the_rest_is_never_appended(said: Said, into: Path) -> None:
    store = Store(cuts=[1_000_000])
    store.said = said
    with serving(store) as server:
        cut_once(server, into)
        assert is_film(fetch(f"{server.url}/a.mp4", local(server), into), into)
    assert store.conditions == ["", '"v1"', ""]


@pytest.mark.parametrize("etag", ['W/"v1"', "v1", "", '"a"b"'])
def test_without_a_strong_etag_nothing_is_kept(etag: str, into: Path) -> None:
    store = Store(cuts=[1_000_000], etag=etag)
    with serving(store) as server:
        with pytest.raises(Cut):
            fetch(server.url, local(server), into)
        assert left_in(into) == set()
        assert is_film(fetch(server.url, local(server), into), into)
    assert store.asked == [(0, ""), (0, "")]


def test_a_link_to_another_file_starts_anew(into: Path) -> None:
    store = Store(cuts=[1_000_000])
    with serving(store) as server:
        cut_once(server, into)
        assert is_film(fetch(f"{server.url}/b.mp4", local(server), into), into)
    assert store.asked == [(0, ""), (0, "")]


@pytest.mark.parametrize(
    "spoilt", ["", "{", "[]", '{"size": 5}', "null", '{"source":1,"etag":2,"size":"3","total":4}']
)
def test_a_spoilt_note_of_what_is_there_starts_anew(spoilt: str, into: Path) -> None:
    store = Store(cuts=[1_000_000])
    with serving(store) as server:
        cut_once(server, into)
        (into.parent / "take.mp4.part.json").write_text(spoilt)
        (into.parent / "take.mp4.part.json.new").write_text(spoilt)
        assert is_film(fetch(f"{server.url}/a.mp4", local(server), into), into)
    assert store.asked == [(0, ""), (0, "")]


def test_only_what_was_synced_is_built_upon(into: Path) -> None:
    """As after a power cut: the file is longer than what is known to be on the disk."""
    store = Store(cuts=[1_000_000])
    with serving(store) as server:
        cut_once(server, into)
        part, note = into.parent / "take.mp4.part", into.parent / "take.mp4.part.json"
        part.write_bytes(FILM[:600_000] + bytes(900_000))
        note.write_text(json.dumps(json.loads(note.read_text()) | {"size": 600_000}))
        assert is_film(fetch(f"{server.url}/a.mp4", local(server), into), into)
    assert store.asked == [(0, ""), (600_000, '"v1"')]


def test_a_file_that_was_whole_when_we_died_is_not_asked_for_again(into: Path) -> None:
    store = Store(cuts=[1_000_000])
    with serving(store) as server:
        cut_once(server, into)
        part, note = into.parent / "take.mp4.part", into.parent / "take.mp4.part.json"
        part.write_bytes(FILM)
        note.write_text(json.dumps(json.loads(note.read_text()) | {"size": len(FILM)}))
        assert is_film(fetch(f"{server.url}/a.mp4", local(server), into), into)
    assert len(store.asked) == 1


def test_a_link_that_is_gone_keeps_what_came(into: Path) -> None:
    store = Store(cuts=[1_000_000])
    with serving(store) as server:
        cut_once(server, into)
    with serving(gives(b"expired", "403 Forbidden")) as gone, pytest.raises(BadStatus) as fault:
        fetch(f"{gone.url}/a.mp4", local(gone), into)
    assert fault.value.status == 403
    assert left_in(into) == {"take.mp4.part", "take.mp4.part.json"}


# ── Lengths that lie ─────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F082")
def test_less_than_stated_is_an_error(into: Path) -> None:
    script = says(head("200 OK", {"Content-Length": "100"}) + b"x" * 50)
    with serving(script) as server, pytest.raises(Cut) as fault:
        fetch(server.url, local(server), into)
    assert fault.value.why is Why.CUT
    assert left_in(into) == set()


@pytest.mark.row("F083")
def test_a_cut_without_a_stated_length_is_left_to_the_decode(into: Path) -> None:
    with serving(says(head("200 OK", {}) + FILM[:1000])) as server:
        found = fetch(server.url, local(server), into)
    assert (found.size, found.sha256) == (1000, hashlib.sha256(FILM[:1000]).hexdigest())
    assert left_in(into) == {into.name}


@pytest.mark.row("F084")
@pytest.mark.parametrize("lengths", [["-5"], ["5", "7"], ["5, 7"], ["five"], ["+5"], ["5.0"]])
def test_a_length_that_is_none_is_refused(lengths: list[str], into: Path) -> None:
    said = "".join(f"Content-Length: {length}\r\n" for length in lengths)
    script = says(f"HTTP/1.1 200 OK\r\n{said}\r\nhello".encode())
    with serving(script) as server, pytest.raises(NoAnswer) as fault:
        fetch(server.url, local(server), into)
    assert fault.value.why is Why.BROKEN
    assert left_in(into) == set()


@pytest.mark.row("F085")
def test_more_than_stated_is_refused(into: Path) -> None:
    script = says(head("200 OK", {"Content-Length": "1000"}) + FILM[:2000])
    with serving(script) as server, pytest.raises(DoorError) as fault:
        fetch(server.url, local(server), into)
    assert fault.value.why is Why.BROKEN
    assert left_in(into) == set()


@pytest.mark.row("F090")
@pytest.mark.parametrize("stated", [True, False])
def test_more_than_the_ceiling_is_stopped_and_removed(stated: bool, into: Path) -> None:
    def endless(line: Line) -> None:
        line.request()
        length = {"Content-Length": str(40 * 1024**3)} if stated else {}
        line.send(head("200 OK", {"ETag": '"v1"', **length}))
        while True:
            line.send(FILM)

    with serving(endless) as server, pytest.raises(TooLarge) as fault:
        fetch(server.url, local(server), into, ceiling=20_000_000)
    assert fault.value.why is Why.TOO_LARGE
    assert left_in(into) == set()


# ── Too slow ─────────────────────────────────────────────────────────────────────────────────


def trickle(line: Line) -> None:
    line.request()
    line.send(head("200 OK", {"Content-Length": "5000", "ETag": '"v1"'}))
    line.drip(b"x" * 5000, pause=0.1)


def silence(line: Line) -> None:
    line.request()
    line.wait()


@pytest.mark.row("F091")
@pytest.mark.parametrize("script", [trickle, silence])
def test_what_trickles_is_given_up(script: Callable[[Line], None], into: Path) -> None:
    began = time.monotonic()
    with serving(script) as server, pytest.raises(TooSlow) as fault:
        fetch(server.url, local(server), into, least_rate=50_000, rate_seconds=1)
    assert fault.value.why is Why.TOO_SLOW
    assert time.monotonic() - began < 30


@pytest.mark.row("F091")
def test_what_is_quick_enough_but_does_not_end_is_given_up_and_kept(into: Path) -> None:
    with serving(trickle) as server, pytest.raises(TooSlow) as fault:
        fetch(server.url, local(server), into, deadline=1.5)
    assert fault.value.host == "127.0.0.1"
    assert left_in(into) == {"take.mp4.part", "take.mp4.part.json"}


# ── What it is not ───────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F076")
@pytest.mark.parametrize("status", ["403 F", "404 N", "410 G", "500 E", "204 N", "206 P", "304 N"])
def test_a_reply_that_is_no_file_tells_its_status(status: str, into: Path) -> None:
    with serving(gives(b"", status)) as server, pytest.raises(BadStatus) as fault:
        fetch(f"{server.url}/?sign={SIGNATURE}", local(server), into)
    assert fault.value.status == int(status[:3])
    assert SIGNATURE not in shown(fault.value)
    assert left_in(into) == set()


@pytest.mark.row("F092")
@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip"])
def test_a_body_that_would_have_to_be_unpacked_is_refused(coding: str, into: Path) -> None:
    script = gives(b"\x1f\x8b", Content_Encoding=coding)
    with serving(script) as server, pytest.raises(Encoded) as fault:
        fetch(server.url, local(server), into)
    assert fault.value.why is Why.ENCODED
    assert left_in(into) == set()


def test_a_connection_that_cannot_be_made_is_told_as_everywhere(into: Path) -> None:
    place = f"127.0.0.1:{closed_port()}"
    with pytest.raises(NotSent) as fault:
        fetch(f"http://{place}/", Policy(trusted=frozenset({place})), into)
    assert fault.value.why is Why.REFUSED


# ── Where from ───────────────────────────────────────────────────────────────────────────────


def never(host: str, port: int) -> list[str]:
    raise AssertionError("nothing had to be resolved")


@pytest.mark.row("F095")
@pytest.mark.parametrize("hosts", [frozenset({"files.example.com"}), lambda host: False])
def test_a_host_that_nobody_has_allowed_is_named_and_not_connected_to(
    hosts: HostRule, into: Path
) -> None:
    policy = Policy(trusted=frozenset(), resolver=never)
    with pytest.raises(NewHost) as fault:
        fetch(f"https://New.Example.com/a?s={SIGNATURE}", policy, into, hosts=hosts)
    assert fault.value.host == "new.example.com"
    assert SIGNATURE not in shown(fault.value)


def test_the_rule_of_hosts_is_asked_on_the_caller_s_thread(into: Path) -> None:
    asked: list[str] = []

    def rule(host: str) -> bool:
        asked.append(f"{host} {loop.is_here()}")
        raise LookupError("no such table")

    with pytest.raises(LookupError):
        fetch("https://a.example.com/", Policy(trusted=frozenset(), resolver=never), into, rule)
    assert asked == ["a.example.com False"]


def allowed_but(found: list[str], authority: Authority) -> Policy:
    return Policy(
        trusted=frozenset(), authorities=authority.file, resolver=lambda host, port: found
    )


@pytest.mark.row("F094")
@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["64:ff9b::7f00:1"]])
def test_an_allowed_host_at_a_private_address_is_not_connected_to(
    found: list[str], authority: Authority, into: Path
) -> None:
    with serving(gives(FILM), authority.server(NAME)) as server:
        url = f"https://{NAME}:{server.port}/a.mp4"
        with pytest.raises(NotSent) as fault:
            fetch(url, allowed_but(found, authority), into, hosts=frozenset({NAME}))
    assert fault.value.why is Why.FORBIDDEN
    assert server.lines == []


def redirect(location: str, status: str = "302 Found") -> Callable[[Line], None]:
    return gives(b"", status, Location=location)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_is_followed_where_the_target_is_allowed_too(status: str, into: Path) -> None:
    with serving(gives(FILM)) as files, serving(redirect(f"{files.url}/b", status)) as server:
        assert is_film(fetch(f"{server.url}/a", local(server, files), into), into)
    assert files.received.startswith(b"GET /b HTTP/1.1")


@pytest.mark.row("F093")
@pytest.mark.parametrize(
    "location",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "http://files.example.com/a.mp4",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "https://user:pass@files.example.com/",
    ],
)
def test_a_redirect_inward_or_to_another_scheme_is_refused(location: str, into: Path) -> None:
    with serving(redirect(location)) as server, pytest.raises(NotSent) as fault:
        fetch(server.url, replace(local(server), resolver=never), into, hosts=lambda host: True)
    assert fault.value.why in {Why.FORBIDDEN, Why.BAD_ADDRESS}
    assert left_in(into) == set()


@pytest.mark.row("F093")
def test_a_redirect_to_a_name_that_means_a_private_address_is_refused(into: Path) -> None:
    with serving(gives(FILM)) as inside:
        url = f"https://files.example.com:{inside.port}/"
        with serving(redirect(url)) as server, pytest.raises(NotSent) as fault:
            policy = replace(local(server), resolver=lambda host, port: ["127.0.0.1"])
            fetch(server.url, policy, into, hosts=lambda host: True)
        assert fault.value.why is Why.FORBIDDEN
        assert inside.lines == []


def test_a_redirect_to_a_host_that_nobody_has_allowed_names_it(into: Path) -> None:
    with serving(redirect("https://cdn.example.com/")) as server, pytest.raises(NewHost) as fault:
        fetch(server.url, replace(local(server), resolver=never), into)
    assert fault.value.host == "cdn.example.com"


@pytest.mark.parametrize("hops", [2, 3])
def test_two_redirects_are_followed_and_no_third(hops: int, into: Path) -> None:
    left = [f"/{n}" for n in range(hops)]

    def script(line: Line) -> None:
        line.request()
        if left:
            line.answer(status="302 Found", headers={"Location": left.pop()})
        else:
            line.answer(FILM)

    with serving(script) as server:
        if hops == 2:
            assert is_film(fetch(server.url, local(server), into), into)
        else:
            with pytest.raises(BadStatus):
                fetch(server.url, local(server), into)
        assert len(server.lines) == 3


def test_a_practice_studio_fetches_from_no_public_host(into: Path) -> None:
    policy = Policy(trusted=frozenset(), practice=True, resolver=never)
    with pytest.raises(NotSent) as fault:
        fetch("https://files.example.com/", policy, into, hosts=lambda host: True)
    assert fault.value.why is Why.FORBIDDEN


def test_a_file_comes_through_the_proxy(authority: Authority, into: Path) -> None:
    with (
        serving(gives(FILM), authority.server(NAME)) as server,
        serving(tunnel(server)) as proxy,
    ):
        policy = proxied(proxy, authority)
        found = fetch(f"https://{NAME}/a.mp4", policy, into, hosts=frozenset({NAME}))
    assert (found.final_host, found.sha256) == (NAME, hashlib.sha256(FILM).hexdigest())
    assert proxy.received.startswith(f"CONNECT {NAME}:443 ".encode())


# ── The disk ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F096")
@pytest.mark.parametrize("where", ["write", "fsync", "fdatasync"])
def test_a_full_disk_comes_as_it_is_and_nothing_is_left(
    where: str, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, where, full)
    store = Store(cuts=[1_000_000] if where == "fdatasync" else [])
    with serving(store) as server, pytest.raises(OSError, match="No space") as fault:
        fetch(server.url, local(server), into)
    assert fault.value.errno == errno.ENOSPC
    assert left_in(into) == set()


def test_a_folder_that_is_not_there_is_told(into: Path) -> None:
    with serving(gives(FILM)) as server, pytest.raises(FileNotFoundError):
        fetch(server.url, local(server), into.parent / "no" / "take.mp4")


def test_a_sudden_end_costs_little_since_a_large_file_is_synced_on_its_way(into: Path) -> None:
    store = Store(film=os.urandom(1_000_000) * 150)
    part, note = into.parent / "take.mp4.part", into.parent / "take.mp4.part.json"

    def stalls_once(line: Line) -> None:
        if store.asked:
            store(line)
        else:
            line.request()
            store.asked.append((0, ""))
            line.send(head("200 OK", {"Content-Length": str(len(store.film)), "ETag": store.etag}))
            line.send(store.film[:140_000_000])
            line.wait()

    with serving(stalls_once) as server:
        child = os.fork()
        if child == 0:
            downloads_for_ever(server.url, local(server), into)
        assert until(lambda: part.exists() and part.stat().st_size > 138_000_000)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        synced = json.loads(note.read_text())["size"]
        found = fetch(server.url, local(server), into, ceiling=10**9)
    assert 60_000_000 < synced < 140_000_000
    assert store.asked == [(0, ""), (synced, '"v1"')]
    assert found.sha256 == hashlib.sha256(store.film).hexdigest()


def downloads_for_ever(url: str, policy: Policy, into: Path) -> NoReturn:
    try:
        fetch(url, policy, into, ceiling=10**9)
    finally:
        os._exit(1)
