"""Accounts: connecting, limits, pausing, and those of the environment."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from studio.accounts.errors import Refused
from studio.audit.models import AuditLine
from studio.lib import clock
from studio.scheduling import accounts, keys
from studio.scheduling.accounts import ENVIRONMENT, Allowance
from studio.scheduling.keys import NoEntry
from studio.scheduling.models import ProviderAccount, ProviderKey
from tests import people
from tests.scheduling.accounts import KEY, TAIL, connected, newcomer

LEVELS = {"V0": 5, "V1": 10, "V2": 15, "V3": 20}

pytestmark = pytest.mark.django_db


def nothing_open() -> int:
    return 0


def two_open() -> int:
    return 2


def test_connecting_writes_who_did_it_and_where_the_key_goes() -> None:
    admin = people.admin()
    account = connected(admin)
    line = AuditLine.objects.get(action="provider.connect")
    assert (line.actor_name, line.object_uid) == (admin.email, account.uid)
    assert line.after == {
        "provider": "zai",
        "name": "Main",
        "address": "https://api.z.ai/api/paas/v4",
        "key": TAIL,
    }


def test_a_provider_has_as_many_accounts_as_have_names() -> None:
    admin = people.admin()
    first, second = connected(admin), connected(admin, name="Second")
    assert set(ProviderAccount.objects.connected()) == {first, second}
    with pytest.raises(Refused) as refusal:
        connected(admin, name="Second")
    assert refusal.value.field == "name"
    assert ProviderKey.objects.count() == 2
    accounts.disconnect(second, actor=admin, open_jobs=nothing_open)
    connected(admin, name="Second")


def test_names_are_changed_but_not_into_a_taken_one() -> None:
    admin = people.admin()
    account = connected(admin)
    connected(admin, name="Second")
    with pytest.raises(Refused):
        accounts.rename(account, "Second", actor=admin)
    with pytest.raises(Refused):
        accounts.rename(account, "environment", actor=admin)
    assert account.name == "Main"
    accounts.rename(account, "Agency", actor=admin)
    account.refresh_from_db()
    assert account.name == "Agency"
    line = AuditLine.objects.get(action="provider.rename")
    assert (line.before, line.after) == ({"name": "Main"}, {"name": "Agency"})


@pytest.mark.parametrize(("level", "limit"), LEVELS.items())
def test_a_level_sets_how_many_may_be_in_flight(level: str, limit: int) -> None:
    admin = people.admin()
    account = connected(admin, provider="bigmodel")
    account.ceiling, account.ceiling_at = 3, clock.now()
    account.save()
    assert account.may_have_in_flight == 3
    accounts.set_allowance(account, Allowance.of(LEVELS, level=level, limit=None), actor=admin)
    account.refresh_from_db()
    assert (account.level, account.in_flight_limit, account.may_have_in_flight) == (
        level,
        limit,
        limit,
    )


@pytest.mark.parametrize("limit", [None, 0, 501])
def test_a_number_that_cannot_be_a_limit_is_refused(limit: int | None) -> None:
    with pytest.raises(Refused) as refusal:
        Allowance.of({}, limit=limit)
    assert refusal.value.field == "limit"
    with pytest.raises(Refused):
        Allowance.of(LEVELS, level="V9", limit=5)


@pytest.mark.row("F031", "F032")
@pytest.mark.parametrize(("kind", "words"), [("key", "invalid key"), ("balance", "no credit")])
def test_trouble_pauses_the_account_once_and_only_that_one(kind: str, words: str) -> None:
    admin = people.admin()
    account, other = connected(admin), connected(admin, name="Other")
    assert accounts.pause_for(account, kind, words)
    assert not accounts.pause_for(account, kind, words)
    assert list(ProviderAccount.objects.sending(clock.now())) == [other]
    assert set(ProviderAccount.objects.connected()) == {account, other}
    line = AuditLine.objects.get(action="provider.pause")
    assert (line.actor_name, line.after, line.reason) == ("studio", {"kind": kind}, words)


def test_resuming_forgets_the_reason_and_sends_at_once() -> None:
    admin = people.admin()
    account = connected(admin)
    accounts.pause(account, "Contract ends", actor=admin)
    ProviderAccount.objects.update(busy_until=clock.now() + timedelta(hours=1))
    assert accounts.resume(account, actor=admin)
    assert not accounts.resume(account, actor=admin)
    assert list(ProviderAccount.objects.sending(clock.now())) == [account]
    assert (account.paused_kind, account.paused_reason) == ("", "")
    assert AuditLine.objects.filter(action="provider.resume").count() == 1


def test_an_account_that_was_asked_for_patience_sends_nothing_until_then() -> None:
    account = connected(people.admin())
    until = clock.now() + timedelta(minutes=1)
    ProviderAccount.objects.update(busy_until=until)
    assert not ProviderAccount.objects.sending(until - timedelta(seconds=1)).exists()
    assert list(ProviderAccount.objects.sending(until)) == [account]


@pytest.mark.row("F073")
def test_an_account_with_jobs_under_way_is_not_disconnected() -> None:
    admin = people.admin()
    account = connected(admin)
    with pytest.raises(Refused):
        accounts.disconnect(account, actor=admin, open_jobs=two_open)
    account.refresh_from_db()
    assert account.removed_at is None
    assert keys.access(account).key == KEY
    assert not AuditLine.objects.filter(action="provider.disconnect").exists()


def test_disconnecting_destroys_the_keys_and_keeps_the_row() -> None:
    admin = people.admin()
    account = connected(admin)
    accounts.disconnect(account, actor=admin, open_jobs=nothing_open)
    accounts.disconnect(account, actor=admin, open_jobs=nothing_open)
    account.refresh_from_db()
    assert account.removed_at is not None
    assert not ProviderAccount.objects.connected().exists()
    assert [row.sealed for row in account.keys.all()] == [""]
    with pytest.raises(NoEntry):
        keys.access(account)
    assert AuditLine.objects.filter(action="provider.disconnect").count() == 1


def test_another_address_needs_its_key_and_nothing_under_way() -> None:
    admin = people.admin()
    account = connected(admin)
    there, new = "https://own.example.com/v4", "sk-for-the-new-address-0001"
    with pytest.raises(Refused) as refusal:
        accounts.move(account, there, {}, key=new, actor=admin, open_jobs=two_open)
    assert refusal.value.field == "base_url"
    with pytest.raises(Refused):
        accounts.move(account, there, {}, key="", actor=admin, open_jobs=nothing_open)
    account.refresh_from_db()
    assert (account.base_url, keys.access(account).key) == ("", KEY)
    accounts.move(account, there, {}, key=new, actor=admin, open_jobs=nothing_open)
    account.refresh_from_db()
    entry = keys.access(account)
    assert (entry.base_url, entry.key) == (there, new)
    # The old key is nowhere to be sent from.
    assert [row.sealed for row in account.keys.exclude(retired_at=None)] == [""]


@pytest.mark.parametrize(
    "base",
    [
        "http://api.example.com",
        "ftp://api.example.com",
        "api.example.com",
        "https://127.0.0.1/v4",
        "https://10.1.2.3",
        "https://[::1]/",
        "https://localhost:8443",
        "https://box.internal",
        "https://intranet",
        "https://user:word@api.example.com",
        "https://api.example.com/v4?key=1",
        "https://api.example.com/#here",
        "https://api.example .com",
        "https://api.example.com:0",
        "https://",
        f"https://api.example.com/{'x' * 200}",
    ],
)
def test_a_key_is_only_sent_to_public_https(base: str) -> None:
    with pytest.raises(Refused) as refusal:
        connected(people.admin(), base_url=base)
    assert refusal.value.field == "base_url"
    assert not ProviderAccount.objects.exists()


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:9000/zai", "http://sandbox/zai", "http://[::1]:9000"]
)
def test_the_operator_may_trust_another_host(settings: Settings, base: str) -> None:
    settings.TRUSTED_HOSTS = ["127.0.0.1:9000", "sandbox", "[::1]:9000"]
    assert connected(people.admin(), base_url=base).address == base


def test_a_relay_without_an_address_is_refused_and_one_of_the_environment_waits_for_it(
    settings: Settings,
) -> None:
    with pytest.raises(Refused) as refusal:
        connected(people.admin(), provider="relay", base_url="")
    assert refusal.value.field == "base_url"
    settings.PROVIDER_KEYS = settings.PROVIDER_KEYS | {"relay": KEY}
    accounts.environment()
    assert not ProviderAccount.objects.connected().exists()
    settings.PROVIDER_BASES = settings.PROVIDER_BASES | {"relay": "https://relay.example.com"}
    assert keys.access(ProviderAccount.objects.connected().get()).key == KEY


def test_a_key_of_the_environment_is_an_account_that_nobody_edits(settings: Settings) -> None:
    settings.PROVIDER_KEYS = settings.PROVIDER_KEYS | {"zai": KEY}
    accounts.environment()
    accounts.environment()
    admin = people.admin()
    account = ProviderAccount.objects.get()
    assert (account.name, account.from_environment) == (ENVIRONMENT, True)
    assert (keys.tail(account), keys.access(account).key) == (TAIL, KEY)
    assert not ProviderKey.objects.exists()
    for act in (
        lambda: keys.replace(account, "sk-some-other-key-1", actor=admin),
        lambda: accounts.rename(account, "Mine", actor=admin),
        lambda: accounts.disconnect(account, actor=admin, open_jobs=nothing_open),
        lambda: accounts.connect(admin, newcomer(name=ENVIRONMENT)),
    ):
        with pytest.raises(Refused):
            act()


def test_a_key_that_left_the_environment_sends_nothing_and_comes_back_as_the_same_account(
    settings: Settings,
) -> None:
    given = settings.PROVIDER_KEYS
    settings.PROVIDER_KEYS = given | {"zai": KEY}
    accounts.environment()
    account = ProviderAccount.objects.get()
    settings.PROVIDER_KEYS = given
    accounts.environment()
    assert not ProviderAccount.objects.connected().exists()
    with pytest.raises(NoEntry):
        keys.access(account)
    settings.PROVIDER_KEYS = given | {"zai": KEY}
    accounts.environment()
    assert ProviderAccount.objects.connected().get() == account


def test_an_error_stands_until_the_key_has_done_its_work() -> None:
    account = connected(people.admin())
    accounts.note_error(account, "Too many at once")
    assert account.standing_error == "Too many at once"
    accounts.note_proved(account)
    account.refresh_from_db()
    assert (account.standing_error, account.last_error) == ("", "Too many at once")
