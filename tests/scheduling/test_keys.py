"""Keys: sealed at rest, kept for what was sent with them, shown by their end alone."""

import json

import pytest
from django.db import connection
from pytest_django import Settings

from studio.accounts.errors import Refused
from studio.audit.models import AuditLine
from studio.lib import cipher
from studio.scheduling import accounts, keys
from studio.scheduling.keys import KeyState, NoEntry
from studio.scheduling.models import ProviderAccount, ProviderKey
from tests import people
from tests.scheduling.accounts import KEY, RELAY_BASE, TAIL, connected

OTHER = "sk-another-9876543210fedcba-LMNO"

pytestmark = pytest.mark.django_db


def everything_stored() -> str:
    """Every value of every table, as it lies there."""
    said = list[str]()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            said.append(repr(cursor.fetchall()))
    return "\n".join(said)


@pytest.mark.row("A117", "A120")
def test_the_database_holds_no_key_that_can_be_read() -> None:
    admin = people.admin()
    account = connected(admin)
    keys.replace(account, OTHER, actor=admin)
    accounts.pause_for(account, "key", f"Bad key {KEY} or {OTHER}")
    accounts.note_error(account, f"401 for Bearer {OTHER}")
    dump = everything_stored()
    assert KEY not in dump and OTHER not in dump
    assert {row.tail for row in account.keys.all()} == {"WXYZ", "LMNO"}
    assert keys.access(account).key == OTHER


def test_an_entry_and_a_newcomer_do_not_print_their_key() -> None:
    account = connected(people.admin())
    assert KEY not in repr(keys.access(account))


@pytest.mark.row("F074")
def test_jobs_under_way_keep_the_key_that_sent_them() -> None:
    admin = people.admin()
    account = connected(admin)
    first = keys.in_use(account)
    second = keys.replace(account, OTHER, actor=admin)
    assert keys.access(account, first).key == KEY
    assert keys.access(account).key == OTHER
    assert keys.in_use(account) == second
    assert first is not None
    assert keys.forget(account, still_used={first.pk}) == 0
    assert keys.forget(account) == 1
    first.refresh_from_db()
    with pytest.raises(NoEntry):
        keys.access(account, first)
    assert keys.access(account).key == OTHER


def test_a_new_key_has_proved_nothing_and_the_audit_names_only_ends() -> None:
    admin = people.admin()
    account = connected(admin)
    accounts.note_proved(account)
    accounts.note_error(account, "too many")
    keys.replace(account, f"  {OTHER}\n", actor=admin)
    account.refresh_from_db()
    assert (account.proved_at, account.last_error) == (None, "")
    line = AuditLine.objects.get(action="provider.replace_key")
    assert (line.before, line.after) == ({"key": TAIL}, {"key": "••••LMNO"})
    assert line.actor_name == admin.email


@pytest.mark.parametrize(
    "typed", ["", "   ", "two words", "sk-ключ-ключ", "x" * 1001, "sk\r\nX: y"]
)
def test_what_is_no_key_is_refused_without_being_repeated(typed: str) -> None:
    admin = people.admin()
    account = connected(admin)
    with pytest.raises(Refused) as refusal:
        keys.replace(account, typed, actor=admin)
    assert refusal.value.field == "api_key"
    assert not typed.strip() or typed.strip() not in refusal.value.message
    assert keys.access(account).key == KEY


def test_of_a_short_key_not_even_the_end_is_shown() -> None:
    account = connected(people.admin(), key="short-key")
    assert keys.tail(account) == "••••"


def test_a_key_sealed_with_lost_secrets_is_said_to_be_and_never_sent(settings: Settings) -> None:
    account = connected(people.admin())
    settings.ENCRYPTION_KEYS = ["another long text of forty characters or so"]
    assert keys.state(account) is KeyState.SEALED
    with pytest.raises(cipher.WrongKey):
        keys.access(account)


@pytest.mark.parametrize(
    ("provider", "base"),
    [
        ("zai", "https://api.z.ai/api/paas/v4"),
        ("bigmodel", "https://open.bigmodel.cn/api/paas/v4"),
        ("jiekou", "https://api.jiekou.ai"),
        ("vidu", "https://api.vidu.com"),
        ("relay", RELAY_BASE),
    ],
)
def test_an_account_without_an_address_uses_the_providers_own(provider: str, base: str) -> None:
    account = connected(people.admin(), provider=provider)
    assert keys.access(account).base_url == base


def test_the_environments_address_comes_before_the_providers_and_after_the_accounts(
    settings: Settings,
) -> None:
    settings.PROVIDER_BASES = settings.PROVIDER_BASES | {"zai": "https://env.example.com/v4"}
    admin = people.admin()
    assert connected(admin).address == "https://env.example.com/v4"
    own = connected(admin, name="Own", base_url="https://own.example.com/v4/")
    assert keys.access(own).base_url == "https://own.example.com/v4"


def test_a_relays_words_come_with_its_key() -> None:
    words = {"scheme": "Token", "submit_path": "/v2/make"}
    account = connected(people.admin(), provider="relay", options=words)
    account = ProviderAccount.objects.get(pk=account.pk)
    assert json.loads(json.dumps(dict(keys.access(account).options))) == words


def test_an_account_has_one_key_in_use_whatever_happens() -> None:
    admin = people.admin()
    account = connected(admin)
    for number in range(3):
        keys.replace(account, f"{OTHER}{number}", actor=admin)
    assert ProviderKey.objects.filter(account=account, retired_at=None).count() == 1
    assert ProviderKey.objects.filter(account=account).count() == 4
