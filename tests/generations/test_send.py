"""The one paid POST, against everything that a provider can answer to it.

The sandbox's journal says what was really accepted and charged; it is asked after each fault.
"""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import override_settings

from studio.generations import cancel, endings, leases, send, unstored
from studio.generations.leases import Lease
from studio.generations.line import first_in_line
from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.states import Charge, State
from studio.lib import clock, uid
from studio.providers.base import Reply
from studio.scheduling.models import ProviderAccount
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


def claim(desk: Desk, key: str = MODEL) -> tuple[Lease, Attempt]:
    """A generation whose attempt holds a seat and has sent nothing yet."""
    generation = desk.buy(key)
    lease = leases.take(generation.pk)
    assert lease
    account = ProviderAccount.objects.get(provider=generation.provider)
    made = Attempt.objects.create(
        generation=generation,
        account=account,
        key=account.keys.get(),
        number=1,
        state=AttemptState.CLAIMED,
        token=lease.token,
    )
    Generation.objects.filter(pk=generation.pk).update(state=State.SUBMITTING)
    lease.generation.refresh_from_db()
    return lease, Attempt.objects.select_related("generation", "account", "key").get(pk=made.pk)


def is_unknown(generation: Generation) -> bool:
    """Outcome unknown: money held, nothing sent again however often it is looked at."""
    sent = generation.attempts.count()
    for _ in range(3):
        generation = step(generation)
    assert generation.attempts.count() == sent
    assert "We cannot tell whether" in generation.error_message
    return generation.state == State.UNKNOWN and is_held(generation)


# ── Accepted ──────────────────────────────────────────────────────────────────────────────────


def test_a_paid_job_is_sent_once_followed_fetched_and_charged_as_quoted(desk: Desk) -> None:
    desk.connect("zai")
    sent = desk.sent(MODEL)
    assert (sent.state, attempt(sent).state) == (State.RUNNING, AttemptState.ACCEPTED)
    assert is_held(sent)
    done = follow(sent)
    assert (done.state, done.differs) == (State.SUCCEEDED, [])
    assert money(done) == (Charge.SETTLED, 0, Decimal("0.4"))
    (job,) = desk.sandbox.journal()
    assert (job["id"], job["reference"]) == (attempt(done).remote_id, attempt(done).uid)
    assert attempt(done).account.proved_at is None or attempt(done).seat_given_back_at


def test_the_raw_answer_is_kept_without_the_key(desk: Desk) -> None:
    desk.connect("zai")
    sent = attempt(desk.sent(MODEL))
    assert sent.reply_status == 200
    assert json.loads(sent.reply_body)["id"] == sent.remote_id
    assert desk.sandbox.key not in sent.reply_body + str(sent.reply_headers)


# ── Outcome unknown ───────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F022", "F023", "F024", "F025", "F026", "F028", "F035", "F036")
@pytest.mark.parametrize(
    ("fault", "accepted"),
    [
        ("accept_then_hang", 1),
        ("reset_after_body", 1),
        ("drip", 1),
        ("html_200", None),
        ("no_id", 1),
        ("null_id", 1),
        ("zero_id", 1),
        ("list_id", 1),
        ("hostile_json", None),
        ("500", 0),
        ("502", 0),
        ("503_after_accept", 1),
        ("503_before_accept", 0),
        ("504", 0),
        ("520", 0),
        ("redirect", None),
    ],
)
def test_an_answer_that_proves_nothing_leaves_the_outcome_unknown(
    desk: Desk, fault: str, accepted: int | None
) -> None:
    desk.connect("zai")
    sent = desk.faulty(fault, MODEL)
    assert is_unknown(sent)
    if accepted is not None:
        assert len(desk.sandbox.journal()) == accepted
    posts = [each for each in desk.sandbox.requests() if each["method"] == "POST"]
    assert len(posts) == 1


@pytest.mark.row("F159")
def test_you_already_have_this_request_is_never_sent_anew(desk: Desk) -> None:
    desk.connect("zai")
    assert is_unknown(desk.faulty("duplicate_request", MODEL))


