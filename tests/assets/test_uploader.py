"""The uploader in a real browser: pick, drop, paste, cancel, and each error at its file."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FileChooser, FilePayload, JSHandle, Locator, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from studio.assets.models import Asset
from tests import browser
from tests.assets import hostile
from tests.assets.bench import Bench, bench
from tests.house import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """(transfer) => document.body.dispatchEvent(
  new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }))"""


@pytest.fixture
def door() -> Bench:
    return bench()


def arrive(page: Page, live_server: LiveServer, door: Bench) -> None:
    """Open the page of assets as the member, looking at the project."""
    browser.log_in(page, live_server.url, door.client)
    page.goto(f"{live_server.url}/assets/?project={door.project.uid}")


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, door: Bench) -> Iterator[Page]:
    with browser.opened(chromium, viewport={"width": 1200, "height": 800}) as page:
        arrive(page, live_server, door)
        yield page


def png(name: str, image: Any = None) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": hostile.png(image)}


def transfer(page: Page, *files: FilePayload) -> JSHandle:
    return browser.transfer(page, *((file["name"], file["buffer"]) for file in files))


def tile(page: Page, name: str) -> Any:
    return page.locator(".tile").filter(has_text=name)


def test_several_picked_pictures_appear_on_the_wall_without_reloading(
    page: Page, door: Bench
) -> None:
    page.set_input_files("#pictures", [png("one.png"), png("two.png", hostile.grainy())])
    expect(tile(page, "one.png")).to_be_visible()
    expect(tile(page, "two.png")).to_be_visible()
    expect(page.locator("#count")).to_have_text("2")
    expect(page.locator(".upload")).to_have_count(0)
    assert {asset.project for asset in Asset.objects.all()} == {door.project}


def test_a_picture_dropped_anywhere_is_uploaded_with_the_rights_that_were_set(page: Page) -> None:
    page.get_by_label("Rights", exact=True).select_option("licensed")
    page.get_by_label("Rights note").fill("Stock 4711")
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer(page, png("drop.png"))})
    expect(tile(page, "drop.png")).to_be_visible()
    asset = Asset.objects.get()
    assert (asset.rights, asset.rights_note) == ("licensed", "Stock 4711")


def test_a_pasted_picture_is_uploaded(page: Page) -> None:
    page.evaluate(PASTE, transfer(page, png("paste.png")))
    expect(tile(page, "paste.png")).to_be_visible()
    assert Asset.objects.get().name == "paste.png"


def test_what_there_is_to_say_about_a_picture_stays_until_dismissed(page: Page) -> None:
    page.set_input_files("#pictures", png("clear.png", hostile.picture(mode="RGBA")))
    expect(tile(page, "clear.png")).to_be_visible()
    page.set_input_files("#pictures", png("again.png", hostile.picture(mode="RGBA")))
    line = page.locator(".upload")
    expect(line).to_contain_text("It is already in this project.")
    line.get_by_role("button", name="Dismiss").click()
    expect(line).to_have_count(0)
    assert Asset.objects.count() == 1


def asked(page: Page, field: Locator, key: str) -> FileChooser:
    """The chooser that the key opens. Pressed again if lost: Chromium drops a key under load."""
    choosers: list[FileChooser] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))

    def opens() -> bool:
        field.press(key)
        page.wait_for_timeout(500)
        return bool(choosers)

    wait_for("the chooser", opens)
    return choosers[0]


def test_the_picker_is_reached_by_keyboard(page: Page) -> None:
    page.locator("#pictures").focus()
    expect(page.locator("#pictures")).to_be_focused()
    assert asked(page, page.locator("#pictures"), "Space").is_multiple()


def test_enter_in_the_note_asks_for_pictures_instead_of_sending_none(page: Page) -> None:
    chooser = asked(page, page.get_by_label("Rights note"), "Enter")
    chooser.set_files([png("note.png")])
    expect(tile(page, "note.png")).to_be_visible()


def test_a_slow_upload_shows_how_far_it_is_and_can_be_cancelled(page: Page) -> None:
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.set_input_files("#pictures", png("slow.png", hostile.grainy(900)))
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(bar).not_to_have_attribute("value", "0")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".upload")).to_have_count(0)
    assert not Asset.objects.exists()


def test_each_error_stands_at_its_file_and_the_others_are_taken(
    chromium: Browser, live_server: LiveServer, door: Bench, settings: Settings
) -> None:
    # In a context of its own: Chromium writes every 4xx into its console.
    page = chromium.new_context().new_page()
    arrive(page, live_server, door)
    page.evaluate("document.querySelector('[data-uploader]').dataset.mostBytes = 40000")
    text: FilePayload = {"name": "text.png", "mimeType": "image/png", "buffer": b"no picture"}
    large: FilePayload = {"name": "large.png", "mimeType": "image/png", "buffer": bytes(50_000)}
    page.set_input_files("#pictures", [text, png("good.png"), large])
    expect(tile(page, "good.png")).to_be_visible()
    lines = page.locator(".upload.failed")
    expect(lines).to_have_count(2)
    expect(lines.filter(has_text="text.png")).to_contain_text("Not a JPEG, PNG or WebP picture")
    expect(lines.filter(has_text="large.png")).to_contain_text("The file is too large")
    assert Asset.objects.get().name == "good.png"


def test_a_lost_connection_offers_to_try_again(
    chromium: Browser, live_server: LiveServer, door: Bench
) -> None:
    page = chromium.new_context().new_page()
    arrive(page, live_server, door)
    page.context.set_offline(True)
    page.set_input_files("#pictures", png("late.png"))
    line = page.locator(".upload.failed")
    expect(line).to_contain_text("The connection was lost.")
    page.context.set_offline(False)
    line.get_by_role("button", name="Try again").click()
    expect(tile(page, "late.png")).to_be_visible()
    assert Asset.objects.count() == 1


def test_on_the_wall_a_picture_goes_to_the_trash_and_comes_back(page: Page) -> None:
    page.set_input_files("#pictures", png("mine.png"))
    tile(page, "mine.png").hover()
    page.get_by_role("button", name="Put “mine.png” in the trash").click()
    page.get_by_role("button", name="Undo").click()
    expect(tile(page, "mine.png")).to_be_visible()
    assert not Asset.objects.get().is_trashed


def test_the_search_narrows_the_wall_while_one_types(page: Page) -> None:
    page.set_input_files("#pictures", [png("shore.png"), png("hill.png", hostile.grainy())])
    expect(page.locator(".tile")).to_have_count(2)
    page.get_by_role("searchbox", name="Search by name").press_sequentially("hil")
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1")
    assert "q=hil" in page.url
