"""The layer just above the socket, for posts: checked address, one deadline, and the gate.

httpcore speaks HTTP over it and knows nothing of either.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

from studio.lib import failpoints
from studio.providers.door.faults import NotSent, Why
from studio.providers.door.gate import Gate
from studio.providers.door.names import addresses
from studio.providers.door.policy import Policy
from studio.providers.door.tunnel import ask_proxy, proxy_place

# A time limit of zero would mean "do not wait at all", which is another mode of a socket.
_SOON = 0.001


@dataclass(frozen=True)
class Clock:
    """Two moments by the monotonic clock: connected by then, done by then."""

    connected: float
    done: float

    def to_connect(self) -> float:
        return max(self.connected - time.monotonic(), 0)

    def left(self) -> float:
        return max(self.done - time.monotonic(), 0)


class Wires(httpcore.NetworkBackend):
    """Opens the one connection of one post."""

    def __init__(self, policy: Policy, gate: Gate, clock: Clock) -> None:
        self._policy = policy
        self._gate = gate
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> "Wire":
        direct = not self._policy.proxy or self._policy.trusts(host, port)
        opened = self._direct(host, port) if direct else self._through_proxy(host, port)
        return Wire(opened, host, self._gate, self._clock)

    def _direct(self, host: str, port: int) -> socket.socket:
        found = addresses(host, port, self._policy, self._clock.to_connect())
        return self._first(host, port, found)

    def _through_proxy(self, host: str, port: int) -> socket.socket:
        place, credentials = proxy_place(self._policy.proxy)
        operator = Policy(trusted=frozenset({place[0]}), resolver=self._policy.resolver)
        found = addresses(*place, operator, self._clock.to_connect())
        opened = self._first(*place, found)
        try:
            ask_proxy(opened, host, port, credentials, self._clock.to_connect)
        except BaseException:
            opened.close()
            raise
        return opened

    def _first(self, host: str, port: int, found: Iterable[str]) -> socket.socket:
        """Connect to the first address that answers, each with its share of the time."""
        why, waiting = Why.UNREACHABLE, list(found)
        while waiting:
            share = self._clock.to_connect() / len(waiting)
            opened = _connected(waiting.pop(0), port, share)
            if isinstance(opened, socket.socket):
                return opened
            why = opened
        raise NotSent(why, host)


def _connected(address: str, port: int, seconds: float) -> socket.socket | Why:
    if seconds <= 0:
        return Why.CONNECT_TIMEOUT
    try:
        opened = socket.create_connection((address, port), seconds)
    except TimeoutError:
        return Why.CONNECT_TIMEOUT
    except ConnectionRefusedError:
        return Why.REFUSED
    except OSError:
        return Why.UNREACHABLE
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


class Wire(httpcore.NetworkStream):
    """httpcore's own time limits are per read; ours is one moment for everything."""

    def __init__(self, opened: socket.socket, host: str, gate: Gate, clock: Clock) -> None:
        self._socket = opened
        self._host = host
        self._gate = gate
        self._clock = clock

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "Wire":
        """The name of the certificate is the host's, not that of the address."""
        try:
            self._socket.settimeout(max(self._clock.to_connect(), _SOON))
            secure = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
            return Wire(secure, self._host, self._gate, self._clock)
        except TimeoutError:
            why = Why.CONNECT_TIMEOUT
        except OSError:
            why = Why.TLS
        self.close()
        raise NotSent(why, self._host)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        if self._gate.passed:
            # The head is out, the body is not.
            failpoints.reach("submit.half_body")
        self._gate.ask()
        rest = memoryview(buffer)
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError):
            while rest:
                self._socket.settimeout(self._time_left())
                rest = rest[self._socket.send(rest) :]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        failpoints.reach("submit.after_post")
        with _told_as(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(self._time_left())
            return self._socket.recv(max_bytes)

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        return None

    def _time_left(self) -> float:
        left = self._clock.left()
        if left <= 0:
            raise TimeoutError
        return left


@contextmanager
def _told_as(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    """The names that httpcore has for what a socket says."""
    try:
        yield
    except TimeoutError as error:
        raise late from error
    except OSError as error:
        raise broken from error
