"""Fetch one file to disk: whole, hashed and synced, or not at all."""

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from studio.providers.door import loop
from studio.providers.door.bridge import Bridge
from studio.providers.door.faults import Stopped, TooLarge
from studio.providers.door.partial import Partial, Resume, discard, kept
from studio.providers.door.pieces import Chunks, End, Piece, Question, Start
from studio.providers.door.policy import HostRule, Policy, allows
from studio.providers.door.receive import Order, receive
from studio.providers.door.targets import Target, admit

# Megabytes under way between the network and the disk.
_ROOM = 6
_TELL_SECONDS = 0.5


@dataclass(frozen=True)
class Downloaded:
    """Synced, under its own name. `final_host` is who gave it, after redirects."""

    path: Path
    size: int
    sha256: str
    final_host: str


def download(
    url: str,
    policy: Policy,
    *,
    hosts: HostRule,
    into: Path,
    ceiling: int,
    deadline: float,
    least_rate: float = 50_000,
    rate_seconds: float = 60,
    on_bytes: Callable[[int], bool] | None = None,
) -> Downloaded:
    """Fetch `url` to `into`, whose folder exists, in at most `deadline` seconds.

    `hosts` says which hosts a link may point to, beside trusted ones; it is asked on the caller's
    thread, for each hop. Nothing is sent but the address: no key, no cookie. At most `ceiling`
    bytes are taken, at no less than `least_rate` bytes a second over each `rate_seconds`.
    `on_bytes` is asked on the caller's thread about twice a second with the size so far, also
    while nothing comes; its False stops.

    What came before a fault stays beside `into` where the server can be asked for the rest (a
    strong ETag): the next call with a link to the same file goes on from there. An empty file is
    a file.

    Raises a branch of `DoorError`; `OSError` (disk full) comes as it is, with nothing left behind.
    """
    first = admit(url, policy)
    found = kept(into, _source(first))
    if found is not None and found.size == found.total:
        return _finished(into, found, first.host)
    order = Order(url, policy, _source(first), ceiling, deadline, least_rate, rate_seconds)
    pieces: Bridge[Piece] = Bridge(_ROOM)
    receiving = loop.submit(receive(order, found, pieces))
    side = _Side(pieces, receiving, hosts, on_bytes, found.size if found else 0)
    try:
        return _written(into, found, side)
    except (OSError, TooLarge):
        discard(into)
        raise
    except loop.LoopStopped:
        raise Stopped(first.host) from None
    finally:
        receiving.cancel()


def _source(target: Target) -> str:
    """Which file a link means: without its query, which is signed anew each time."""
    place = f"{target.host}:{target.port}{target.url.partition('?')[0]}"
    return hashlib.sha256(place.encode()).hexdigest()


def _finished(into: Path, whole: Resume, host: str) -> Downloaded:
    """All of it had come when the last try died."""
    with Partial(into, whole) as partial:
        return Downloaded(into, partial.size, partial.finish(), host)


def _written(into: Path, found: Resume | None, side: "_Side") -> Downloaded:
    start = side.next()
    if not isinstance(start, Start):
        side.outcome()
        raise Stopped
    with Partial(into, found if start.resumed else None) as partial:
        partial.remember(start.resume)
        try:
            while isinstance(chunks := side.next(), list):
                partial.write(chunks)
                side.tell(partial.size)
            side.outcome()
        except (OSError, TooLarge):
            raise
        except Exception:
            partial.keep()
            raise
        return Downloaded(into, partial.size, partial.finish(), start.host)


class _Side:
    """The caller's side of the bridge: it answers questions and lets itself be told to stop."""

    def __init__(
        self,
        pieces: Bridge[Piece],
        receiving: "Future[None]",
        hosts: HostRule,
        on_bytes: Callable[[int], bool] | None,
        size: int,
    ) -> None:
        self._pieces = pieces
        self._receiving = receiving
        self._hosts = hosts
        self._on_bytes = on_bytes
        self._size = size
        self._told = 0.0

    def next(self) -> Start | Chunks | End:
        while True:
            match self._pieces.take(_TELL_SECONDS):
                case None if self._receiving.done():
                    return End()
                case None:
                    self.tell(self._size)
                case Question() as question:
                    question.answer(allows(self._hosts, question.host))
                case piece:
                    return piece

    def outcome(self) -> None:
        """Raises what went wrong on the loop, if anything did."""
        loop.result(self._receiving)

    def tell(self, size: int) -> None:
        now, self._size = time.monotonic(), size
        if self._on_bytes is None or now - self._told < _TELL_SECONDS:
            return
        self._told = now
        if not self._on_bytes(size):
            raise Stopped
