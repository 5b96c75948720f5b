"""A state moves once, from a named predecessor, with its event, or not at all."""

import itertools
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from studio.generations.models import Generation, GenerationEvent
from studio.generations.states import FINAL, MOVES, State
from studio.generations.transitions import move
from tests import clips, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued() -> Generation:
    person = people.person()
    return clips.generation(project=person.personal_project, person=person)


def test_a_move_writes_the_state_and_its_event_together(queued: Generation) -> None:
    assert move(queued, State.QUEUED, State.SUBMITTING, detail={"why": "a seat is free"})
    assert queued.state == State.SUBMITTING
    event = queued.events.get(kind="moved")
    assert (event.from_state, event.to_state) == ("queued", "submitting")
    assert event.detail == {"why": "a seat is free"}


def test_the_loser_of_a_move_changes_nothing(queued: Generation) -> None:
    stale = Generation.objects.get(pk=queued.pk)
    assert move(queued, State.QUEUED, State.CANCELLED)
    assert not move(stale, State.QUEUED, State.SUBMITTING, error_code="mine")
    now = Generation.objects.get(pk=queued.pk)
    assert (now.state, now.error_code) == (State.CANCELLED, "")
    assert now.events.count() == 1


def test_a_lost_lease_cannot_move_the_row(queued: Generation) -> None:
    Generation.objects.filter(pk=queued.pk).update(lease_token="theirs")
    assert not move(queued, State.QUEUED, State.SUBMITTING, lease="mine")
    assert move(queued, State.QUEUED, State.SUBMITTING, lease="theirs")


@pytest.mark.parametrize(
    ("source", "target"),
    [pair for pair in itertools.product(State, State) if pair[1] not in MOVES[pair[0]]],
)
def test_only_the_drawn_moves_exist(queued: Generation, source: State, target: State) -> None:
    with pytest.raises(ValueError, match="never moves"):
        move(queued, source, target)


def test_terminal_is_terminal_but_for_a_file_that_turns_up() -> None:
    leads_on = {state for state in FINAL if MOVES[state]}
    assert leads_on == {State.LOST}


def test_a_state_that_needs_the_tick_is_due_and_a_final_one_is_not(queued: Generation) -> None:
    assert move(queued, State.QUEUED, State.SUBMITTING)
    assert move(queued, State.SUBMITTING, State.RUNNING)
    assert queued.due_at is not None
    assert move(queued, State.RUNNING, State.FAILED)
    assert queued.due_at is None and queued.finished_at is not None


def test_the_database_refuses_a_success_without_a_video(queued: Generation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Generation.objects.filter(pk=queued.pk).update(state=State.SUCCEEDED)


def test_the_database_refuses_a_state_nobody_knows(queued: Generation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Generation.objects.filter(pk=queued.pk).update(state="dreaming")


def _race(pk: int, step: "threading.Barrier", guarded: bool, wins: list[bool]) -> None:
    try:
        row = Generation.objects.get(pk=pk)
        step.wait()
        if guarded:
            wins.append(move(row, State.QUEUED, State.SUBMITTING))
        elif row.state == State.QUEUED:  # the control: check, then write
            with transaction.atomic():
                Generation.objects.filter(pk=pk).update(state=State.SUBMITTING)
                GenerationEvent.objects.create(generation=row, kind="moved")
            wins.append(True)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "winners"), [(True, 1), (False, 8)])
def test_of_eight_workers_one_wins_and_without_the_guard_all_do(
    queued: Generation, guarded: bool, winners: int
) -> None:
    barrier, wins = threading.Barrier(8), list[bool]()
    threads = [
        threading.Thread(target=_race, args=(queued.pk, barrier, guarded, wins)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wins) == winners
    assert GenerationEvent.objects.filter(generation=queued, kind="moved").count() == winners
