"""Trying a key with a call that is free, over a real socket."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client
from pytest_django import Settings

from studio.scheduling.models import ProviderAccount
from tests import people
from tests.scheduling.accounts import KEY, connected

# As Vidu's page shows it.
LEFT = {"remains": [{"type": "metered", "credit_remain": 1250, "concurrency_limit": 5}]}
REFUSED = {"code": 401, "reason": "Unauthorized", "message": f"bad key {KEY}", "metadata": {}}


@dataclass
class Vendor:
    """Answers every GET with `status` and `said`, and remembers what it was asked."""

    port: int = 0
    status: int = 200
    said: object = field(default_factory=lambda: LEFT)
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def vendor(settings: Settings) -> Iterator[Vendor]:
    vendor = Vendor()

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            vendor.asked.append((self.path, self.headers["Authorization"]))
            body = json.dumps(vendor.said).encode()
            self.send_response(vendor.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            """Nothing: what is asked is remembered."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        vendor.port = server.server_port
        settings.TRUSTED_HOSTS = [f"127.0.0.1:{vendor.port}"]
        Thread(target=server.serve_forever, daemon=True).start()
        yield vendor
        server.shutdown()


@pytest.fixture
def account(cast: people.Cast, vendor: Vendor) -> ProviderAccount:
    base = f"http://127.0.0.1:{vendor.port}"
    return connected(cast.admin, provider="vidu", name="Vidu", base_url=base)


def try_it(client: Client, cast: people.Cast, account: ProviderAccount) -> str:
    client.force_login(cast.admin)
    answer = client.post(f"/providers/accounts/{account.uid}/try/", follow=True)
    assert answer.status_code == 200
    account.refresh_from_db()
    return answer.content.decode()


def test_a_good_key_is_proved_and_the_balance_is_shown(
    client: Client, cast: people.Cast, account: ProviderAccount, vendor: Vendor
) -> None:
    page = try_it(client, cast, account)
    assert "The key works." in page and "1250 credits" in page
    assert account.proved_at is not None
    assert [key for _, key in vendor.asked] == [f"Token {KEY}"]


@pytest.mark.row("F031", "A118")
def test_a_wrong_key_is_said_to_be_and_never_repeated(
    client: Client, cast: people.Cast, account: ProviderAccount, vendor: Vendor
) -> None:
    vendor.status, vendor.said = 401, REFUSED
    page = try_it(client, cast, account)
    assert "The provider refuses the key." in page
    assert KEY not in page and KEY not in account.last_error
    assert account.proved_at is None


def test_a_provider_that_is_not_there_says_nothing_about_the_key(
    client: Client, cast: people.Cast, account: ProviderAccount, settings: Settings
) -> None:
    settings.TRUSTED_HOSTS = []
    assert "could not be reached" in try_it(client, cast, account)
    assert account.proved_at is None


def test_where_no_call_is_free_nothing_is_tried(client: Client, cast: people.Cast) -> None:
    account = connected(cast.admin)
    client.force_login(cast.admin)
    address = f"/providers/accounts/{account.uid}/try/"
    assert client.post(address).status_code == 404
    assert "try/" not in client.get(f"/providers/accounts/{account.uid}/").content.decode()
