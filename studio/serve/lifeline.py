"""A pipe from the supervisor to its children: when it closes, whoever held it is gone.

The supervisor keeps the writing end and never writes. However it dies, even by SIGKILL, the
system closes that end, each child reads the end of the file and leaves.
"""

import os
from collections.abc import Callable
from threading import Thread

NAME = "STUDIO_LIFELINE"


class Lifeline:
    """Both ends, held by the supervisor. Children get the reading one, by its number."""

    name = NAME

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()


def follow(leave: Callable[[], None]) -> None:
    """Call `leave`, in a thread, once the supervisor is gone. Nothing where there is none."""
    reading = os.environ.get(NAME)
    if reading is not None:
        Thread(target=_wait, args=(int(reading), leave), name="lifeline", daemon=True).start()


def _wait(reading: int, leave: Callable[[], None]) -> None:
    while os.read(reading, 1):
        pass
    leave()
