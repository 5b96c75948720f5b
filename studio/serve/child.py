"""One process that is meant to run: started, looked at, started again when it died, stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# Seconds before a dead child is started again; doubled each time that it dies young.
FIRST_DELAY = 0.2
LONGEST_DELAY = 30.0
# A child that lived this long was healthy: its next death counts as a first one.
GROWN_UP = 60.0


@dataclass
class Child:
    """`arguments` follow the Python that runs us; `descriptors` are open in the child too."""

    name: str
    arguments: Sequence[str]
    folder: Path
    environment: dict[str, str]
    descriptors: Sequence[int] = ()
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _start_again_at: float = 0.0
    _delay: float = field(default=FIRST_DELAY)

    def start(self) -> None:
        self._started_at = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops things in order.
        self._process = subprocess.Popen(
            [sys.executable, *self.arguments],
            cwd=self.folder,
            env=os.environ | self.environment,
            pass_fds=self.descriptors,
            start_new_session=True,
        )

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def look(self) -> str | None:
        """Start it again when its time has come. Returns what to tell, right after a death."""
        if self.is_alive:
            return None
        if self._process is not None:
            return self._bury(self._process)
        if time.monotonic() >= self._start_again_at:
            self.start()
        return None

    def _bury(self, process: subprocess.Popen[bytes]) -> str:
        self._process = None
        now = time.monotonic()
        if now - self._started_at > GROWN_UP:
            self._delay = FIRST_DELAY
        self._start_again_at = now + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        # What it had started in its session must not outlive it.
        _signal(process.pid, signal.SIGKILL)
        return f"The {self.name} process ended ({_how(process.returncode)}); starting it again."

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def stop(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then kill it and all that is in its session."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        _signal(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # nobody is left in it, which is what we wanted
        os.killpg(group, number)


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
