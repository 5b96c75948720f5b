"""What a provider says of a running job, true or not, and what we make of it."""

from decimal import Decimal

import pytest

from studio.generations import cancel, endings, plan, poll, work
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from studio.lib import clock
from studio.providers.base import Progress, Stage
from studio.scheduling import keys
from studio.spend.models import LedgerEntry
from tests.generations.paying import (
    Desk,
    attempt,
    follow,
    fresh,
    is_given_back,
    is_held,
    later,
    money,
    step,
)

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "zai/vidu2-reference"
OF_VIDU = "vidu/viduq1-text2video"
OF_JIEKOU = "jiekou/vidu-2.0-reference2video"


def running(desk: Desk, key: str = MODEL, fault: str = "late", **options: object) -> Generation:
    """A job that the provider has and, unless the fault says otherwise, works on for long."""
    desk.connect(key.partition("/")[0])
    options = options or ({"seconds": 600} if fault == "late" else {})
    made = desk.faulty(fault, key, **options)
    assert made.state == State.RUNNING
    return made


def still_running(generation: Generation) -> bool:
    return fresh(generation).state == State.RUNNING and is_held(generation)


@pytest.mark.row("F050")
def test_a_fresh_id_that_is_not_known_yet_is_asked_for_again_soon(desk: Desk) -> None:
    job = running(desk)
    desk.sandbox.next("zai", "eventual_404", times=3)
    waits = []
    for _ in range(3):
        job = step(job)
        assert still_running(job) and job.due_at
        waits.append(round((job.due_at - clock.now()).total_seconds()))
    assert waits == [2, 3, 5]
    assert attempt(job).gone_since is not None
    assert attempt(step(job)).gone_since is None


@pytest.mark.row("F051")
def test_a_job_that_is_forgotten_for_half_an_hour_is_unknown(desk: Desk) -> None:
    job = running(desk, fault="forget")
    assert still_running(step(job))
    with later(minutes=31):
        job = step(job)
        assert job.state == State.UNKNOWN and is_held(job)


@pytest.mark.row("F052", "F054")
@pytest.mark.parametrize(
    "fault", ["poll_500", "poll_502", "poll_html", "poll_garbage", "poll_hang", "poll_reset"]
)
def test_an_error_on_a_poll_says_nothing_about_the_job(desk: Desk, fault: str) -> None:
    job = running(desk)
    desk.sandbox.next("zai", fault, times=99)
    first = step(job)
    second = step(first)
    assert still_running(second) and second.failures == 2
    assert second.due_at and second.due_at - clock.now() <= plan.LONGEST_PAUSE
    assert len(desk.sandbox.journal()) == 1


@pytest.mark.row("F053")
def test_a_busy_answer_to_a_poll_slows_that_job_down(desk: Desk) -> None:
    job = running(desk)
    desk.sandbox.next("zai", "poll_429", retry_after=90)
    slowed = step(job)
    assert still_running(slowed) and slowed.due_at
    assert (slowed.due_at - clock.now()).total_seconds() > 5
    assert attempt(slowed).account.paused_at is None


def test_a_wrong_key_on_a_poll_pauses_the_account_and_keeps_the_job(desk: Desk) -> None:
    job = running(desk)
    desk.sandbox.next("zai", "poll_401")
    assert still_running(step(job))
    assert attempt(job).account.paused_kind == "key"


@pytest.mark.row("F055")
def test_an_unknown_word_changes_nothing_and_is_told_once(desk: Desk) -> None:
    job = running(desk)
    desk.sandbox.next("zai", "status", times=3, word="DREAMING")
    for _ in range(3):
        job = step(job)
    assert still_running(job)
    assert job.events.filter(kind="unknown word").count() == 1


@pytest.mark.row("F056")
def test_progress_never_goes_down(desk: Desk) -> None:
    job = running(desk, OF_JIEKOU)
    Generation.objects.filter(pk=job.pk).update(progress=0.9)
    desk.sandbox.next("jiekou", "regress", times=2)
    job = step(job)
    assert still_running(job) and job.progress == 0.9


