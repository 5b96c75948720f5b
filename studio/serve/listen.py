"""The socket that the web process answers on.

The supervisor holds it: while a web process is being started, or started again, visitors wait
for it instead of being turned away.
"""

import errno
import os
import socket
import time
from urllib.parse import urlsplit

# A studio that was killed gives its port back when its web process has noticed: about a second.
PATIENCE = 3.0


class CannotListen(Exception):
    """The address cannot be had; the message says why and what to do."""


def listen(address: str) -> socket.socket:
    """A listening socket for `address` ("host:port"). Raises CannotListen."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _listen(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise CannotListen(_explain(address, error)) from error
        time.sleep(0.2)


def _listen(address: str) -> socket.socket:
    parts = urlsplit(f"//{address}")
    host, port = str(parts.hostname), int(parts.port or 0)
    family, *_, name = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(name)
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


def _explain(address: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Something else already listens on {address}. "
            "Stop it, or choose another address: STUDIO_BIND=127.0.0.1:8001 make run"
        )
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return f"The studio cannot listen on {address} (STUDIO_BIND): {reason}."