@pytest.mark.row("F027")
def test_an_id_that_we_own_already_puts_both_jobs_in_doubt(desk: Desk) -> None:
    desk.connect("zai")
    first = desk.sent(MODEL)
    second = desk.faulty("dup_id", MODEL)
    assert (fresh(first).state, second.state) == (State.UNKNOWN, State.UNKNOWN)
    assert is_held(first) and is_held(second)


@pytest.mark.row("F012", "F022")
def test_a_job_whose_reply_was_lost_is_found_in_the_providers_list(desk: Desk) -> None:
    desk.connect("vidu")
    sent = desk.faulty("accept_then_hang", OF_VIDU)
    assert sent.state == State.UNKNOWN
    found = step(sent)
    assert found.state == State.RUNNING
    assert attempt(found).remote_id == desk.sandbox.journal()[0]["id"]
    assert follow(found).state == State.SUCCEEDED
    assert len(desk.sandbox.journal()) == 1


def test_a_job_that_the_list_does_not_know_stays_unknown(desk: Desk) -> None:
    desk.connect("vidu")
    assert is_unknown(desk.faulty("503_before_accept", OF_VIDU))
    assert desk.sandbox.journal() == []


@pytest.mark.row("F017")
def test_an_answer_after_the_sweeper_still_wins(desk: Desk) -> None:
    desk.connect("zai")
    _lease, late = claim(desk)
    Attempt.objects.filter(pk=late.pk).update(state=AttemptState.SENDING, sending_at=clock.now())
    Generation.objects.filter(pk=late.generation_id).update(lease_token="")
    assert step(late.generation).state == State.UNKNOWN
    reply = Reply(200, {}, b'{"id": "5512", "task_status": "PROCESSING"}')
    unstored.keep(late, reply)
    send.read(late, reply)
    answered = fresh(late.generation)
    assert (answered.state, answered.error_message) == (State.RUNNING, "")
    assert attempt(answered).remote_id == "5512" and is_held(answered)


# ── Killed at any point ───────────────────────────────────────────────────────────────────────


@pytest.mark.row("F009")
def test_an_attempt_that_died_before_sending_is_taken_up_anew(desk: Desk) -> None:
    desk.connect("zai")
    _lease, dead = claim(desk)
    Generation.objects.filter(pk=dead.generation_id).update(lease_token="")
    back = step(dead.generation)
    assert (back.state, attempt(back).state) == (State.QUEUED, AttemptState.REJECTED)
    assert is_held(back)
    again = step(back)
    assert (again.state, again.attempts.count()) == (State.RUNNING, 2)
    assert len(desk.sandbox.journal()) == 1


@pytest.mark.row("F010", "F011")
def test_an_attempt_that_died_while_sending_is_unknown(desk: Desk) -> None:
    desk.connect("zai")
    lease, dead = claim(desk)
    assert send.Gate(lease, dead)()
    Generation.objects.filter(pk=dead.generation_id).update(lease_token="")
    assert is_unknown(step(dead.generation))
    assert desk.sandbox.journal() == []


@pytest.mark.row("F013", "F014")
def test_an_attempt_that_died_with_the_stored_answer_goes_on_from_it(desk: Desk) -> None:
    desk.connect("zai")
    lease, dead = claim(desk)
    assert send.Gate(lease, dead)()
    unstored.keep(dead, Reply(200, {}, b'{"id": "5513", "task_status": "PROCESSING"}'))
    Generation.objects.filter(pk=dead.generation_id).update(lease_token="")
    back = step(dead.generation)
    assert back.state == State.RUNNING
    assert attempt(back).remote_id == "5513" and is_held(back)


@pytest.mark.row("F016")
def test_a_worker_that_lost_its_lease_sends_nothing(desk: Desk) -> None:
    desk.connect("zai")
    lease, frozen = claim(desk)
    Generation.objects.filter(pk=frozen.generation_id).update(lease_token="")
    taken_over = step(frozen.generation)
    send.send(lease, frozen)
    assert fresh(taken_over).state == taken_over.state == State.QUEUED
    assert desk.sandbox.requests() == [] and is_held(taken_over)


