"""From "the provider has finished" to "we have noticed", on a clock of our own.

The studio's plan learns from a hundred jobs first and goes on learning; it pays a tick of a
quarter of a second before each look, which the others do not. A round trip takes 0.1 to
0.2 s.
"""

import math
import random
from collections.abc import Callable, Iterator
from functools import partial
from statistics import mean

from studio.generations.paces import FIRST, Pace, Seen, pace
from tests.bench.table import Row

MEDIANS = (45, 150, 400)
JOBS, HISTORY = 500, 100
TICK, EVERY = 0.25, 5.0

# No worse: 1,500 jobs tell two plans apart by no less than this.
SAME = (1.02, 1.02)
_line = random.Random(1)

# The wait after each look, by the job's age and the looks so far; and the first look.
Plan = tuple[float, Callable[[float, int], float]]
PEERS: dict[str, Plan] = {
    "Replicate 0.5 s": (0.5, lambda age, looks: 0.5),
    "Toonflow 2 s": (2, lambda age, looks: 2),
    "ComfyUI, Z.ai, InvokeAI 5 s": (0, lambda age, looks: 5),
    "Runway 6 s": (6, lambda age, looks: 6),
    "LiteLLM, huobao 10 s": (10, lambda age, looks: 10),
    "new-api 15 s": (15, lambda age, looks: 15),
    "video-starter-kit 20 s": (20, lambda age, looks: 20),
    "exponential, 2 s x 1.5 up to 30 s": (2, lambda age, looks: min(30, 2 * 1.5**looks)),
}
Found = tuple[float, float]


def rows() -> Iterator[Row]:
    for spread in (0.15, 0.40):
        fixed = _all(spread, partial(_peer, PEERS["ComfyUI, Z.ai, InvokeAI 5 s"]))
        goals = spread < 0.2
        yield _row("learned", spread, _ours(spread, EVERY), fixed, (0.5, 1.0) if goals else None)
        thrice = _ours(spread, EVERY / 1.5)
        yield _row("learned, more looks", spread, thrice, fixed, (1 / 3, 1.5) if goals else None)
        yield _row("no history", spread, _all(spread, _unlearned), fixed, SAME)
        for name, plan in PEERS.items():
            peer = _all(spread, partial(_peer, plan))
            yield _row(name, spread, peer, fixed, None)


def _row(name: str, spread: float, ours: Found, fixed: Found, goal: Found | None) -> Row:
    ratio, looks = ours[0] / fixed[0], ours[1] / fixed[1]
    return Row(
        f"lag, spread {spread:.2f}: {name}",
        f"{ours[0]:.2f} s, {ours[1]:.1f} looks",
        f"fixed 5 s: {fixed[0]:.2f} s, {fixed[1]:.1f} looks",
        ratio,
        f"at most {goal[0]:.2f} at {goal[1]:.2f} x the looks" if goal else "",
        goal is None or (ratio <= goal[0] and looks <= goal[1]),
    )


def _all(spread: float, watch: Callable[[float, Seen], Found]) -> Found:
    """Mean lag (seconds) and mean looks over the jobs of all models."""
    found = []
    for median in MEDIANS:
        chance, seen = random.Random(median), Seen()
        ends = [chance.lognormvariate(math.log(median), spread) for _ in range(HISTORY + JOBS)]
        for number, end in enumerate(ends):
            watched = watch(end, seen) if number >= HISTORY else (0.0, 0.0)
            seen = seen.and_also(end + watched[0] / 2)
            if number >= HISTORY:
                found.append(watched)
    return mean(lag for lag, _ in found), mean(looks for _, looks in found)


def _ours(spread: float, every: float) -> Found:
    return _all(spread, lambda end, seen: _studio(end, pace(seen.habit(None), every)))


def _unlearned(end: float, seen: Seen) -> Found:
    return _studio(end, pace(None, EVERY))


def _studio(end: float, found: Pace) -> Found:
    at, looks = FIRST, 1
    while (tick := math.ceil(at / TICK) * TICK) < end:
        at = found.next_age(tick + _trip())
        looks += 1
    return tick + _trip() - end, looks


def _peer(plan: Plan, end: float, seen: Seen) -> Found:
    at, wait = plan
    looks = 1
    while at < end:
        at += _trip() + wait(at, looks)
        looks += 1
    return at + _trip() - end, looks


def _trip() -> float:
    return _line.uniform(0.1, 0.2)
