"""From the loop's thread to the one that waits: a short line of things, with back-pressure."""

import asyncio
import queue
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Bridge(Generic[T]):
    """`put` waits on the loop while `room` things lie here that nobody has taken."""

    def __init__(self, room: int) -> None:
        self._things: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(room)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def put(self, thing: T) -> None:
        self._loop = asyncio.get_running_loop()
        await self._room.acquire()
        self._things.put(thing)

    def end(self, thing: T) -> None:
        """One of the last things: never waits."""
        self._things.put(thing)

    def take(self, seconds: float) -> T | None:
        """The next thing; None where none came in time."""
        try:
            thing = self._things.get(timeout=seconds)
        except queue.Empty:
            return None
        if self._loop is not None:
            # A loop that was closed has nobody left who waits for room.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._room.release)
        return thing
