"""The last question before the first byte, asked once."""

from collections.abc import Callable

from studio.providers.door.faults import NotSent, Why


class Gate:
    """`passed` decides what a fault means: before it nothing was sent, after it who knows."""

    def __init__(self, before_sending: Callable[[], bool]) -> None:
        self._before_sending = before_sending
        self._asked = False
        self.passed = False

    def ask(self) -> None:
        """Raises `NotSent` (GATE) where the answer was no, and for ever after."""
        if self.passed:
            return
        if self._asked or not self._allowed():
            raise NotSent(Why.GATE)
        self.passed = True

    def _allowed(self) -> bool:
        self._asked = True
        return self._before_sending()
