"""Seats are counted from rows, and people take turns."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from studio.accounts.models import User
from studio.generations import work
from studio.generations.line import first_in_line
from studio.generations.models import Attempt, Generation
from studio.generations.states import State
from studio.scheduling import seats
from tests import clips, people

pytestmark = pytest.mark.django_db


def queue(person: User, count: int = 1) -> list[Generation]:
    home = person.personal_project
    return [clips.generation(project=home, person=person) for _ in range(count)]


def test_a_free_seat_starts_the_job_and_counts_as_taken() -> None:
    (job,) = queue(people.person())
    work.step(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease_token) == (State.RUNNING, "")
    assert job.due_at is not None and job.started_at is not None
    assert Attempt.objects.in_seat(seats.local_account()).get().generation == job


@pytest.mark.row("F038")
def test_a_job_without_a_seat_waits_in_line() -> None:
    person = people.person()
    jobs = queue(person, seats.local_seats() + 2)
    for job in jobs:
        work.step(job.pk)
    states = list(Generation.objects.order_by("pk").values_list("state", flat=True))
    assert states.count("running") == seats.local_seats()
    assert states.count("queued") == 2
    assert not Generation.objects.filter(state=State.QUEUED, due_at=None).exists()


def test_people_take_turns_however_many_one_of_them_ordered() -> None:
    busy, patient = people.person(), people.person()
    jobs = queue(busy, 5)
    (theirs,) = queue(patient)
    Generation.objects.filter(pk=jobs[0].pk).update(state=State.RUNNING)
    clips.attempt(jobs[0])
    assert first_in_line("local") == theirs.pk


def race(jobs: list[Generation], go: Callable[[int, threading.Barrier], None]) -> int:
    """Let all jobs go at once; returns how many seats are taken in the end."""
    barrier = threading.Barrier(len(jobs))

    def one(pk: int) -> None:
        try:
            go(pk, barrier)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(job.pk,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Attempt.objects.in_seat(seats.local_account()).count()


def guarded(pk: int, barrier: threading.Barrier) -> None:
    barrier.wait()
    work.step(pk)


def unguarded(pk: int, barrier: threading.Barrier) -> None:
    """The control: count the seats first, take one then."""
    account = seats.local_account()
    taken = Attempt.objects.in_seat(account).count()
    barrier.wait()
    if taken < account.in_flight_limit:
        Generation.objects.filter(pk=pk).update(state=State.RUNNING)
        clips.attempt(Generation.objects.get(pk=pk))


@pytest.mark.django_db(transaction=True)
def test_racing_workers_never_take_more_seats_than_there_are() -> None:
    assert race(queue(people.person(), 8), guarded) <= seats.local_seats()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_do() -> None:
    assert race(queue(people.person(), 8), unguarded) > seats.local_seats()
