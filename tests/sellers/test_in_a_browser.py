"""Connecting an account, as an admin does it."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from studio.scheduling import keys
from studio.scheduling.models import ProviderAccount
from tests import browser, people
from tests.scheduling.accounts import KEY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_key_is_pasted_corrected_paused_and_resumed(
    live_server: LiveServer, chromium: Browser
) -> None:
    people.studio()
    admin = people.admin()
    with browser.opened(chromium, expects="422") as page:
        browser.come_in(page, live_server.url, admin)
        page.goto(f"{live_server.url}/providers/")
        page.get_by_role("link", name="Connect Z.ai").click()
        page.get_by_label("Key", exact=True).fill(KEY)
        page.get_by_label("Address").fill("http://api.example.com")
        page.get_by_label("Daily limit of the studio").fill("20")
        page.get_by_role("button", name="Connect").click()

        expect(page.get_by_role("alert")).to_contain_text("Keys are only sent over https")
        expect(page.get_by_label("Key", exact=True)).to_have_value("")
        expect(page.get_by_label("Daily limit of the studio")).to_have_value("20")
        assert KEY not in page.content()
        page.get_by_label("Address").fill("")
        page.get_by_label("Key", exact=True).fill(KEY)
        page.get_by_role("button", name="Connect").click()

        expect(page.get_by_text("Z.ai is connected.")).to_be_visible()
        page.get_by_label("Reason").fill("Contract ends")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("Contract ends")).to_be_visible()
        page.get_by_role("button", name="Resume").click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        assert KEY not in page.content()
    account = ProviderAccount.objects.get()
    assert (account.paused_at, keys.access(account).key) == (None, KEY)
