"""After a restore nothing is spent until an admin has looked."""

import pytest
from django.test import Client
from django.urls import reverse

from studio.accounts.models import Studio
from studio.audit.models import AuditLine
from studio.generations import leases
from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.states import Charge, State
from studio.generations.submit import submit
from studio.spend import books
from studio.upkeep import safety
from studio.upkeep.doctor import look
from tests import clips, people
from tests.upkeep import paid

pytestmark = pytest.mark.django_db
MADE_AT = "2026-11-30T03:00:00+00:00"


def try_to_submit(clip: Generation) -> str:
    Generation.objects.filter(pk=clip.pk).update(due_at=clip.created_at, lease_token="")
    lease = leases.take(clip.pk)
    assert lease
    submit(lease)
    return Generation.objects.get(pk=clip.pk).state


@pytest.mark.row("F151")
def test_a_restored_studio_doubts_what_was_open_and_sends_nothing(
    cast: people.Cast, client: Client
) -> None:
    paid.account()
    sending, made = (make(cast.project, cast.member) for make in (paid.submitting, paid.running))
    waiting = paid.queued(cast.project, cast.member)
    ours = clips.generation(project=cast.project, person=cast.member)

    assert safety.enter(MADE_AT) == safety.Entered(unknown=2, waiting=1)
    for clip in (sending, made):
        clip.refresh_from_db()
        assert (clip.state, clip.charge) == (State.UNKNOWN, Charge.HELD)
    assert sending.attempts.get().state == AttemptState.UNKNOWN
    assert made.attempts.get().remote_id
    assert not Studio.get().is_spending
    assert (try_to_submit(waiting), try_to_submit(ours)) == (State.QUEUED, State.RUNNING)
    assert not Attempt.objects.filter(generation=waiting).exists()
    assert (books.drift(), look()) == ([], [])

    client.force_login(cast.member)
    shown = client.get(reverse("gallery")).content.decode()
    assert "Restored; the administrator is checking" in shown
    assert reverse("restored") not in shown
    client.force_login(cast.admin)
    assert reverse("restored") in client.get(reverse("gallery")).content.decode()
    shown = client.get(reverse("restored")).content.decode()
    assert all(reverse("generation", args=[c.uid]) in shown for c in (sending, made, waiting))


def test_a_confirmation_lets_what_waits_go_on_and_is_audited(
    cast: people.Cast, client: Client
) -> None:
    paid.account()
    waiting = paid.queued(cast.project, cast.member)
    safety.enter(MADE_AT)
    client.force_login(cast.admin)
    client.post(reverse("restored"))
    assert Studio.get().is_spending
    # It has its seat; that the account has no key is another story.
    assert try_to_submit(waiting) == State.QUEUED
    assert waiting.attempts.count() == 1
    line = AuditLine.objects.get(action="studio.spend_again")
    assert (line.actor_uid, line.after) == (cast.admin.uid, {"waiting": 1, "cancelled": False})
    assert "Restored; the" not in client.get(reverse("gallery")).content.decode()


def test_an_admin_may_cancel_what_was_surely_sent_since(cast: people.Cast, client: Client) -> None:
    waiting = paid.queued(cast.project, cast.member)
    safety.enter(MADE_AT)
    client.force_login(cast.admin)
    client.post(reverse("restored"), {"cancel": "1"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.charge) == (State.CANCELLED, Charge.RELEASED)
    assert (Studio.get().is_spending, look()) == (True, [])


def test_a_second_confirmation_does_nothing(cast: people.Cast) -> None:
    safety.enter(MADE_AT)
    assert safety.confirm(cast.admin, cancel_waiting=False)
    waiting = paid.queued(cast.project, cast.member)
    assert not safety.confirm(cast.admin, cancel_waiting=True)
    waiting.refresh_from_db()
    assert waiting.state == State.QUEUED
    assert AuditLine.objects.filter(action="studio.spend_again").count() == 1
