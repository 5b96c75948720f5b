"""What goes from the loop's half of a download to the caller's."""

import asyncio
from dataclasses import dataclass, field

from studio.providers.door.partial import Resume


@dataclass(frozen=True)
class Question:
    """Is this host allowed? Asked over there, where a database may be read."""

    host: str
    _answer: asyncio.Future[bool] = field(repr=False)

    def answer(self, allowed: bool) -> None:
        """From any thread."""
        self._answer.get_loop().call_soon_threadsafe(self._set, allowed)

    def _set(self, allowed: bool) -> None:
        if not self._answer.done():
            self._answer.set_result(allowed)


@dataclass(frozen=True)
class Start:
    """Bytes follow: of the whole file, or (`resumed`) of its rest. `resume` is how to go on
    if they stop coming, None where that cannot be.
    """

    host: str
    resumed: bool
    resume: Resume | None


@dataclass(frozen=True)
class End:
    """No more comes, be it good or bad: the outcome of the coroutine says which."""


Chunks = list[bytes]
Piece = Question | Start | Chunks | End
