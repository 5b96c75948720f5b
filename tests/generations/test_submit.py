"""Seats are counted from rows, and people take turns."""

import threading

import pytest
from django.db import connection

from studio.accounts.models import User
from studio.generations import work
from studio.generations.models import Attempt, Generation
from studio.generations.states import State
from studio.generations.submit import first_in_line
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
    assert first_in_line("local") == theirs.pk


@pytest.mark.django_db(transaction=True)
def test_racing_workers_never_take_more_seats_than_there_are() -> None:
    jobs = queue(people.person(), 8)
    seats.local_account()
    barrier = threading.Barrier(8)

    def go(pk: int) -> None:
        try:
            barrier.wait()
            work.step(pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(job.pk,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seated = Attempt.objects.in_seat(seats.local_account()).count()
    assert seated <= seats.local_seats()
    assert Generation.objects.filter(state=State.RUNNING).count() == seated
