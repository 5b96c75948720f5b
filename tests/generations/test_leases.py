"""One worker at a time, and a dead one is replaced."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from studio.generations import leases
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock
from tests import clips, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued() -> Generation:
    person = people.person()
    return clips.generation(project=person.personal_project, person=person)


def test_a_held_row_is_not_leased_again(queued: Generation) -> None:
    assert leases.take(queued.pk)
    assert leases.take(queued.pk) is None


def test_a_row_that_needs_nobody_is_not_leased(queued: Generation) -> None:
    Generation.objects.filter(pk=queued.pk).update(state=State.CANCELLED, due_at=None)
    assert leases.take(queued.pk) is None


def test_a_dead_holder_is_replaced_and_then_may_write_nothing(queued: Generation) -> None:
    frozen = leases.take(queued.pk)
    assert frozen
    with clock.shift(leases.life() + timedelta(seconds=1)):
        due = Generation.objects.due(clock.now()).get()
        assert leases.offer(due, clock.now() + timedelta(seconds=10))
        assert leases.take(queued.pk)
        assert not frozen.renew(progress=0.9)
        assert not frozen.drop(None)
    assert Generation.objects.get(pk=queued.pk).progress == 0


def test_a_renewed_lease_is_not_due(queued: Generation) -> None:
    lease = leases.take(queued.pk)
    assert lease
    with clock.shift(leases.life() - timedelta(seconds=1)):
        assert lease.renew(progress=0.5)
    with clock.shift(leases.life() + timedelta(seconds=10)):
        assert not Generation.objects.due(clock.now()).exists()


def test_a_dropped_row_comes_back_when_asked(queued: Generation) -> None:
    lease = leases.take(queued.pk)
    assert lease and lease.drop(clock.now() + timedelta(seconds=5))
    assert not Generation.objects.due(clock.now()).exists()
    with clock.shift(timedelta(seconds=6)):
        assert Generation.objects.due(clock.now()).get() == queued


def test_a_starting_worker_leaves_the_lease_of_a_command_alone(queued: Generation) -> None:
    lease = leases.take(queued.pk)  # this process is a command, not the worker
    assert lease and leases.void_workers() == 0
    assert lease.renew(progress=0.5)


def test_a_starting_worker_takes_over_from_the_dead_one(
    queued: Generation, settings: Settings
) -> None:
    settings.PROCESS = "worker"
    dead = leases.take(queued.pk)
    assert dead and leases.void_workers() == 1
    assert not dead.renew()
    assert leases.take(queued.pk)


@pytest.mark.row("F063")
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_hand_a_row_out_once(queued: Generation) -> None:
    barrier, wins = threading.Barrier(6), list[bool]()

    def sweep() -> None:
        try:
            row = Generation.objects.get(pk=queued.pk)
            barrier.wait()
            wins.append(leases.offer(row, clock.now() + timedelta(seconds=10)))
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wins) == 1
    assert Generation.objects.get(pk=queued.pk).state == State.QUEUED
