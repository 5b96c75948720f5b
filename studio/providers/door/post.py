"""Send one request that may cost money: on a fresh connection, once, with a last question."""

import time
from collections.abc import Callable

import httpcore
import httpx

from studio.providers.base import Reply, Request
from studio.providers.door import headers
from studio.providers.door.certificates import context
from studio.providers.door.faults import DoorError, NoAnswer, NotSent, Why
from studio.providers.door.gate import Gate
from studio.providers.door.policy import Policy
from studio.providers.door.targets import Target, admit
from studio.providers.door.wire import Clock, Wires

REPLY_LIMIT = 1024 * 1024


def post(
    request: Request,
    policy: Policy,
    *,
    before_sending: Callable[[], bool],
    deadline: float,
    connect_seconds: float = 10,
) -> Reply:
    """The reply, of whatever status, within `deadline` seconds.

    The connection is opened first, TLS included (within `connect_seconds`), then
    `before_sending` is asked, exactly once, and only its True lets the first byte out. What it
    raises comes through; nothing was sent then.

    Raises `NotSent` where provably no byte left, `NoAnswer` where one may have.
    """
    target, sent_headers = admit(request.url, policy), headers.outgoing(request.headers)
    now, gate = time.monotonic(), Gate(before_sending)
    clock = Clock(connected=now + min(connect_seconds, deadline), done=now + deadline)
    call = httpx.Request(request.method, target.url, headers=sent_headers, content=request.body)
    outcome = _outcome(call, _transport(policy, gate, clock), gate, target)
    if isinstance(outcome, DoorError):
        # Raised here and not where it was found, so that no traceback leads to an error whose
        # text quotes the request.
        raise outcome
    return outcome


def _transport(policy: Policy, gate: Gate, clock: Clock) -> httpx.HTTPTransport:
    """A transport and no client: that one reads the environment, follows, and logs addresses."""
    secure = context(policy.authorities)
    transport = httpx.HTTPTransport(verify=secure, trust_env=False)
    # There is no public way to say what is under it.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=secure, retries=0, network_backend=Wires(policy, gate, clock)
    )
    return transport


def _outcome(
    call: httpx.Request, transport: httpx.HTTPTransport, gate: Gate, target: Target
) -> Reply | DoorError:
    try:
        with transport:
            return _reply(transport.handle_request(call), target)
    except DoorError as error:
        why = error.why
    except httpx.TimeoutException:
        why = Why.TIMEOUT
    except httpx.NetworkError:
        why = Why.RESET
    except httpx.LocalProtocolError:
        why = Why.BAD_REQUEST
    except httpx.TransportError:
        why = Why.BROKEN
    return NoAnswer(why, target.host) if gate.passed else NotSent(why, target.host)


def _reply(response: httpx.Response, target: Target) -> Reply:
    body = bytearray()
    # As it came: nothing is unpacked.
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > REPLY_LIMIT:
            raise NoAnswer(Why.TOO_LARGE, target.host)
    return Reply(
        response.status_code, headers.incoming(response.headers.multi_items()), bytes(body)
    )