@pytest.mark.row("F057")
def test_success_without_a_link_is_asked_on_for_ten_minutes(desk: Desk) -> None:
    job = running(desk, fault="no_url")
    job = follow_until_done_word(job)
    assert still_running(job)
    with later(minutes=11):
        job = step(job)
        assert job.state == State.UNKNOWN and is_held(job)


def follow_until_done_word(job: Generation) -> Generation:
    for _ in range(100):
        job = step(job)
        if attempt(job).stage == Stage.DONE:
            return job
    raise AssertionError("it never finished")


@pytest.mark.row("F058")
def test_every_file_that_is_delivered_is_kept_and_the_first_is_shown(desk: Desk) -> None:
    done = follow(running(desk, fault="two_urls"))
    assert done.state == State.SUCCEEDED and len(attempt(done).links) == 2
    assert done.video and done.video.number == 0
    assert money(done) == (Charge.SETTLED, 0, Decimal("0.4"))


@pytest.mark.row("F059")
def test_a_failure_that_is_not_billed_gives_the_money_back(desk: Desk) -> None:
    failed = follow(running(desk, OF_VIDU, "fail_free"))
    assert failed.state == State.FAILED and is_given_back(failed)
    assert "Nothing was charged" in failed.error_message


@pytest.mark.row("F060")
def test_a_failure_that_is_billed_is_charged_as_billed(desk: Desk) -> None:
    failed = follow(running(desk, OF_VIDU, "fail_billed"))
    assert failed.state == State.FAILED and "charged all the same" in failed.error_message
    assert money(failed) == (Charge.SETTLED, 0, failed.price)


@pytest.mark.row("F061")
@pytest.mark.parametrize("key", [MODEL, OF_JIEKOU])
def test_a_failure_without_a_word_on_money_keeps_it_reserved(desk: Desk, key: str) -> None:
    failed = follow(running(desk, key, "fail_silent"))
    charge, held, spent = money(failed)
    assert (failed.state, charge, spent) == (State.FAILED, Charge.UNCLEAR, 0)
    assert held == failed.price > 0
    assert failed in Generation.objects.to_be_checked()


@pytest.mark.row("F062")
def test_of_two_contradicting_answers_the_first_stands(desk: Desk) -> None:
    job = running(desk)
    first = Progress(Stage.DONE, links=("http://127.0.0.1:1/a.mp4",))
    assert endings.finished(attempt(job), first)
    assert not endings.failed(attempt(job), Progress(Stage.FAILED, charged=Decimal(0), unit="USD"))
    assert fresh(job).state == State.ARCHIVING
    assert money(job) == (Charge.SETTLED, 0, Decimal("0.4"))


@pytest.mark.row("F063")
def test_two_pollers_ask_once_and_move_the_money_once(desk: Desk) -> None:
    job = running(desk, fault="late", seconds=0)
    Generation.objects.filter(pk=job.pk).update(due_at=clock.now())
    asked = len(desk.sandbox.requests())
    assert [work.step(job.pk), work.step(job.pk)].count(True) >= 1
    follow(job)
    entries = LedgerEntry.objects.filter(generation_uid=job.uid).values_list("kind", flat=True)
    assert sorted(entries) == ["hold", "settle"]
    assert len(desk.sandbox.requests()) > asked


@pytest.mark.row("F066", "F067")
def test_our_own_clock_never_fails_a_job(desk: Desk) -> None:
    job = running(desk)
    with later(hours=5):
        job = step(job)
        assert still_running(job) and plan.is_overdue(job, clock.now())
        assert job.due_at and job.due_at - clock.now() > plan.LONGEST_INTERVAL
    with later(hours=60):
        assert step(job).state == State.UNKNOWN


