"""One event loop on one thread for the whole process: polls and downloads share it.

It starts when first needed. A forked child starts its own: what it inherited is set aside, since
closing it would take the parent's connections out of the poll set that both still share.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from studio.providers.door import sessions

T = TypeVar("T")

_STOP_SECONDS = 5.0


class LoopStopped(Exception):
    """The process ends: what was under way on the loop was given up."""


class _Thread:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def is_mine(self) -> bool:
        return threading.current_thread() is self._thread

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop)
        self._thread.join(_STOP_SECONDS)
        if not self._thread.is_alive():
            self.loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await sessions.close()
        self.loop.stop()


_lock = threading.Lock()
_current: _Thread | None = None
# Never looked at again, never collected.
_inherited: list[_Thread] = []


def submit(work: Coroutine[Any, Any, T]) -> "Future[T]":
    """Start `work` on the loop; its outcome is the future's."""
    thread = _running()
    if thread.is_mine():
        work.close()
        raise RuntimeError("The loop's own thread would wait for itself.")
    return asyncio.run_coroutine_threadsafe(work, thread.loop)


def run(work: Coroutine[Any, Any, T]) -> T:
    """`work`'s result, waited for. Raises `LoopStopped` where the loop was stopped meanwhile."""
    return result(submit(work))


def result(future: "Future[T]") -> T:
    try:
        return future.result()
    except CancelledError:
        raise LoopStopped from None
    finally:
        future.cancel()


def is_here() -> bool:
    """Whether this is the thread of the loop."""
    return _current is not None and _current.is_mine()


def stop() -> None:
    """End the thread; a later call starts another. What runs on it raises `LoopStopped`."""
    global _current
    with _lock:
        thread, _current = _current, None
    if thread is not None:
        thread.stop()


def _running() -> _Thread:
    global _current
    with _lock:
        if _current is None:
            _current = _Thread()
        return _current


def _forget() -> None:
    """In a child: the thread was not forked along."""
    global _current, _lock
    _lock = threading.Lock()
    if _current is not None:
        _inherited.append(_current)
    _current = None


os.register_at_fork(after_in_child=_forget)
atexit.register(stop)
