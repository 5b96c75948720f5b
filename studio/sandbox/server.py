"""The one HTTP server: vendors by prefix, files, the hidden door; a thread per connection."""

import socket
import struct
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from studio.sandbox.answers import Answer
from studio.sandbox.callbacks import Callbacks
from studio.sandbox.calls import Call
from studio.sandbox.control import Control
from studio.sandbox.desk import Desk
from studio.sandbox.files import Shelf
from studio.sandbox.house import House
from studio.sandbox.wires.jiekou import Jiekou
from studio.sandbox.wires.vidu import Relay, Vidu
from studio.sandbox.wires.wire import Wire
from studio.sandbox.wires.zhipu import Zhipu

NAME = "seed-studio-sandbox"
MOST_BYTES = 250_000_000


class Sandbox(ThreadingHTTPServer):
    """Listens on `listener`, which is bound and open. `keys` open every vendor's door."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self, listener: socket.socket, folder: Path, keys: list[str], seconds: float
    ) -> None:
        super().__init__(listener.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.house = House(folder, keys, seconds)
        host, port = listener.getsockname()[:2]
        self.house.address = f"http://{host}:{port}"
        vidu, relay = Vidu(self.house), Relay(self.house)
        wires: tuple[Wire, ...] = (
            Zhipu(self.house, "zai", is_bare_key_allowed=False),
            Zhipu(self.house, "bigmodel", is_bare_key_allowed=True),
            Jiekou(self.house),
            vidu,
            relay,
        )
        self.callbacks = Callbacks(self.house, {"vidu": vidu, "relay": relay})
        self.desks = {wire.prefix: Desk(self.house, wire, self.callbacks) for wire in wires}
        self.bases = {
            wire.provider: f"{self.house.address}/{wire.prefix}{wire.address_place}"
            for wire in wires
        }
        self.shelf = Shelf(self.house)
        self.control = Control(self.house, lambda: self.bases)

    def serve(self) -> None:
        """Until `shutdown`."""
        self.callbacks.start()
        self.serve_forever(poll_interval=0.05)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; everything else is, on standard error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.server_close()
        self.house.close()


class _Handler(BaseHTTPRequestHandler):
    server: Sandbox
    protocol_version = "HTTP/1.1"
    server_version = NAME
    sys_version = ""
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        try:
            self._send(self._answer())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _answer(self) -> Answer:
        body = self._body()
        if body is None:
            self.close_connection = True
            return Answer(413, b"too large, or of no length", "text/plain")
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if parts.path.startswith("/control/"):
            return self.server.control.answer(self.command, parts.path, body)
        prefix, _, path = parts.path[1:].partition("/")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        call = Call(prefix, self.command, f"/{path}", query, headers, body)
        if prefix == "files":
            answer = self.server.shelf.answer(parts.path, headers)
        elif prefix in self.server.desks:
            answer = self.server.desks[prefix].answer(call)
        else:
            return Answer(404, b"404 page not found", "text/plain")
        self.server.house.note(call, answer.status)
        return answer

    def _body(self) -> bytes | None:
        """All of it; None where it is too large or does not say how long it is."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        if answer.hang and self.server.house.stopping.wait(answer.hang):
            self.close_connection = True
            return
        if answer.status:
            self._send_head(answer)
            if self.command != "HEAD":
                self._send_body(answer)
        if answer.reset:
            self._reset()

    def _send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", answer.length or str(len(answer.body)))
            if answer.length:
                self.close_connection = True
        self.end_headers()

    def _send_body(self, answer: Answer) -> None:
        for piece in _pieces(answer):
            if answer.drip and self.server.house.stopping.wait(answer.drip):
                return
            self.wfile.write(piece)
        if answer.send is not None:
            self.close_connection = True

    def _reset(self) -> None:
        """RST, not FIN: what a dying proxy does."""
        if self.command != "HEAD":
            time.sleep(0.05)  # what was written before must arrive first
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """The book of requests says more than a line in a log."""


def _pieces(answer: Answer) -> Iterator[bytes]:
    if answer.stream is not None:
        yield from answer.stream
        return
    body = answer.body if answer.send is None else answer.body[: answer.send]
    step = 1 if answer.drip else 64 * 1024
    for start in range(0, len(body), step):
        yield body[start : start + step]