def test_control_without_the_token_the_gate_opens_for_a_lost_lease(desk: Desk) -> None:
    """The guard is the token: with the row's present one, the frozen worker would send."""
    desk.connect("zai")
    lease, frozen = claim(desk)
    token = "c" + uid.new()[1:]
    Generation.objects.filter(pk=frozen.generation_id).update(lease_token=token)
    assert not send.Gate(lease, frozen)()
    Attempt.objects.filter(pk=frozen.pk).update(token=token)
    assert send.Gate(Lease(lease.generation, token), frozen)()


@pytest.mark.row("F019")
def test_an_answer_that_cannot_be_stored_waits_in_a_file_and_is_read_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.connect("zai")
    lease, dead = claim(desk)
    assert send.Gate(lease, dead)()
    monkeypatch.setattr(unstored, "PATIENCE", 0.0)
    with override_settings(DATA_DIR=tmp_path):
        with connection.execute_wrapper(refuse):
            kept = unstored.keep(dead, Reply(200, {}, b'{"id": "5514"}'))
        assert not kept and (tmp_path / "unstored.jsonl").read_text().count("5514") == 1
        assert unstored.replay() == 1 and unstored.replay() == 0
    Generation.objects.filter(pk=dead.generation_id).update(lease_token="")
    back = step(dead.generation)
    assert (back.state, attempt(back).remote_id) == (State.RUNNING, "5514")


def refuse(*_args: object) -> object:
    raise OperationalError("the database is gone")


@pytest.mark.row("F019")
def test_an_answer_that_is_replayed_after_the_sweeper_is_read_all_the_same(
    desk: Desk, tmp_path: Path
) -> None:
    desk.connect("zai")
    lease, dead = claim(desk)
    assert send.Gate(lease, dead)()
    Generation.objects.filter(pk=dead.generation_id).update(lease_token="")
    assert step(dead.generation).state == State.UNKNOWN
    entry = {"attempt": dead.pk, "status": 200, "headers": {}, "body": '{"id": "5515"}'}
    (tmp_path / f"unstored.{uid.new()}").write_text(json.dumps(entry) + "\n")
    with override_settings(DATA_DIR=tmp_path):
        assert unstored.replay() == 1 and unstored.replay() == 0
    found = step(dead.generation)
    assert (found.state, attempt(found).remote_id) == (State.RUNNING, "5515")


def test_an_attempt_that_has_a_successor_decides_nothing(desk: Desk) -> None:
    desk.connect("zai")
    _lease, stale = claim(desk)
    Attempt.objects.filter(pk=stale.pk).update(state=AttemptState.REJECTED)
    Attempt.objects.create(
        generation=stale.generation,
        account=stale.account,
        number=2,
        state=AttemptState.SENDING,
    )
    assert not endings.sent_back(stale, timedelta(0), "busy")
    assert not endings.unsent_and_over(stale, State.FAILED, "refused", "no")
    there = fresh(stale.generation)
    assert there.state == State.SUBMITTING and is_held(there)
    assert attempt(there).seat_given_back_at is None


# ── Provably not accepted ─────────────────────────────────────────────────────────────────────


@pytest.mark.row("F020")
def test_a_provider_that_cannot_be_reached_is_tried_again_and_given_up(desk: Desk) -> None:
    desk.connect("zai", base_url="http://127.0.0.1:9/zai")
    with override_settings(TRUSTED_HOSTS=["127.0.0.1:9"]):
        waiting = desk.sent(MODEL)
        assert waiting.state == State.QUEUED and waiting.waits_until is not None
        assert is_held(waiting)
        with later(minutes=40):
            given_up = step(waiting)
            assert (given_up.state, given_up.error_code) == (State.FAILED, "unreachable")
            assert is_given_back(given_up)


@pytest.mark.row("F030", "F037")
@pytest.mark.parametrize("fault", ["bad_param", "moderation"])
def test_a_request_that_is_at_fault_fails_at_once_and_gives_its_money_back(
    desk: Desk, fault: str
) -> None:
    desk.connect("zai")
    refused = desk.faulty(fault, MODEL)
    assert refused.state == State.FAILED and refused.error_message.startswith("Z.ai")
    assert is_given_back(refused)
    assert refused.attempts.count() == 1 and desk.sandbox.journal() == []


