"""Somebody who is called back: keeps what came, and answers as it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Ear:
    """`came` holds path, headers and body of each call; `statuses` are answered in turn."""

    address: str = ""
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Ear]:
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.came.append((self.path, dict(self.headers.items()), body))
            self.send_response(ear.statuses.pop(0) if ear.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    ear.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield ear
    finally:
        server.shutdown()
        server.server_close()
