"""`python -m studio.sandbox --port 0 --folder DIR`: one line with the address, then serve."""

import argparse
import json
import os
import signal
import socket
import sys
from pathlib import Path
from threading import Thread
from types import FrameType

from studio.sandbox.server import Sandbox

KEY = "sandbox.practice-key"


def main() -> None:
    wanted = _wanted()
    sandbox = Sandbox(_listener(wanted), wanted.folder, wanted.key or [KEY], wanted.seconds)

    def stop(number: int, frame: FrameType | None) -> None:
        # `shutdown` waits for the loop that this very thread runs.
        Thread(target=sandbox.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if wanted.lifeline is not None:
        Thread(target=_follow, args=(wanted.lifeline,), daemon=True).start()
    if not wanted.quiet:
        line = {"address": sandbox.house.address, "bases": sandbox.bases}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    sandbox.serve()
    sandbox.close()


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m studio.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--listener", type=int, help="a socket that listens, by its number")
    parser.add_argument("--folder", type=Path, required=True, help="its book and its clips")
    parser.add_argument("--key", action="append", help="a key that opens every provider's door")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a job takes")
    parser.add_argument("--lifeline", type=int, help="leave when this descriptor ends (0: stdin)")
    parser.add_argument("--quiet", action="store_true", help="do not say the address")
    return parser.parse_args()


def _listener(wanted: argparse.Namespace) -> socket.socket:
    if wanted.listener is not None:
        return socket.socket(fileno=wanted.listener)
    found = socket.create_server(("127.0.0.1", wanted.port), backlog=256)
    return found


def _follow(descriptor: int) -> None:
    """However the parent dies, the system closes its end."""
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