@pytest.mark.row("F031", "F032")
@pytest.mark.parametrize(
    ("provider", "key", "fault"),
    [
        ("zai", MODEL, "401"),
        ("zai", MODEL, "429_no_money"),
        ("vidu", OF_VIDU, "429_no_money"),
        ("jiekou", "jiekou/vidu-2.0-reference2video", "429_no_money"),
    ],
)
def test_trouble_with_the_account_pauses_it_and_keeps_its_jobs(
    desk: Desk, provider: str, key: str, fault: str
) -> None:
    account = desk.connect(provider)
    waiting = desk.faulty(fault, key)
    account.refresh_from_db()
    assert account.paused_at and account.paused_kind in {"key", "balance"}
    assert waiting.state == State.QUEUED and is_held(waiting)
    assert step(waiting).state == State.QUEUED
    assert desk.sandbox.journal() == []
    with later(hours=25):
        given_up = step(waiting)
        assert given_up.state == State.FAILED and is_given_back(given_up)


@pytest.mark.row("F029", "F033")
@pytest.mark.parametrize("fault", ["429", "soft_429"])
def test_a_busy_provider_is_asked_again_after_the_time_it_names(desk: Desk, fault: str) -> None:
    desk.connect("zai")
    before = clock.now()
    waiting = desk.faulty(fault, MODEL, retry_after=120)
    assert waiting.state == State.QUEUED and waiting.waits_until is not None
    if fault == "429":
        assert waiting.waits_until - before > timedelta(seconds=100)
    assert step(waiting).state == State.QUEUED and is_held(waiting)
    assert first_in_line("zai") is None
    with later(minutes=16):
        assert step(waiting).state == State.RUNNING
    assert len(desk.sandbox.journal()) == 1


@pytest.mark.row("F034")
@pytest.mark.parametrize("said", ["-5", "soon", "999999999999", "Fri, 01 Jan 2099 00:00:00 GMT"])
def test_a_nonsensical_wait_is_clamped(desk: Desk, said: str) -> None:
    desk.connect("zai")
    waiting = desk.faulty("429", MODEL, retry_after=said)
    assert waiting.state == State.QUEUED and waiting.waits_until is not None
    wait = waiting.waits_until - clock.now()
    assert timedelta(seconds=-5) < wait <= timedelta(minutes=15)


@pytest.mark.row("F039")
def test_being_turned_away_halves_what_the_account_dares(desk: Desk) -> None:
    account = desk.connect("zai", in_flight_limit=10)
    for _ in range(4):
        desk.sent(MODEL)
    assert desk.faulty("429", MODEL).state == State.QUEUED
    account.refresh_from_db()
    assert account.ceiling == 2
    with later(minutes=9):
        desk.sandbox.next("zai", "late", seconds=60)
        assert desk.sent(MODEL).state in (State.RUNNING, State.QUEUED)


# ── Cancelling ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("F046")
def test_a_cancel_before_the_first_byte_stops_the_post(desk: Desk) -> None:
    desk.connect("zai")
    lease, unsent = claim(desk)
    Generation.objects.filter(pk=unsent.generation_id).update(cancel_wished_at=clock.now())
    send.send(lease, unsent)
    stopped = fresh(unsent.generation)
    assert stopped.state == State.CANCELLED and is_given_back(stopped)
    assert desk.sandbox.journal() == []


@pytest.mark.row("F049")
def test_a_second_attempt_that_is_cancelled_unsent_gives_its_money_back_at_once(
    desk: Desk,
) -> None:
    desk.connect("zai")
    waiting = desk.faulty("429", MODEL)
    assert cancel.cancel(waiting, desk.person) == cancel.Outcome.CANCELLED
    assert fresh(waiting).state == State.CANCELLED and is_given_back(waiting)


# ── The books ─────────────────────────────────────────────────────────────────────────────────


def test_every_charge_in_the_journal_is_in_our_books(desk: Desk) -> None:
    desk.connect("zai")
    done = [follow(desk.sent(MODEL)) for _ in range(2)]
    charged = sum(Decimal(str(job["charged"])) for job in desk.sandbox.journal())
    booked = sum(e.amount for e in LedgerEntry.objects.all().spent())
    assert charged == booked == sum(each.charged for each in done) == Decimal("0.8")
