"""A real Chromium for the tests that do what a person does."""

import os
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    JSHandle,
    Page,
    sync_playwright,
)

from studio.accounts.models import User

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What a hand carries: browsers give tests no other way to drop or paste a file.
TRANSFER = """([files]) => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type: "image/png" }));
  }
  return transfer;
}"""
# A newer state of the form takes the place of one still under way: htmx calls that an error, and
# a request that truly fails is told by a line of its own.
REPLACED = "^htmx:(sendAbort|afterRequest),"
# A poll that was answered while its page went away finds no place for the banner.
GONE = "^htmx:oobErrorNoTarget, #paused$"
QUIET = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking")


def executable() -> str | None:
    given = os.environ.get("STUDIO_CHROMIUM")
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def require() -> str:
    """Chromium's path; without one the test is skipped, or fails where it must not be."""
    found = executable()
    if found:
        return found
    reason = "no Chromium found (install Debian's chromium or set STUDIO_CHROMIUM)"
    if os.environ.get("STUDIO_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def launched() -> Iterator[Browser]:
    # Asked first: on a machine without a browser the driver may not even start.
    path = require()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, *, expects: str = "", **options: Any) -> Iterator[Page]:
    """A page of its own context; whatever the browser complains of fails the test, unless the
    pattern `expects` is found in it.
    """
    context: BrowserContext = browser.new_context(reduced_motion="reduce", **options)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        is_expected = re.search("|".join(filter(None, (REPLACED, GONE, expects))), message.text)
        if message.type == "error" and not is_expected:
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints


def log_in(page: Page, address: str, client: Client) -> None:
    """Give the page the session of a test client that is logged in."""
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def come_in(page: Page, address: str, person: User) -> None:
    """As somebody who has logged in already."""
    client = Client()
    client.force_login(person)
    log_in(page, address, client)


def transfer(page: Page, *pictures: tuple[str, bytes]) -> JSHandle:
    """A DataTransfer that carries PNG files of these names and bytes."""
    packed = [[name, b64encode(data).decode()] for name, data in pictures]
    return page.evaluate_handle(TRANSFER, [packed])
