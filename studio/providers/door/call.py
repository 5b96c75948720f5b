"""Calls that cost nothing: polls, cancels, balances. Many can be under way at a time."""

import asyncio
import resource
from collections.abc import Iterator, Sequence

import aiohttp
from yarl import URL

from studio.providers.base import Reply, Request
from studio.providers.door import headers, loop
from studio.providers.door.aiofaults import FAULTS, told
from studio.providers.door.faults import DoorError, NoAnswer, Why
from studio.providers.door.policy import Policy
from studio.providers.door.sessions import proxy_for, session
from studio.providers.door.targets import Target, admit

REPLY_LIMIT = 1024 * 1024


def call(request: Request, policy: Policy, *, deadline: float) -> Reply:
    """The reply, of whatever status, within `deadline` seconds. Raises `NotSent`, `NoAnswer`.

    A GET may be sent a second time where a kept connection turns out to be dead; anything else
    has a fresh connection and is sent once.
    """
    outcome = call_many([request], policy, deadline=deadline)[0]
    if isinstance(outcome, DoorError):
        raise outcome
    return outcome


def call_many(
    requests: Sequence[Request], policy: Policy, *, deadline: float, at_once: int = 1000
) -> list[Reply | DoorError]:
    """Each request's reply or what went wrong, in their order, all within `deadline` seconds.

    At most `at_once` are under way, and never more than half the files this process may open.
    """
    outcomes: list[Reply | DoorError] = [NoAnswer(Why.TIMEOUT)] * len(requests)
    try:
        loop.run(_all(requests, policy, outcomes, deadline, min(at_once, _half_of_files())))
    except loop.LoopStopped:
        return [NoAnswer(Why.STOPPED)] * len(requests)
    return outcomes


def _half_of_files() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft // 2 if soft > 0 else 1000


async def _all(
    requests: Sequence[Request],
    policy: Policy,
    outcomes: list[Reply | DoorError],
    deadline: float,
    at_once: int,
) -> None:
    until = asyncio.get_running_loop().time() + deadline
    waiting = iter(enumerate(requests))
    workers = [_work(waiting, policy, outcomes, until) for _ in range(min(at_once, len(requests)))]
    await asyncio.gather(*workers)


async def _work(
    waiting: Iterator[tuple[int, Request]],
    policy: Policy,
    outcomes: list[Reply | DoorError],
    until: float,
) -> None:
    for place, request in waiting:
        outcomes[place] = await _one(request, policy, until)


async def _one(request: Request, policy: Policy, until: float) -> Reply | DoorError:
    host = ""
    try:
        target, sent = admit(request.url, policy), headers.outgoing(request.headers)
        host = target.host
        async with asyncio.timeout_at(until):
            return await _exchange(request, target, sent, policy)
    except DoorError as error:
        return error
    except FAULTS as error:
        return told(error, host)


async def _exchange(
    request: Request, target: Target, sent: dict[str, str], policy: Policy
) -> Reply:
    client = session(policy, once=request.method != "GET")
    async with client.request(
        request.method,
        URL(target.url, encoded=True),
        headers=sent,
        data=request.body or None,
        allow_redirects=False,
        proxy=proxy_for(target, policy),
    ) as response:
        body = await _body(response, target)
        return Reply(response.status, headers.incoming(response.headers.items()), body)


async def _body(response: aiohttp.ClientResponse, target: Target) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > REPLY_LIMIT:
            response.close()
            raise NoAnswer(Why.TOO_LARGE, target.host)
    return bytes(body)
