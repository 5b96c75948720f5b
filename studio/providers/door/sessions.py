"""The clients of the loop: one pool of kept connections, and one of connections used once."""

import asyncio
import socket
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from studio.providers.door.certificates import context
from studio.providers.door.names import look_up
from studio.providers.door.policy import Policy
from studio.providers.door.targets import Target

CONNECT_SECONDS = 10
# Shorter than most servers keep a quiet connection.
_KEEP_SECONDS = 15


@dataclass(frozen=True)
class _Kind:
    policy: Policy
    once: bool


# By loop, since a session lives and dies with its own.
_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Kind, aiohttp.ClientSession]]
_sessions = WeakKeyDictionary()


class _Names(AbstractResolver):
    """What aiohttp connects to is what was checked. Literals do not come here: `admit` has them."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.wrap_future(look_up(host, port, self._policy))
        return [_result(host, port, address) for address in found]

    async def close(self) -> None:
        return None


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=flags
    )


def session(policy: Policy, *, once: bool) -> aiohttp.ClientSession:
    """For the loop that is running. `once`: each request has a connection of its own, so that
    it cannot meet one that the server has just given up.
    """
    running = asyncio.get_running_loop()
    mine = _sessions.setdefault(running, {})
    kind = _Kind(policy, once)
    if kind not in mine:
        mine[kind] = _made(kind)
    return mine[kind]


async def close() -> None:
    """End all of the running loop."""
    for each in _sessions.pop(asyncio.get_running_loop(), {}).values():
        await each.close()


def proxy_for(target: Target, policy: Policy) -> str | None:
    return None if target.trusted or not policy.proxy else policy.proxy


def _made(kind: _Kind) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=0,
        force_close=kind.once,
        keepalive_timeout=None if kind.once else _KEEP_SECONDS,
        resolver=_Names(_with_proxy_trusted(kind.policy)),
        ssl=context(kind.policy.authorities),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        auto_decompress=False,
        trust_env=False,
    )


def _with_proxy_trusted(policy: Policy) -> Policy:
    """The proxy's own name is the operator's word. What is asked of it is not resolved here."""
    host = urlsplit(policy.proxy).hostname
    return replace(policy, trusted=policy.trusted | {host}) if host else policy
