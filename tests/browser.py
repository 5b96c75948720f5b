"""A real Chromium for the tests that do what a person does."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of its own context; whatever the browser complains of fails the test."""
    context: BrowserContext = browser.new_context(reduced_motion="reduce", **options)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints
