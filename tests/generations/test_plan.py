"""When a job is looked at, on a clock of our own: early enough, and not too often."""

import math
import random
from datetime import timedelta
from itertools import pairwise
from statistics import mean

import pytest

from studio.generations import paces, plan, timings
from studio.generations.models import Generation, Timing
from studio.generations.paces import FIRST, Habit, Pace, Seen, pace
from studio.generations.states import State
from studio.lib import clock
from studio.providers.base import Progress, Stage
from tests.generations.paying import Desk, attempt, fresh, later, step

EVERY = 5.0
TRIP = 0.15


def lag_and_looks(plan_: Pace, ends: list[float], first: float = FIRST) -> tuple[float, float]:
    """Mean seconds from finished to noticed, and mean number of looks."""
    lags, looks = [], []
    for end in ends:
        at, count = first, 1
        while at < end:
            at = plan_.next_age(at + TRIP)
            count += 1
        lags.append(at + TRIP - end)
        looks.append(count)
    return mean(lags), mean(looks)


def jobs(median: float, spread: float, count: int = 500) -> list[float]:
    chance = random.Random(median)
    return [chance.lognormvariate(math.log(median), spread) for _ in range(count)]


def learned(ends: list[float], usual: float | None = None) -> Habit | None:
    seen = Seen()
    for end in ends:
        seen = seen.and_also(end)
    return seen.habit(usual)


@pytest.mark.parametrize("median", [45, 150, 400])
def test_learned_times_halve_the_wait_for_no_more_looks(median: float) -> None:
    habit = learned(jobs(median, 0.15, 100))
    ends = jobs(median, 0.15)[100:]
    fixed_lag, fixed_looks = lag_and_looks(pace(None, EVERY), ends, first=EVERY)
    lag, looks = lag_and_looks(pace(habit, EVERY), ends)
    assert lag <= fixed_lag / 2 and looks <= fixed_looks
    lag, looks = lag_and_looks(pace(habit, EVERY / 1.5), ends)
    assert lag <= fixed_lag / 3 and looks <= 1.5 * fixed_looks


def test_without_history_it_is_looked_at_evenly() -> None:
    lag, looks = lag_and_looks(pace(None, EVERY), jobs(150, 0.4))
    assert lag <= EVERY / 2 + TRIP
    assert looks <= 150 * math.exp(0.08) / EVERY + 2


@pytest.mark.parametrize("truth", [30, 600])
def test_a_catalogue_that_is_wrong_does_little_harm(truth: float) -> None:
    ends = jobs(truth, 0.15)
    habit = learned(ends[:5], usual=150)
    lag, _ = lag_and_looks(pace(habit, EVERY), ends)
    assert lag <= EVERY


def test_the_fewer_jobs_were_seen_the_less_sure_it_is() -> None:
    ends = jobs(150, 0.15, 200)
    spreads = [habit.spread for n in (3, 10, 50, 200) if (habit := learned(ends[:n]))]
    assert spreads == sorted(spreads, reverse=True) and spreads[0] > 1.5 * spreads[-1]
    assert learned(ends[:2]) is None


def test_what_was_learned_long_ago_is_forgotten() -> None:
    habit = learned(jobs(40, 0.1, 300) + jobs(120, 0.1, 1000))
    assert habit and 100 < math.exp(habit.mean) < 125


def test_a_job_that_outlives_every_expectation_is_still_looked_at() -> None:
    found = pace(Habit(math.log(45), 0.15), EVERY)
    ages = [round(found.next_age(age) - age, 6) for age in (200.0, 1000.0, 7000.0)]
    assert ages == sorted(ages) and 4 < ages[0] < 6 and ages[-1] <= paces.RAREST
    assert all(later - sooner >= paces.CLOSEST for sooner, later in _pairs(found.ages))
    assert all(later - sooner <= paces.FURTHEST for sooner, later in _pairs(found.ages))


def _pairs(ages: tuple[float, ...]) -> list[tuple[float, float]]:
    return list(pairwise(ages))


# ── What is learned from rows ─────────────────────────────────────────────────────────────────

DONE = Progress(Stage.DONE, links=("http://127.0.0.1:1/a.mp4",))


def running(desk: Desk, **fields: object) -> Generation:
    """At the provider since 100 s, and looked at 4 s ago."""
    desk.sandbox.next("zai", "late", seconds=600)
    made = desk.sent("zai/vidu2-reference")
    now = clock.now()
    times = {"started_at": now - timedelta(seconds=100), "looked_at": now - timedelta(seconds=4)}
    Generation.objects.filter(pk=made.pk).update(**times | fields)
    made.attempts.update(sending_at=now - timedelta(seconds=101))
    return fresh(made)


@pytest.mark.django_db
def test_a_job_that_ends_teaches_how_long_it_took(desk: Desk) -> None:
    desk.connect("zai")
    timings.learn(attempt(running(desk)))
    row = Timing.objects.get()
    assert (row.model, row.count) == ("zai/vidu2-reference", 1)
    assert math.exp(row.log_mean) == pytest.approx(98, abs=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"looked_at": clock.now() - timedelta(hours=1)},
        {"is_off_peak": True},
        {"started_at": None},
    ],
    ids=["not looked at for long", "off peak", "never started"],
)
def test_a_job_of_which_nobody_knows_when_it_ended_teaches_nothing(
    desk: Desk, fields: dict[str, object]
) -> None:
    desk.connect("zai")
    timings.learn(attempt(running(desk, **fields)))
    assert not Timing.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_looks_follow_what_this_account_has_taught(desk: Desk) -> None:
    account = desk.connect("zai")
    job = running(desk)
    seen = Seen()
    for end in jobs(400, 0.15, 50):
        seen = seen.and_also(end)
    Timing.objects.create(
        model=job.model,
        account=account,
        count=seen.count,
        log_mean=seen.mean,
        log_squares=seen.squares,
    )
    job = step(job)
    assert job.state == State.RUNNING and job.due_at
    assert 10 < (job.due_at - clock.now()).total_seconds() <= paces.FURTHEST
    with later(seconds=300):
        job = step(job)
        assert job.due_at and job.due_at - clock.now() < timedelta(seconds=5)
        assert job.looked_at and not plan.is_overdue(job, clock.now())
