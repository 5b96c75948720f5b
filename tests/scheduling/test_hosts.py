"""Where finished files may be fetched from."""

import pytest

from studio.accounts.errors import Refused
from studio.audit.models import AuditLine
from studio.scheduling import hosts
from studio.scheduling.models import MediaHost
from tests import people

pytestmark = pytest.mark.django_db


def test_a_new_host_is_refused_and_told_once() -> None:
    assert hosts.refused("vidu", "Files.Example.COM.")
    assert not hosts.refused("vidu", "files.example.com")
    assert hosts.allowed("vidu") == frozenset()
    assert hosts.refused("jiekou", "files.example.com")
    assert MediaHost.objects.count() == 2


def test_what_an_admin_allows_is_allowed_for_that_provider_alone() -> None:
    admin = people.admin()
    hosts.refused("vidu", "files.example.com")
    hosts.allow("vidu", "files.example.com", actor=admin)
    hosts.allow("vidu", "FILES.example.com", actor=admin)
    assert hosts.allowed("vidu") == {"files.example.com"}
    assert hosts.allowed("jiekou") == frozenset()
    line = AuditLine.objects.get(action="provider.allow_host")
    assert line.after == {"provider": "vidu", "host": "files.example.com"}
    assert not hosts.refused("vidu", "files.example.com")
    assert hosts.allowed("vidu") == {"files.example.com"}


def test_a_host_from_the_providers_own_page_is_allowed_until_it_is_forbidden() -> None:
    admin = people.admin()
    assert hosts.allowed("bigmodel") == {"aigc-files.bigmodel.cn"}
    # That one was not fetched from there decides nothing.
    hosts.refused("bigmodel", "aigc-files.bigmodel.cn")
    assert hosts.allowed("bigmodel") == {"aigc-files.bigmodel.cn"}
    hosts.forbid("bigmodel", "aigc-files.bigmodel.cn", actor=admin)
    assert hosts.allowed("bigmodel") == frozenset()
    hosts.allow("bigmodel", "aigc-files.bigmodel.cn", actor=admin)
    assert hosts.allowed("bigmodel") == {"aigc-files.bigmodel.cn"}


@pytest.mark.parametrize(
    "typed",
    ["", "https://files.example.com", "files.example.com/x", "a b.com", "localhost", "*.com"],
)
def test_only_the_name_of_a_host_is_taken(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        hosts.allow("vidu", typed, actor=people.admin())
    assert refusal.value.field == "host"
    assert hosts.allowed("vidu") == frozenset()
