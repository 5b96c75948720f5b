"""Ask a proxy for a line to a host: what goes through it afterwards is TLS that it cannot read."""

import base64
import socket
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from studio.providers.door.faults import NotSent, Why

_LONGEST = 16 * 1024
_END = b"\r\n\r\n"
_SOON = 0.001


def proxy_place(proxy: str) -> tuple[tuple[str, int], str]:
    """Host and port of a proxy, and what proves to it who we are ("" for nothing)."""
    parts = urlsplit(proxy)
    place = (parts.hostname or "", parts.port or 80)
    if not parts.username:
        return place, ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return place, "Basic " + base64.b64encode(pair.encode()).decode()


def ask_proxy(
    line: socket.socket, host: str, port: int, credentials: str, left: Callable[[], float]
) -> None:
    """Raises `NotSent` (PROXY) unless the proxy opens the line while there is time `left`."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    proof = f"Proxy-Authorization: {credentials}\r\n" if credentials else ""
    asked = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{proof}\r\n".encode()
    if not _is_open(_answered(line, asked, left)):
        raise NotSent(Why.PROXY, host)


def _answered(line: socket.socket, asked: bytes, left: Callable[[], float]) -> bytes:
    """The head of the answer, b"" where none came in time. One byte at a time: what follows
    the head is not ours.
    """
    head = b""
    try:
        line.settimeout(max(left(), _SOON))
        line.sendall(asked)
        while not head.endswith(_END) and len(head) < _LONGEST and left() > 0:
            line.settimeout(max(left(), _SOON))
            head += (byte := line.recv(1))
            if not byte:
                break
    except OSError:
        return b""
    return head


def _is_open(head: bytes) -> bool:
    words = head.split(b"\r\n", 1)[0].split(b" ")
    return head.endswith(_END) and len(words) > 1 and words[1][:1] == b"2" and len(words[1]) == 3
