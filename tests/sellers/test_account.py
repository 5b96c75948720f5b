"""One account's page: name, limit, key, pauses, money, end."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from studio.audit.models import AuditLine
from studio.generations.states import State
from studio.lib.cipher import decrypt
from studio.scheduling import accounts, keys
from studio.scheduling.models import ProviderAccount, TopUp
from studio.spend import ledger
from tests import people
from tests.scheduling.accounts import KEY, connected
from tests.sellers.jobs import sent

OTHER = "sk-another-9876543210fedcba-LMNO"


@pytest.fixture
def account(cast: people.Cast) -> ProviderAccount:
    return connected(cast.admin)


@pytest.fixture
def admins(client: Client, cast: people.Cast) -> Client:
    client.force_login(cast.admin)
    return client


def at(account: ProviderAccount, tail: str = "") -> str:
    return f"/providers/accounts/{account.uid}/{tail}"


def page(client: Client, account: ProviderAccount) -> str:
    answer = client.get(at(account))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_account_is_paused_with_a_reason_and_resumed(
    admins: Client, account: ProviderAccount
) -> None:
    assert admins.post(at(account, "pause/"), {"reason": "Contract ends"}).status_code == 302
    shown = page(admins, account)
    assert "Contract ends" in shown and "By hand." in shown
    assert admins.post(at(account, "resume/")).status_code == 302
    account.refresh_from_db()
    assert account.paused_at is None
    assert "Contract ends" not in page(admins, account)


def test_the_name_and_the_limit_are_changed(
    admins: Client, account: ProviderAccount, cast: people.Cast
) -> None:
    connected(cast.admin, name="Taken")
    assert admins.post(at(account, "rename/"), {"name": "Taken"}).status_code == 422
    assert admins.post(at(account, "rename/"), {"name": "Agency"}).status_code == 302
    assert admins.post(at(account, "limit/"), {"limit": "900"}).status_code == 422
    assert admins.post(at(account, "limit/"), {"limit": "12"}).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.in_flight_limit) == ("Agency", 12)


@pytest.mark.row("F074")
def test_a_replaced_key_stays_for_the_jobs_it_sent_and_goes_with_them(
    admins: Client, account: ProviderAccount, cast: people.Cast
) -> None:
    job = sent(account, cast, State.RUNNING)
    assert admins.post(at(account, "key/"), {"api_key": OTHER}).status_code == 302
    attempt = job.attempts.get()
    assert keys.access(account, attempt.key).key == KEY
    assert keys.access(account).key == OTHER
    # Nobody needs it any more when that job has ended.
    type(job).objects.filter(pk=job.pk).update(state=State.CANCELLED)
    assert admins.post(at(account, "key/"), {"api_key": f"{OTHER}-2"}).status_code == 302
    assert sorted(len(row.sealed) > 0 for row in account.keys.all()) == [False, False, True]


@pytest.mark.row("F073")
def test_an_account_with_jobs_cannot_be_disconnected_and_says_so(
    admins: Client, account: ProviderAccount, cast: people.Cast
) -> None:
    sent(account, cast, State.UNKNOWN)
    assert "1 job is under way here" in page(admins, account)
    answer = admins.post(at(account, "disconnect/"), {"sure": "on"})
    assert answer.status_code == 422
    assert "Jobs are under way here" in answer.content.decode()
    account.refresh_from_db()
    assert account.removed_at is None
    assert keys.access(account).key == KEY


def test_disconnecting_wants_to_be_confirmed(admins: Client, account: ProviderAccount) -> None:
    assert admins.post(at(account, "disconnect/")).status_code == 422
    assert page(admins, account)
    assert admins.post(at(account, "disconnect/"), {"sure": "on"}).status_code == 302
    assert admins.get(at(account)).status_code == 404
    assert not any(seller.cards for seller in admins.get("/providers/").context["sellers"])


def test_another_address_takes_the_key_for_it(admins: Client, account: ProviderAccount) -> None:
    said = {"base_url": "https://own.example.com/v4", "api_key": ""}
    assert admins.post(at(account, "address/"), said).status_code == 422
    assert admins.post(at(account, "address/"), said | {"api_key": OTHER}).status_code == 302
    account.refresh_from_db()
    entry = keys.access(account)
    assert (entry.base_url, entry.key) == ("https://own.example.com/v4", OTHER)
    assert [decrypt(row.sealed) for row in account.keys.exclude(sealed="")] == [OTHER]


def test_top_ups_less_what_was_charged_is_what_should_be_left(
    admins: Client, account: ProviderAccount, cast: people.Cast
) -> None:
    job = sent(account, cast, State.RUNNING)
    charge(job.uid, cast, "0.20")
    said = {"amount": "10", "currency": "USD", "day": "2026-11-30", "note": "card"}
    assert admins.post(at(account, "top-ups/"), said).status_code == 302
    assert "$9.8" in page(admins, account)
    noted = TopUp.objects.get()
    assert (noted.amount, noted.note) == (Decimal("10"), "card")
    assert admins.post(at(account, f"top-ups/{noted.uid}/take-back/")).status_code == 302
    assert "not told" in page(admins, account)
    assert AuditLine.objects.filter(action__startswith="provider.t").count() == 2


def charge(generation_uid: str, cast: people.Cast, amount: str) -> None:
    wanted = ledger.Hold(
        generation_uid=generation_uid,
        person=cast.member,
        project=cast.project,
        model="zai/vidu2-image",
        provider="zai",
        amount=Decimal(amount),
        currency="USD",
        studio_amount=Decimal(amount),
        studio_currency="USD",
        rate=Decimal(1),
        price_version="2026-11",
    )
    with transaction.atomic():
        ledger.hold([wanted])
    ledger.settle(generation_uid)


@pytest.mark.parametrize(
    "wrong", [{"amount": "-1"}, {"amount": "0.001"}, {"currency": "XXX"}, {"day": "soon"}]
)
def test_a_top_up_that_cannot_be_is_told_at_its_field(
    admins: Client, account: ProviderAccount, wrong: dict[str, str]
) -> None:
    said = {"amount": "10", "currency": "USD", "day": "2026-11-30"} | wrong
    answer = admins.post(at(account, "top-ups/"), said)
    assert answer.status_code == 422
    assert set(answer.context["top_up_form"].errors) == set(wrong)
    assert not TopUp.objects.exists()


def test_a_balance_that_the_provider_told_is_shown_with_its_age(
    admins: Client, account: ProviderAccount
) -> None:
    accounts.note_balance(account, Decimal("1250"), "credits")
    assert "1250 credits" in page(admins, account)
    accounts.note_balance(account, Decimal("12.5"), "USD")
    assert "$12.5" in page(admins, account)


def test_words_from_outside_are_shown_as_text(admins: Client, cast: people.Cast) -> None:
    canary = "<script>alert(1)</script>"
    account = connected(cast.admin, name=canary)
    accounts.pause_for(account, "key", canary)
    accounts.note_error(account, canary)
    for answer in (admins.get("/providers/"), admins.get(at(account))):
        assert "<script>alert" not in answer.content.decode()
        assert "&lt;script&gt;alert" in answer.content.decode()
