"""A request reaches a thread when all of it is here; until then it costs a file and no thread.

Otherwise a dozen visitors who send a byte a second would hold all the threads there are.
"""

import re
import selectors
import socket
import time
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
# Below this average, from this many seconds on, nobody is waited for.
SLOWEST, GRACE = 1 * KILOBYTE, 10.0
# The longest head that gunicorn would read, and more body than any form of ours may have.
LONGEST_HEAD, LONGEST_BODY = 640 * KILOBYTE, 201 * MEGABYTE
# What all that is still arriving may hold together; beyond it, threads do the waiting again.
ROOM = 1024 * MEGABYTE
IN_MEMORY = 128 * KILOBYTE

_CHUNK, _TURNS = 256 * KILOBYTE, 8
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)


class Arrival:
    """One request on its way in. What has come of it is read again by whoever handles it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.since = time.monotonic()
        self.bytes = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - read by a thread
        self.got = 0
        self._head = bytearray()
        self._expected: int | None = None  # bytes of head and body; None until the head is here

    def read(self) -> bool:
        """Take what is there, without waiting. True when there is nothing more to wait for."""
        for _ in range(_TURNS):
            try:
                data = self.sock.recv(_CHUNK)
            except BlockingIOError:
                return False
            self._take(data)
            if not data or (self._expected is not None and self.got >= self._expected):
                return True
        return False

    def is_too_slow(self) -> bool:
        waited = time.monotonic() - self.since
        return waited > GRACE and self.got < waited * SLOWEST

    def _take(self, data: bytes) -> None:
        self.bytes.write(data)
        self.got += len(data)
        if self._expected is None:
            self._look_for_the_end_of_the_head(data)

    def _look_for_the_end_of_the_head(self, data: bytes) -> None:
        """Whatever this cannot read is handed on as it is, for gunicorn to judge."""
        new = max(0, len(self._head) - 3)
        self._head += data
        end = self._head.find(b"\r\n\r\n", new)
        if end >= 0:
            self._expected = end + 4 + self._body(bytes(self._head[: end + 2]))
            self._head.clear()
        elif len(self._head) >= LONGEST_HEAD:
            self._expected = self.got

    def _body(self, head: bytes) -> int:
        length = _LENGTH.search(head)
        if length and b"100-continue" in head.lower():
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return min(int(length[1]), LONGEST_BODY) if length else 0


class Replay:
    """A socket that gives once more what was read from it while it was waited for."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.early: Any = None

    def rewind(self, early: Any) -> None:
        early.seek(0)
        self.early = early

    def recv(self, size: int, *flags: int) -> bytes:
        if self.early is not None:
            data: bytes = self.early.read(size)
            if data:
                return data
            self.forget()
        return self.sock.recv(size, *flags)

    def forget(self) -> None:
        if self.early is not None:
            self.early.close()
            self.early = None

    def close(self) -> None:
        self.forget()
        self.sock.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class PatientWorker(ThreadWorker):
    """gunicorn's threads, with the waiting done in its one loop."""

    poller: selectors.BaseSelector

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]
        self.arriving: dict[TConn, Arrival] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """A connection was opened, or speaks again."""
        if self.cfg.is_ssl or _has_read_ahead(conn):
            super().enqueue_req(conn)  # type: ignore[no-untyped-call]
            return
        if not isinstance(conn.sock, Replay):
            conn.sock = Replay(conn.sock)
        conn.sock.setblocking(False)
        self.arriving[conn] = Arrival(conn.sock.sock)
        self._advance(conn)

    def _advance(self, conn: TConn) -> None:
        """Read on; then wait in the loop for more, or leave it: for a thread, or for good."""
        arrival = self.arriving[conn]
        try:
            is_done = arrival.read() or (arrival.got > MEGABYTE and self._is_full())
        except OSError:
            self._drop(conn)
            return
        if is_done:
            self._hand_on(conn)
        else:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_more, conn))

    def _on_more(self, conn: TConn, _: Any) -> None:
        self.poller.unregister(conn.sock)
        self._advance(conn)

    def _hand_on(self, conn: TConn) -> None:
        conn.sock.rewind(self.arriving.pop(conn).bytes)
        conn.data_ready = True
        super().enqueue_req(conn)  # type: ignore[no-untyped-call]

    def _is_full(self) -> bool:
        return sum(arrival.got for arrival in self.arriving.values()) > ROOM

    def _drop(self, conn: TConn) -> None:
        self.arriving.pop(conn).bytes.close()
        self.nr_conns -= 1
        conn.close()  # type: ignore[no-untyped-call]

    def murder_pending(self) -> None:
        """gunicorn calls this every second: whoever is too slow goes; in a stop, the silent too."""
        super().murder_pending()  # type: ignore[no-untyped-call]
        for conn, arrival in list(self.arriving.items()):
            if arrival.is_too_slow() or not (self.alive or arrival.got):
                self.poller.unregister(conn.sock)
                self._drop(conn)


def _has_read_ahead(conn: TConn) -> bool:
    """The next request is already in the parser, read together with the one before."""
    return bool(conn.parser and conn.parser.unreader.buf.getvalue())
