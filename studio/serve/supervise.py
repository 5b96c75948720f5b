"""`make run`: one web and one worker process, watched until somebody says stop."""

import http.client
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from types import FrameType

from studio.serve.child import Child

# Ctrl-C promises five seconds; the last of them is for noticing it and for killing.
GRACE = 3.5
LOOK_EVERY = 0.1


@dataclass
class Supervisor:
    """Keeps `children` running. `say` tells people, one line at a time."""

    children: Sequence[Child]
    say: Callable[[str], None]
    _stop: Event = field(default_factory=Event)

    def catch_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal (unless under nohup) mean stop."""
        signal.signal(signal.SIGINT, self._wish_stop)
        signal.signal(signal.SIGTERM, self._wish_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._wish_stop)

    def _wish_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def run(self, address: tuple[str, int], when_ready: Callable[[], None]) -> bool:
        """Start all, tell when the web answers, watch. False when it never came up."""
        try:
            for child in self.children:
                child.start()
            if not self._came_up(address):
                return self._stop.is_set()
            when_ready()
            self._watch()
        finally:
            self._stop_all()
        return True

    def _came_up(self, address: tuple[str, int]) -> bool:
        """Wait for the first answer; False on a stop, or when a child died before it."""
        while not self._stop.is_set() and all(child.is_alive for child in self.children):
            if answers(address):
                return True
            self._stop.wait(LOOK_EVERY)
        return False

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            for child in self.children:
                news = child.look()
                if news:
                    self.say(news)

    def _stop_all(self) -> None:
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop(deadline)


def answers(address: tuple[str, int]) -> bool:
    """Whether the web process answers within a second."""
    connection = http.client.HTTPConnection(*address[:2], timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
