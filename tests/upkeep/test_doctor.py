"""Each invariant: silent while it holds, and named when it is broken."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from studio.accounts.models import Studio
from studio.generations.models import Attempt, AttemptState, Generation, GenerationEvent
from studio.generations.states import State
from studio.lib import clock, uid
from studio.scheduling.models import ProviderAccount, ProviderKey
from studio.spend.models import BudgetWindow, LedgerEntry
from studio.storage import store
from studio.storage.models import Blob
from studio.upkeep.doctor import look
from tests import people
from tests.upkeep import paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip(cast: people.Cast) -> Generation:
    """One clip of every kind; the finished one is returned."""
    for make in (paid.queued, paid.submitting, paid.running, paid.archiving, paid.cancelled):
        make(cast.project, cast.member)
    return paid.succeeded(cast.project, cast.member)


def found() -> set[int]:
    return {finding.number for finding in look()}


def rewrite(rows: "QuerySet[LedgerEntry]", **fields: object) -> None:
    """Past the ledger's own guard, as a hand in the database would."""
    QuerySet.update(rows, **fields)


def entries(clip: Generation, kind: str) -> "QuerySet[LedgerEntry]":
    return LedgerEntry.objects.filter(generation_uid=clip.uid, kind=kind)


def test_a_sound_studio_has_no_findings(clip: Generation) -> None:
    assert look() == []
    call_command("doctor")


def budget_drifts(clip: Generation) -> None:
    BudgetWindow.objects.filter(scope="studio").update(spent=Decimal("9"))


def charge_lies(clip: Generation) -> None:
    Generation.objects.filter(pk=clip.pk).update(charge="released")


def hold_is_orphaned(clip: Generation) -> None:
    held = Generation.objects.filter(state=State.QUEUED).first()
    assert held
    GenerationEvent.objects.filter(generation=held).delete()
    held.delete()


def end_has_another_rate(clip: Generation) -> None:
    rewrite(entries(clip, "settle"), currency="CNY", rate=Decimal("1"))


def amount_is_wrong(clip: Generation) -> None:
    rewrite(entries(clip, "settle"), studio_amount=Decimal("7"))


def price_has_no_version(clip: Generation) -> None:
    Generation.objects.filter(pk=clip.pk).update(price_version="")


def sent_twice(clip: Generation) -> None:
    Attempt.objects.create(
        generation=clip, account=paid.account(), number=2, state=AttemptState.UNKNOWN
    )


def remote_job_is_shared(clip: Generation) -> None:
    drop = "DROP INDEX a_remote_job_belongs_to_one_attempt"
    with connection.cursor() as cursor:
        cursor.execute(drop)
    Attempt.objects.exclude(remote_id="").update(remote_id="one")


def seats_overflow(clip: Generation) -> None:
    ProviderAccount.objects.update(in_flight_limit=1)


def video_is_of_another(clip: Generation) -> None:
    assert clip.video
    clip.video.attempt_uid = uid.new()
    clip.video.save()


def end_was_left(clip: Generation) -> None:
    GenerationEvent.objects.create(
        generation=clip, kind="moved", from_state=State.SUCCEEDED, to_state=State.QUEUED
    )


def file_is_gone(clip: Generation) -> None:
    assert clip.video
    store.path(clip.video.blob).unlink()


def nobody_scrubbed(clip: Generation) -> None:
    Blob.objects.update(checked_at=clock.now() - timedelta(days=31))


def key_is_lost(clip: Generation) -> None:
    ProviderKey.objects.create(account=paid.account(), sealed="0badf00d.gAAAAA")


def sent_after_a_restore(clip: Generation) -> None:
    Studio.objects.update(restored_at=clock.now())
    clip.attempts.update(sending_at=clock.now())


@pytest.mark.parametrize(
    ("number", "break_it"),
    [
        (1, budget_drifts),
        (3, charge_lies),
        (4, hold_is_orphaned),
        (5, end_has_another_rate),
        (6, amount_is_wrong),
        (7, price_has_no_version),
        (11, sent_twice),
        (14, remote_job_is_shared),
        (15, seats_overflow),
        (16, video_is_of_another),
        (18, end_was_left),
        (19, file_is_gone),
        (22, nobody_scrubbed),
        (28, key_is_lost),
        (33, sent_after_a_restore),
    ],
)
def test_each_invariant_is_named_when_it_is_broken(
    clip: Generation, number: int, break_it: Callable[[Generation], None]
) -> None:
    break_it(clip)
    assert number in found()


def test_findings_are_one_line_each_or_one_list_and_the_exit_code(clip: Generation) -> None:
    seats_overflow(clip)
    plain, listed = StringIO(), StringIO()
    for out, arguments in ((plain, ()), (listed, ("--json",))):
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", *arguments, stdout=out)
        assert ended.value.code == 1
    assert len(plain.getvalue().splitlines()) == 1 == len(json.loads(listed.getvalue()))
    assert json.loads(listed.getvalue())[0]["number"] == 15


def test_the_doctor_asks_no_more_of_many_clips_than_of_few(
    clip: Generation, cast: people.Cast, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(20):
        paid.succeeded(cast.project, cast.member)
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        assert look() == []
