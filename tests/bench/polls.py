"""Looks at running jobs per second with 1,000 in flight: the studio's round, plain httpx beside it.

The studio's figure is all of it: reading the rows, leasing, asking, parsing, writing the state
back. httpx only asks and parses. The provider is a process of its own that answers after 50 ms.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
from django.core.management import call_command
from django.test import override_settings

from studio.generations import poller
from studio.generations.models import Attempt, Generation, Order, Origin
from studio.generations.states import State
from studio.lib import clock, uid
from studio.providers.base import Stage
from studio.scheduling import keys
from studio.scheduling.models import ProviderAccount
from tests import people
from tests.bench.table import Row

IN_FLIGHT, TURNS = 1000, 5
CROWD, INTERVAL = 2000, 5.0
GOAL = 50


def rows() -> Iterator[Row]:
    call_command("migrate", verbosity=0)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.slow_provider"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    host = f"127.0.0.1:{server.stdout.readline().strip()}"
    try:
        with override_settings(TRUSTED_HOSTS=[host], POLL_SECONDS=120.0):
            yield from _rows(host)
    finally:
        server.terminate()
        server.wait()


def _rows(host: str) -> Iterator[Row]:
    pks = _crowd(f"http://{host}", CROWD)
    _round(pks[:IN_FLIGHT])  # the first word of each job is news; from then on none is
    ours = _median(lambda: IN_FLIGHT / _round(pks[:IN_FLIGHT]))
    theirs = IN_FLIGHT / asyncio.run(_by_httpx(f"http://{host}/async-result/1"))
    met = ours >= GOAL * theirs
    shown = f"{ours:.0f}/s", f"httpx {theirs:.0f}/s"
    goal = f"{GOAL} x as many"
    yield Row(f"looks, {IN_FLIGHT} in flight", *shown, ours / theirs, goal, met)
    _round(pks)
    seconds = _median(lambda: sum(_round(pks[at : at + 500]) for at in range(0, CROWD, 500)))
    name, shown = f"one look at each of {CROWD} jobs", (f"{seconds:.1f} s", f"{INTERVAL:.0f} s")
    goal = "within twice the interval"
    yield Row(name, *shown, seconds / INTERVAL, goal, seconds <= 2 * INTERVAL)


def _median(turn: Callable[[], float]) -> float:
    return sorted(turn() for _ in range(TURNS))[TURNS // 2]


def _round(pks: list[int]) -> float:
    """Seconds that a look at all of these takes."""
    Generation.objects.filter(pk__in=pks).update(due_at=clock.now())
    start = time.perf_counter()
    looked = poller.look_at(pks)
    seconds = time.perf_counter() - start
    assert looked == len(pks) and not Generation.objects.filter(failures__gt=0).exists()
    return seconds


async def _by_httpx(url: str) -> float:
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
    async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=600) as client:
        start = time.perf_counter()
        answers = await asyncio.gather(*(client.get(url) for _ in range(IN_FLIGHT)))
        assert all(answer.json()["task_status"] for answer in answers)
        return time.perf_counter() - start


def _crowd(address: str, count: int) -> list[int]:
    """So many jobs that run at the slow provider."""
    people.studio()
    person = people.person()
    account = ProviderAccount.objects.create(
        provider="zai", name=uid.new()[:8], in_flight_limit=500, base_url=address
    )
    keys.put(account, "a-key-for-the-bench")
    home, now = person.personal_project, clock.now()
    order = Order.objects.create(
        person=person, project=home, form_key=uid.new(), origin=Origin.SHELL
    )
    made = Generation.objects.bulk_create(
        Generation(
            order=order,
            number=number + 1,
            project=home,
            person=person,
            model="zai/vidu2-reference",
            currency="USD",
            state=State.RUNNING,
            started_at=now - timedelta(seconds=20),
            due_at=now,
        )
        for number in range(count)
    )
    key = account.keys.get()
    Attempt.objects.bulk_create(
        Attempt(
            generation=row,
            account=account,
            key=key,
            number=1,
            remote_id=f"job-{row.number}",
            stage=Stage.RUNNING,
        )
        for row in made
    )
    return [row.pk for row in made]
