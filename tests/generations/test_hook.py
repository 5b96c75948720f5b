"""Providers call us: a call is a hint to ask, and nothing that it says counts."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from django.test import Client

from studio.generations import hints
from studio.generations.models import Generation, Hint
from studio.generations.states import State
from studio.lib import clock, uid
from studio.scheduling.models import ProviderAccount
from tests.generations.paying import Desk, attempt, follow, fresh, is_held, later
from tests.providers.signing import signature

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "vidu/viduq1-text2video"


@pytest.fixture
def job(desk: Desk) -> Generation:
    """Under way, and not to be looked at for an hour."""
    desk.connect("vidu")
    running = desk.sent(MODEL)
    Generation.objects.filter(pk=running.pk).update(due_at=clock.now() + timedelta(hours=1))
    return fresh(running)


def call(
    account: ProviderAccount,
    key: str,
    remote_id: str,
    *,
    nonce: str = "",
    at: datetime | None = None,
    body: dict[str, object] | None = None,
) -> int:
    """Vidu's call, signed with `key`; the status it is answered with."""
    path = f"/hooks/{account.uid}/"
    date = format_datetime((at or clock.now()), usegmt=True)
    nonce = nonce or uid.new()
    headers = {
        "Date": date,
        "x-request-nonce": nonce,
        "X-HMAC-SIGNED-HEADERS": "Date;x-request-nonce",
        "X-HMAC-ALGORITHM": "hmac-sha256",
        "X-HMAC-ACCESS-KEY": "vidu",
        "X-HMAC-SIGNATURE": signature(key, "POST", path, "", date, nonce),
    }
    said = json.dumps({"id": remote_id, "state": "success"} | (body or {}))
    answer = Client().post(path, said, content_type="application/json", headers=headers)
    return answer.status_code


def is_due(generation: Generation) -> bool:
    due_at = fresh(generation).due_at
    return due_at is not None and due_at <= clock.now()


def test_a_signed_call_makes_us_ask_at_once(desk: Desk, job: Generation) -> None:
    assert call(attempt(job).account, desk.sandbox.key, attempt(job).remote_id) == 202
    assert is_due(job)
    assert follow(job).state == State.SUCCEEDED


@pytest.mark.row("F068", "F161", "A114")
def test_a_call_that_comes_again_is_no_second_hint(desk: Desk, job: Generation) -> None:
    account, remote_id = attempt(job).account, attempt(job).remote_id
    for _ in range(3):
        assert call(account, desk.sandbox.key, remote_id, nonce="n" * 36) == 202
    assert Hint.objects.count() == 1
    assert follow(job).state == State.SUCCEEDED


@pytest.mark.row("A113")
def test_a_call_with_a_wrong_signature_is_refused(desk: Desk, job: Generation) -> None:
    assert call(attempt(job).account, "another key", attempt(job).remote_id) == 401
    assert not is_due(job) and not Hint.objects.exists()


@pytest.mark.row("A114")
@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_call_of_another_time_is_refused(desk: Desk, job: Generation, minutes: int) -> None:
    at = clock.now() + timedelta(minutes=minutes)
    status = call(attempt(job).account, desk.sandbox.key, attempt(job).remote_id, at=at)
    assert status == 400 and not is_due(job)
    assert not Hint.objects.exists()


@pytest.mark.row("A116")
def test_what_a_call_says_of_money_and_files_is_not_believed(desk: Desk, job: Generation) -> None:
    lie: dict[str, object] = {"credits": -5, "creations": [{"url": "http://169.254.169.254/"}]}
    account, remote_id = attempt(job).account, attempt(job).remote_id
    assert call(account, desk.sandbox.key, remote_id, body=lie) == 202
    assert fresh(job).state == State.RUNNING and is_held(job)
    assert attempt(job).links == []


@pytest.mark.row("F069")
def test_a_call_before_our_id_is_stored_waits_for_it(desk: Desk) -> None:
    account = desk.connect("vidu")
    sent = desk.sent(MODEL)
    remote_id = attempt(sent).remote_id
    later_job = desk.buy(MODEL)
    assert call(account, desk.sandbox.key, "not-known-yet") == 202
    assert fresh(later_job).state == State.QUEUED
    assert call(account, desk.sandbox.key, remote_id) == 202
    assert Hint.objects.count() == 2
    with later(minutes=11):
        assert hints.tidy() == 2


@pytest.mark.row("A115")
def test_a_call_as_large_as_a_film_is_not_read(desk: Desk, job: Generation) -> None:
    large: dict[str, object] = {"padding": "x" * 100_000}
    account = attempt(job).account
    assert call(account, desk.sandbox.key, attempt(job).remote_id, body=large) == 413
    assert not is_due(job)
