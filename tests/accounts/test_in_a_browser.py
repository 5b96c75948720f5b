"""What only a browser can show."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from studio.accounts import setup
from studio.accounts.models import Studio, User
from studio.accounts.sessions import Session
from tests import browser, people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tokyo(chromium: Browser) -> Iterator[Page]:
    with browser.opened(chromium, timezone_id="Asia/Tokyo") as page:
        yield page


def test_the_first_visit_proposes_the_browsers_own_zone(
    live_server: LiveServer, tokyo: Page
) -> None:
    tokyo.goto(f"{live_server.url}/")
    expect(tokyo.get_by_role("heading")).to_contain_text("waits for its set-up link")
    tokyo.goto(f"{live_server.url}/setup/?code={setup.code()}")
    expect(tokyo.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    tokyo.get_by_label("E-mail").fill("ada@studio.example")
    tokyo.get_by_label("Password").fill("seven quiet cameras")
    tokyo.get_by_role("button", name="Open the studio").click()
    tokyo.wait_for_url("**/create/")
    assert Studio.objects.get().time_zone == "Asia/Tokyo"
    assert User.objects.get().is_admin


@pytest.mark.row("A086")
def test_the_way_back_after_the_logout_shows_the_login(
    live_server: LiveServer, tokyo: Page
) -> None:
    people.studio()
    mei = people.member(email="mei@studio.example", password=people.PASSWORD, name="Mei Tanaka")
    tokyo.goto(f"{live_server.url}/accounts/login/?next=/projects/")
    tokyo.get_by_label("E-mail").fill(mei.email)
    tokyo.get_by_label("Password").fill(people.PASSWORD)
    tokyo.get_by_role("button", name="Log in").click()
    expect(tokyo.get_by_role("link", name="Mei Tanaka")).to_be_visible()
    tokyo.goto(f"{live_server.url}/settings/")
    tokyo.goto(f"{live_server.url}/accounts/logout/")
    tokyo.get_by_role("main").get_by_role("button", name="Log out").click()
    tokyo.wait_for_url("**/accounts/login/")
    for _ in range(3):
        tokyo.go_back()
        expect(tokyo.get_by_role("heading", name="Log in")).to_be_visible()
        assert "Mei Tanaka" not in tokyo.content()
    assert tokyo.evaluate("localStorage.length") == 0
    assert not Session.objects.filter(person=mei).exists()


def test_a_fresh_link_is_copied_with_one_click(live_server: LiveServer, chromium: Browser) -> None:
    people.studio()
    admin = people.admin(email="ada@studio.example", password=people.PASSWORD)
    permissions = ["clipboard-read", "clipboard-write"]
    with browser.opened(chromium, permissions=permissions) as page:
        page.goto(f"{live_server.url}/accounts/login/?next=/people/")
        page.get_by_label("E-mail").fill(admin.email)
        page.get_by_label("Password").fill(people.PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_label("E-mail").fill("nia@studio.example")
        page.get_by_role("button", name="Make the link").click()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        shown = page.get_by_label("Link").input_value()
        assert page.evaluate("navigator.clipboard.readText()") == shown
