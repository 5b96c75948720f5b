"""Servers on a raw socket, to misbehave exactly as told. Only on 127.0.0.1."""

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

# How long anything here waits for anything: far more than it takes.
PATIENCE = 60.0


class Line:
    """One accepted connection, and everything that came over it."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.received = b""

    def request(self) -> bytes:
        """Read one request with its body; b"" when the other side just closed."""
        start = len(self.received)
        while b"\r\n\r\n" not in self.received[start:]:
            if not self._more():
                return self.received[start:]
        head, _, body = self.received[start:].partition(b"\r\n\r\n")
        missing = _length(head) - len(body)
        while missing > 0 and (came := self._more()):
            missing -= came
        return self.received[start:]

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(
        self, body: bytes = b"", status: str = "200 OK", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send(head(status, {"Content-Length": str(len(body)), **(headers or {})}) + body)

    def drip(self, data: bytes, pause: float) -> None:
        """A byte at a time until the other side has had enough."""
        for place in range(len(data)):
            self.send(data[place : place + 1])
            time.sleep(pause)

    def reset(self) -> None:
        """Close without a goodbye."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def wait(self) -> None:
        """Say nothing until the other side closes."""
        while self._more():
            pass

    def _more(self) -> int:
        data = self.socket.recv(65536)
        self.received += data
        return len(data)


Script = Callable[[Line], None]


class Server:
    def __init__(self, listening: socket.socket, script: Script, secure: ssl.SSLContext | None):
        self._listening = listening
        self._script = script
        self._secure = secure
        self.port: int = listening.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self.lines: list[Line] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._secure else 'http'}://{self.place}"

    @property
    def received(self) -> bytes:
        return b"".join(line.received for line in self.lines)

    def close(self) -> None:
        self._closing.set()
        self._thread.join(PATIENCE)
        self._listening.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            if select.select([self._listening], [], [], 0.05)[0]:
                opened, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(opened,), daemon=True).start()

    def _serve(self, opened: socket.socket) -> None:
        opened.settimeout(PATIENCE)
        # The other side may go at any moment: that is what many scripts are about.
        with suppress(OSError), opened:
            secure = self._secure
            line = Line(secure.wrap_socket(opened, server_side=True) if secure else opened)
            self.lines.append(line)
            with line.socket:
                self._script(line)


@contextmanager
def serving(script: Script, secure: ssl.SSLContext | None = None) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        server = Server(listening, script, secure)
        try:
            yield server
        finally:
            server.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode()


def _length(request_head: bytes) -> int:
    for line in request_head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def until(true: Callable[[], bool]) -> bool:
    """Wait for what another thread does."""
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()
