"""At which ages to look at a job, from how long such jobs have taken. Pure arithmetic.

A look costs a request, and saves waiting only where the job is likely to end: with looks as
dense as the square root of the rate at which jobs of that age end, the wait between "finished"
and "noticed" is the least that their number allows. How dense in all is scaled so that a job
costs as many looks as one look every so many seconds would.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

# Soon after it was taken, to show that it was.
FIRST = 2.0
# Looks are never closer together, and never further apart while it may end (seconds).
CLOSEST, FURTHEST = 0.5, 30.0
# A round trip, and what of a tick passes before a look: a fixed pace pays them as well.
TRIP = 0.2
# Of which the tick is ours alone: what it adds is taken off again.
TICKING = 0.15
# A job that has taken this many times the pace is looked at ever more rarely.
AGEING = 1 / 240
RAREST = 60.0
# Older than that (seconds) it is overdue, which has a rule of its own.
OLDEST = 7200.0
# The curve is drawn between these standard deviations from the mean, in so many steps.
_FROM, _TO, _STEPS = -6.0, 4.0, 400
_HALVINGS = 16
# What is learned changes a little with each job: so fine it is told apart (of a logarithm).
_GRAIN = 0.02


@dataclass(frozen=True)
class Habit:
    """How long jobs take: mean and spread (standard deviation) of the logarithm of seconds."""

    mean: float
    spread: float

    @property
    def expected(self) -> float:
        """Seconds, on average."""
        return math.exp(self.mean + self.spread**2 / 2)

    def roughly(self) -> "Habit":
        """The same to every caller until something has really changed."""
        mean, spread = (round(value / _GRAIN) * _GRAIN for value in (self.mean, self.spread))
        return Habit(mean, max(spread, _GRAIN))


@dataclass(frozen=True)
class Pace:
    """`ages` (seconds, ascending) to look at; beyond them, one look `every` so many seconds."""

    every: float
    ages: tuple[float, ...] = ()

    def next_age(self, age: float) -> float:
        place = bisect_right(self.ages, age + CLOSEST / 2)
        if place < len(self.ages):
            return self.ages[place]
        return age + max(self.every - TICKING, min(age * AGEING, RAREST))


def pace(habit: Habit | None, every: float) -> Pace:
    """As many looks as one `every` so many seconds; exactly those where no habit is known."""
    return Pace(every) if habit is None else _learned(habit.roughly(), every)


@lru_cache(maxsize=512)
def _learned(habit: Habit, every: float) -> Pace:
    curve = _Curve.of(habit)
    most = habit.expected / (every + TRIP)
    # Halve the interval of densities, on a logarithmic scale, until the looks are as many.
    low, high = -8.0, 6.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if curve.looks(curve.ages(math.exp(middle))) > most:
            high = middle
        else:
            low = middle
    return Pace(every, tuple(curve.ages(math.exp(low))))


@dataclass(frozen=True)
class _Curve:
    """Sums up to each of `times`: of the square root of the rate at which jobs end."""

    habit: Habit
    times: tuple[float, ...]
    sums: tuple[float, ...]

    @classmethod
    def of(cls, habit: Habit) -> "_Curve":
        width = (_TO - _FROM) / _STEPS
        times, sums, total = [0.0], [0.0], 0.0
        for step in range(_STEPS):
            z = _FROM + (step + 0.5) * width
            end = math.exp(habit.mean + habit.spread * (z + width / 2))
            density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / _left(z)
            middle = math.exp(habit.mean + habit.spread * z)
            total += math.sqrt(density / (habit.spread * middle)) * (end - times[-1])
            times.append(end)
            sums.append(total)
        return cls(habit, tuple(times), tuple(sums))

    def ages(self, density: float) -> list[float]:
        return list(self._ages(density))

    def _ages(self, density: float) -> Iterator[float]:
        age, last = FIRST, min(self.times[-1], OLDEST)
        while age < last:
            yield age
            wished = self._at(self._sum(age) + 1 / density)
            age = min(max(wished, age + CLOSEST), age + FURTHEST)

    def looks(self, ages: list[float]) -> float:
        """How many of these a job costs on average: each is made if it had not ended before."""
        return sum(self._running(before) for before in [0.0, *ages[:-1]])

    def _running(self, age: float) -> float:
        if age <= 0:
            return 1.0
        return _left((math.log(age) - self.habit.mean) / self.habit.spread)

    def _sum(self, age: float) -> float:
        return _between(age, self.times, self.sums)

    def _at(self, total: float) -> float:
        return _between(total, self.sums, self.times) if total < self.sums[-1] else math.inf


def _left(z: float) -> float:
    """The share of jobs that take longer than `z` standard deviations over the mean."""
    return max(math.erfc(z / math.sqrt(2)) / 2, 1e-12)


def _between(value: float, known: tuple[float, ...], wanted: tuple[float, ...]) -> float:
    place = min(bisect_right(known, value), len(known) - 1)
    lower, upper = known[place - 1], known[place]
    share = (value - lower) / (upper - lower) if upper > lower else 1.0
    return wanted[place - 1] + min(share, 1.0) * (wanted[place] - wanted[place - 1])


# ── Learning ──────────────────────────────────────────────────────────────────────────────────

# Before it has seen enough, a model's habit is nobody's; then the catalogue's word still counts
# as much as a fraction of a job, with a spread of its own.
ENOUGH = 3
TRUST = 0.25
DOUBT, DOUBT_SPREAD = 1.0, 0.4
# Older jobs weigh less: providers change.
MEMORY = 200


@dataclass(frozen=True)
class Seen:
    """What finished jobs have taught: mean and sum of squared distances of log seconds."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def and_also(self, seconds: float) -> "Seen":
        value = math.log(max(seconds, 1.0))
        before = self if self.count < MEMORY else self._faded()
        count = before.count + 1
        mean = before.mean + (value - before.mean) / count
        squares = before.squares + (value - before.mean) * (value - mean)
        return replace(before, count=count, mean=mean, squares=squares)

    def _faded(self) -> "Seen":
        return replace(self, count=MEMORY - 1, squares=self.squares * (MEMORY - 1) / MEMORY)

    def habit(self, usual: float | None) -> Habit | None:
        """With the catalogue's `usual` seconds; the fewer jobs, the wider. None: too few."""
        if self.count < ENOUGH:
            return None
        trust = TRUST if usual else 0.0
        said = math.log(usual) if usual else self.mean
        weight = self.count + trust
        mean = (self.count * self.mean + trust * said) / weight
        apart = self.count * trust / weight * (self.mean - said) ** 2
        squares = 2 * DOUBT * DOUBT_SPREAD**2 + self.squares + apart
        variance = squares / (2 * DOUBT + self.count) * (weight + 1) / weight
        return Habit(mean, math.sqrt(variance))
