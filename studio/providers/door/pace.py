"""Give up on what trickles: too few bytes in a stretch of time, or not whole by the deadline."""

import asyncio


class Pace:
    """`limit` ends the block that it guards; `came` counts. Stretches do not overlap, so a
    stall is seen within two of them.
    """

    def __init__(self, limit: asyncio.Timeout, least: float, seconds: float) -> None:
        self._limit = limit
        self._least = least * seconds
        self._seconds = seconds
        self._came = 0
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(seconds, self._look)

    def came(self, size: int) -> None:
        self._came += size

    def stop(self) -> None:
        self._next.cancel()

    def _look(self) -> None:
        if self._came < self._least:
            self._limit.reschedule(self._loop.time())
            return
        self._came = 0
        self._next = self._loop.call_later(self._seconds, self._look)
