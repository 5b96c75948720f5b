"""What aiohttp's errors mean, in our words."""

import errno

import aiohttp

from studio.providers.door.faults import DoorError, NoAnswer, NotSent, Why

# The first that fits, so the narrow ones stand first. What comes before a connection stands
# is proof that nothing was sent.
_NOT_SENT: tuple[tuple[type[Exception], Why], ...] = (
    (aiohttp.ConnectionTimeoutError, Why.CONNECT_TIMEOUT),
    (aiohttp.ClientConnectorDNSError, Why.NO_NAME),
    (aiohttp.ClientConnectorCertificateError, Why.TLS),
    (aiohttp.ClientConnectorSSLError, Why.TLS),
    (aiohttp.ClientProxyConnectionError, Why.PROXY),
    (aiohttp.ClientHttpProxyError, Why.PROXY),
    (aiohttp.InvalidURL, Why.BAD_ADDRESS),
)
_NO_ANSWER: tuple[tuple[type[Exception], Why], ...] = (
    (TimeoutError, Why.TIMEOUT),
    (aiohttp.ClientPayloadError, Why.RESET),
    (aiohttp.ClientConnectionError, Why.RESET),
    (aiohttp.ClientError, Why.BROKEN),
    (OSError, Why.RESET),
)
# Whatever `told` does not know is a fault of ours and goes on as it is.
FAULTS = (aiohttp.ClientError, TimeoutError, OSError)


def told(error: Exception, host: str) -> DoorError:
    for kind, why in _NOT_SENT:
        if isinstance(error, kind):
            return NotSent(why, host)
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = error.os_error.errno == errno.ECONNREFUSED
        return NotSent(Why.REFUSED if refused else Why.UNREACHABLE, host)
    return NoAnswer(next(why for kind, why in _NO_ANSWER if isinstance(error, kind)), host)
