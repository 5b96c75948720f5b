"""Find the addresses of a host, in time, and let no forbidden one through."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError

from studio.providers.door.addresses import is_public
from studio.providers.door.faults import NotSent, Why
from studio.providers.door.policy import Policy


def look_up(host: str, port: int, policy: Policy) -> "Future[Sequence[str]]":
    """Ask for the addresses on a thread of its own: a resolver may take half a minute, and
    nothing can hurry it.

    The future raises `NotSent`: NO_NAME, or FORBIDDEN where any one address may not be reached.
    """
    found: Future[Sequence[str]] = Future()
    asking = threading.Thread(target=_answer, args=(found, host, port, policy), daemon=True)
    asking.start()
    return found


def addresses(host: str, port: int, policy: Policy, seconds: float) -> Sequence[str]:
    """`look_up`, waited for: NO_NAME after `seconds` too."""
    try:
        return look_up(host, port, policy).result(max(seconds, 0))
    except TimeoutError:
        pass
    raise NotSent(Why.NO_NAME, host)


def checked(host: str, port: int, policy: Policy) -> Sequence[str]:
    found = _asked(host, port, policy)
    if not found:
        raise NotSent(Why.NO_NAME, host)
    if not policy.trusts(host, port) and not all(map(is_public, found)):
        raise NotSent(Why.FORBIDDEN, host)
    return found


def _asked(host: str, port: int, policy: Policy) -> Sequence[str]:
    try:
        return policy.resolver(host, port)
    except (OSError, UnicodeError):
        return ()


def _answer(found: "Future[Sequence[str]]", host: str, port: int, policy: Policy) -> None:
    try:
        outcome = checked(host, port, policy)
    except Exception as error:
        _settle(found, error)
    else:
        _settle(found, outcome)


def _settle(found: "Future[Sequence[str]]", outcome: Sequence[str] | Exception) -> None:
    """Whoever asked may have gone and cancelled it."""
    try:
        if isinstance(outcome, Exception):
            found.set_exception(outcome)
        else:
            found.set_result(outcome)
    except InvalidStateError:
        return
