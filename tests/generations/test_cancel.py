"""Certain before it was sent, a wish afterwards, and never a second time."""

import pytest

from studio.accounts.models import User
from studio.generations import marks, work
from studio.generations.cancel import Outcome, cancel
from studio.generations.models import Generation
from studio.generations.states import State
from tests import clips

pytestmark = pytest.mark.django_db


def one(person: User, state: State) -> Generation:
    return clips.generation(project=person.personal_project, person=person, state=state)


@pytest.mark.row("F045")
def test_a_queued_generation_is_cancelled_and_a_late_message_finds_nothing_to_do(
    person: User,
) -> None:
    queued = one(person, State.QUEUED)
    assert cancel(queued, person) == Outcome.CANCELLED
    assert not work.step(queued.pk)
    assert Generation.objects.get(pk=queued.pk).state == State.CANCELLED


def test_a_running_local_generation_is_stopped_by_whoever_renders_it(person: User) -> None:
    running = one(person, State.RUNNING)
    clips.attempt(running)
    assert cancel(running, person) == Outcome.STOPPING
    assert work.step(running.pk)
    running.refresh_from_db()
    assert running.state == State.CANCELLED
    assert running.attempts.get().seat_given_back_at is not None


def test_the_wish_is_noted_once(person: User) -> None:
    running = one(person, State.RUNNING)
    cancel(running, person)
    wished = running.cancel_wished_at
    cancel(running, person)
    assert running.cancel_wished_at == wished
    assert running.events.filter(kind="cancel wished").count() == 1


def test_what_is_being_saved_finishes_into_the_trash(person: User) -> None:
    assert cancel(one(person, State.ARCHIVING), person) == Outcome.TO_TRASH


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED, State.UNKNOWN])
def test_nothing_is_cancelled_after_the_end_or_out_of_the_unknown(
    person: User, state: State
) -> None:
    ended = one(person, state)
    is_unknown = state == State.UNKNOWN
    assert cancel(ended, person) == (Outcome.NOT_KNOWN if is_unknown else Outcome.TOO_LATE)
    assert Generation.objects.get(pk=ended.pk).state == state


def test_trashing_what_waits_cancels_it_first(person: User) -> None:
    queued = one(person, State.QUEUED)
    assert marks.trash(queued, person) == Outcome.CANCELLED
    assert queued.state == State.CANCELLED and queued.deleted_at is not None


@pytest.mark.row("F044")
def test_a_person_switched_off_has_nothing_started(person: User) -> None:
    queued = one(person, State.QUEUED)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert work.step(queued.pk)
    queued.refresh_from_db()
    assert queued.state == State.CANCELLED
    assert queued.events.get(kind="moved").detail == {"reason": "The person was switched off."}
