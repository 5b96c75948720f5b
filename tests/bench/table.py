"""What a bench answers with, and how it is shown."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One comparison. `ours` and `reference` are figures with their units, `ratio` is ours to the
    reference's, and `goal` says in words what it should be; empty, the row only informs.
    """

    name: str
    ours: str
    reference: str
    ratio: float
    goal: str
    met: bool


_HEAD = ("", "ours", "reference", "ratio", "goal", "met")


def machine() -> str:
    """What the figures were taken on: two machines' figures are not to be compared."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB,"
        f" {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def lines(rows: Iterable[Row]) -> list[str]:
    """The rows as a Markdown table whose columns stand under one another."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    shown = [_line(row, widths) for row in cells]
    return [shown[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *shown[1:]]


def medians(*turns: Callable[[], object], times: int = 15) -> list[float]:
    """Median seconds of each, taken in turns, so that a busy neighbour slows all of them alike."""
    taken: list[list[float]] = [[] for _ in turns]
    for turn in turns:
        turn()  # warm: what is loaded once is no part of the figure
    for _ in range(times):
        for seconds, turn in zip(taken, turns, strict=True):
            start = time.perf_counter()
            turn()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in taken]


def _cells(row: Row) -> tuple[str, ...]:
    met = ("yes" if row.met else "NO") if row.goal else ""
    return (row.name, row.ours, row.reference, f"{row.ratio:.2f}", row.goal, met)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(map(str.ljust, cells, widths)) + " |"


def _processor() -> str:
    found = Path("/proc/cpuinfo")
    for line in found.read_text().splitlines() if found.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unnamed"