@pytest.mark.row("F070", "F071")
@pytest.mark.parametrize("fault", ["cheaper", "dearer"])
def test_a_stated_charge_is_what_is_booked(desk: Desk, fault: str) -> None:
    done = follow(running(desk, OF_VIDU, fault))
    (job,) = desk.sandbox.journal()
    stated = Decimal(str(job["charged"])) * Decimal("0.005")
    assert done.state == State.SUCCEEDED and done.charged == stated != done.price
    assert money(done) == (Charge.SETTLED, 0, stated)


@pytest.mark.row("F072")
def test_a_charge_that_cannot_be_one_is_not_booked(desk: Desk) -> None:
    done = follow(running(desk, OF_VIDU, "weird_cost"))
    assert (done.state, done.charge) == (State.SUCCEEDED, Charge.UNCLEAR)
    assert money(done)[1:] == (done.price, 0)


@pytest.mark.row("F160")
def test_a_job_in_the_providers_own_line_is_running_and_says_where_it_waits(
    desk: Desk,
) -> None:
    job = step(running(desk, OF_VIDU, "queueing", seconds=600))
    assert still_running(job)
    assert attempt(job).stage == Stage.WAITING


@pytest.mark.row("F074")
def test_a_job_is_asked_for_with_the_key_that_sent_it(desk: Desk) -> None:
    job = running(desk, fault="late", seconds=0)
    account = attempt(job).account
    keys.replace(account, "another-key-of-the-same-account", actor=desk.person)
    done = follow(job)
    assert done.state == State.SUCCEEDED
    assert attempt(done).key != keys.in_use(account)


def test_a_replaced_key_that_is_refused_does_not_pause_the_account(desk: Desk) -> None:
    job = running(desk)
    account = attempt(job).account
    keys.replace(account, desk.sandbox.key, actor=desk.person)
    desk.sandbox.next("zai", "poll_401", times=1)
    assert still_running(step(job))
    account.refresh_from_db()
    assert account.paused_at is None and attempt(job).key == keys.in_use(account)


def test_an_answer_after_the_end_is_told_to_an_admin(desk: Desk) -> None:
    job = running(desk)
    free = Progress(Stage.FAILED, charged=Decimal(0), unit="USD")
    assert endings.failed(attempt(job), free)
    assert not endings.finished(attempt(job), Progress(Stage.DONE, links=("http://x.example/a",)))
    assert fresh(job) in Generation.objects.to_be_checked()
    assert money(job) == (Charge.RELEASED, 0, 0)


# ── Cancelling ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F047")
@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("cancel_ok", State.CANCELLED),
        ("cancel_too_late", State.SUCCEEDED),
        ("cancel_500", State.SUCCEEDED),
    ],
)
def test_a_wish_to_cancel_is_asked_once_and_the_answer_decides(
    desk: Desk, fault: str, state: State
) -> None:
    desk.connect("vidu")
    if fault == "cancel_ok":
        desk.sandbox.next("vidu", "late", seconds=600)
    desk.sandbox.next("vidu", fault)
    job = desk.sent(OF_VIDU)
    assert cancel.cancel(job, desk.person) == cancel.Outcome.STOPPING
    ended = follow(job)
    assert ended.state == state
    asked = [each for each in desk.sandbox.requests() if each["path"].endswith("/cancel")]
    assert len(asked) == 1
    charge, held, _ = money(ended)
    assert held == 0 and charge in (Charge.RELEASED, Charge.SETTLED)


@pytest.mark.row("F048")
def test_what_cannot_be_stopped_goes_on_into_the_trash(desk: Desk) -> None:
    job = running(desk, fault="late", seconds=0)
    assert cancel.cancel(job, desk.person) == cancel.Outcome.CANNOT_STOP
    done = follow(job)
    assert done.state == State.SUCCEEDED and done.deleted_at is not None
    assert money(done) == (Charge.SETTLED, 0, Decimal("0.4"))


def test_a_stopped_job_is_asked_for_at_the_same_address_as_always(desk: Desk) -> None:
    job = running(desk)
    assert poll.ask(attempt(job)).stage in (Stage.RUNNING, Stage.WAITING)
