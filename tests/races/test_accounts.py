"""Admins and processes that change one account at one instant."""

import time
from threading import Event

import pytest
from django.db import transaction
from pytest_django import Settings

from studio.accounts.errors import Refused
from studio.audit.models import AuditLine
from studio.lib import clock
from studio.scheduling import accounts, hosts, keys, switches
from studio.scheduling.models import MediaHost, ModelSwitch, ProviderAccount, ProviderKey
from tests import people
from tests.races.together import together
from tests.scheduling.accounts import KEY, connected, newcomer

pytestmark = pytest.mark.django_db(transaction=True)


def test_processes_that_find_the_same_key_in_the_environment_make_one_account(
    settings: Settings,
) -> None:
    settings.PROVIDER_KEYS = settings.PROVIDER_KEYS | {"zai": KEY, "vidu": KEY}
    together(8, lambda _: accounts.environment())
    rows = ProviderAccount.objects.filter(from_environment=True)
    assert sorted(rows.values_list("provider", flat=True)) == ["vidu", "zai"]


@pytest.mark.row("F031")
def test_twenty_workers_that_are_turned_away_pause_once() -> None:
    account = connected(people.admin())
    paused = together(20, lambda _: accounts.pause_for(account, "key", "no"))
    assert paused.count(True) == 1
    assert AuditLine.objects.filter(action="provider.pause").count() == 1


def test_two_who_connect_under_one_name_leave_one_account_and_one_key() -> None:
    admin = people.admin()

    def connect(_: int) -> bool:
        try:
            accounts.connect(admin, newcomer())
        except Refused:
            return False
        return True

    assert together(4, connect).count(True) == 1
    assert (ProviderAccount.objects.count(), ProviderKey.objects.count()) == (1, 1)


def test_keys_replaced_at_once_leave_one_in_use() -> None:
    admin = people.admin()
    account = connected(admin)
    together(4, lambda n: keys.replace(account, f"sk-the-new-key-number-{n}", actor=admin))
    assert account.keys.filter(retired_at=None).count() == 1
    assert account.keys.count() == 5


def test_a_switch_and_a_host_pressed_at_once_are_one_each() -> None:
    admin = people.admin()
    together(6, lambda _: switches.switch_off("zai/vidu2-image", actor=admin))
    assert ModelSwitch.objects.count() == 1
    assert AuditLine.objects.filter(action="model.switch_off").count() == 1
    new = together(6, lambda _: hosts.refused("vidu", "files.example.com"))
    assert new.count(True) == 1
    assert MediaHost.objects.count() == 1


@pytest.mark.row("F073")
def test_disconnecting_counts_while_nobody_can_choose_a_seat() -> None:
    """Whoever chooses a seat locks the row; the count comes after it, with their job in it.

    On SQLite every transaction that writes waits for the other; on PostgreSQL only the row does.
    """
    admin = people.admin()
    account = connected(admin)
    chosen, at_the_door, jobs = Event(), Event(), list[int]()

    def choose() -> str:
        with transaction.atomic():
            ProviderAccount.objects.filter(pk=account.pk).update(chosen_at=clock.now())
            chosen.set()
            at_the_door.wait(timeout=30)
            time.sleep(0.3)
            jobs.append(1)
        return "sent"

    def disconnect() -> str:
        chosen.wait(timeout=30)
        at_the_door.set()
        try:
            accounts.disconnect(account, actor=admin, open_jobs=lambda: len(jobs))
        except Refused:
            return "refused"
        return "gone"

    assert together(2, lambda n: disconnect() if n else choose()) == ["sent", "refused"]
    account.refresh_from_db()
    assert account.removed_at is None
