"""The loop's half of a download: find the file, and hand over its bytes as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from studio.providers.door import headers
from studio.providers.door.aiofaults import FAULTS, told
from studio.providers.door.bridge import Bridge
from studio.providers.door.faults import (
    BadStatus,
    Cut,
    DoorError,
    Encoded,
    NewHost,
    TooLarge,
    TooSlow,
    Why,
)
from studio.providers.door.pace import Pace
from studio.providers.door.partial import Resume
from studio.providers.door.pieces import Chunks, End, Piece, Question, Start
from studio.providers.door.policy import Policy
from studio.providers.door.ranges import goes_on, stated_length, strong_etag
from studio.providers.door.sessions import proxy_for, session
from studio.providers.door.targets import Target, admit

_HOPS = 2
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1024 * 1024
# What lies unread when a connection breaks is lost, so it is little.
_READ = 256 * 1024


@dataclass(frozen=True)
class Order:
    """What to fetch and within which limits; times in seconds, rates in bytes per second."""

    url: str
    policy: Policy
    source: str
    ceiling: int
    deadline: float
    least_rate: float
    rate_seconds: float


async def receive(order: Order, kept: Resume | None, out: Bridge[Piece]) -> None:
    """Raises one of `DoorError`."""
    try:
        fault = await _fault(order, kept, out)
    finally:
        out.end(End())
    if fault is not None:
        # Raised here, away from an error whose text quotes the link.
        raise fault


async def _fault(order: Order, kept: Resume | None, out: Bridge[Piece]) -> DoorError | None:
    host = ""
    try:
        host = admit(order.url, order.policy).host
        await _in_time(order, kept, out)
    except DoorError as error:
        return error
    except FAULTS as error:
        return _as_download(told(error, host))
    return None


def _as_download(fault: DoorError) -> DoorError:
    if fault.why is Why.TIMEOUT:
        return TooSlow(fault.host)
    return Cut(fault.host) if fault.why is Why.RESET else fault


async def _in_time(order: Order, kept: Resume | None, out: Bridge[Piece]) -> None:
    async with asyncio.timeout(order.deadline) as limit:
        pace = Pace(limit, order.least_rate, order.rate_seconds)
        try:
            await _fetch(order, kept, out, pace)
        finally:
            pace.stop()


async def _fetch(order: Order, kept: Resume | None, out: Bridge[Piece], pace: Pace) -> None:
    """Go on with what is kept, or take the whole where the other side does not play along."""
    if kept is not None:
        async with _opened(order, _range(kept), out) as (response, target):
            start = _resumed(response, target, kept)
            if start is not None:
                await _stream(order, response, start, kept.size, out, pace)
                return
            if response.status == 200:
                await _whole(order, response, target, out, pace)
                return
    async with _opened(order, {}, out) as (response, target):
        await _whole(order, response, target, out, pace)


def _range(kept: Resume) -> dict[str, str]:
    return {"Range": f"bytes={kept.size}-", "If-Range": kept.etag}


def _resumed(response: aiohttp.ClientResponse, target: Target, kept: Resume) -> Start | None:
    """None: nothing to append; 206 with another range and 416 are asked again for the whole."""
    if response.status in {200, 416}:
        return None
    if response.status != 206:
        raise BadStatus(response.status, target.host)
    total = goes_on(response.headers, kept)
    if total is None:
        return None
    going_on = Resume(kept.source, kept.etag, kept.size, total)
    return Start(target.host, resumed=True, resume=going_on)


async def _whole(
    order: Order,
    response: aiohttp.ClientResponse,
    target: Target,
    out: Bridge[Piece],
    pace: Pace,
) -> None:
    if response.status != 200:
        raise BadStatus(response.status, target.host)
    etag, total = strong_etag(response.headers), stated_length(response.headers)
    resume = Resume(order.source, etag, 0, total) if etag else None
    await _stream(order, response, Start(target.host, resumed=False, resume=resume), 0, out, pace)


async def _stream(
    order: Order,
    response: aiohttp.ClientResponse,
    start: Start,
    size: int,
    out: Bridge[Piece],
    pace: Pace,
) -> None:
    """Hand over at most the ceiling, in chunks of about a megabyte; check it against what was
    stated.
    """
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Encoded(start.host)
    rest = stated_length(response.headers)
    most = order.ceiling if rest is None else min(order.ceiling, size + rest)
    if rest is not None and size + rest > order.ceiling:
        raise TooLarge(start.host)
    await out.put(start)
    chunks, waiting = Chunks(), 0
    try:
        async for chunk in response.content.iter_any():
            pace.came(len(chunk))
            size, waiting = size + len(chunk), waiting + len(chunk)
            if size > most:
                raise TooLarge(start.host)
            chunks.append(chunk)
            if waiting >= _CHUNK:
                await out.put(chunks)
                chunks, waiting = [], 0
    finally:
        # What has come is worth keeping also when no more does.
        if chunks:
            out.end(chunks)
    if rest is not None and size < most:
        raise Cut(start.host)


@asynccontextmanager
async def _opened(
    order: Order, asked: dict[str, str], out: Bridge[Piece]
) -> AsyncIterator[tuple[aiohttp.ClientResponse, Target]]:
    """The reply that is no redirect. Every hop passes the same rules as the first address."""
    url = order.url
    for _ in range(_HOPS + 1):
        target = await _allowed(url, order, out)
        async with session(order.policy, once=True).get(
            URL(target.url, encoded=True),
            headers=headers.outgoing(asked),
            allow_redirects=False,
            proxy=proxy_for(target, order.policy),
            read_bufsize=_READ,
        ) as response:
            if response.status not in _REDIRECTS or "Location" not in response.headers:
                yield response, target
                return
            status, url = response.status, urljoin(target.url, response.headers["Location"])
    raise BadStatus(status, target.host)


async def _allowed(url: str, order: Order, out: Bridge[Piece]) -> Target:
    """What must not be reached is refused before anybody is asked to allow the host."""
    target = admit(url, order.policy)
    if not target.trusted and not await _is_welcome(target.host, out):
        raise NewHost(target.host)
    return target


async def _is_welcome(host: str, out: Bridge[Piece]) -> bool:
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    await out.put(Question(host, answer))
    return await answer
