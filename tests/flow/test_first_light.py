"""The whole way, as a person goes it: `make run`, the link, two pictures, a clip, the gallery."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import browser, clips
from tests.house import House, free_port, wait_for

pytestmark = pytest.mark.browser

TWO_MINUTES = 120


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "data")
    yield house
    house.stop_all()


def set_up_link(house: House) -> str:
    """What `make run` prints for whoever stands before it."""
    log = wait_for(
        "the set-up link",
        lambda: re.search(r"https?://\S+/setup/\S+", house.log("run")),
        TWO_MINUTES,
    )
    return str(log[0])


def drop(page: Page, slot: str, name: str, picture: bytes) -> None:
    carried = browser.transfer(page, (name, picture))
    page.dispatch_event(f"[data-slot={slot}]", "drop", {"dataTransfer": carried})


def test_first_light(house: House) -> None:
    browser.require()
    address = f"127.0.0.1:{free_port()}"
    house.make("run", STUDIO_BIND=address, SITE_URL=f"http://{address}")
    link = set_up_link(house)
    with (
        browser.launched() as chromium,
        browser.opened(chromium, viewport={"width": 1440, "height": 900}) as page,
    ):
        began = time.monotonic()
        page.goto(link)
        found_the_studio(page)
        order_a_crossing(page)
        expect(page.locator("video")).to_be_visible(timeout=TWO_MINUTES * 1000)
        assert time.monotonic() - began < TWO_MINUTES
        the_clip_plays_and_seeks(page)
        the_gallery_has_it(page)
    stop_by_ctrl_c(house)


def found_the_studio(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@studio.example")
    page.get_by_label("Password").fill("a long enough phrase")
    page.get_by_role("button", name="Open the studio").click()
    expect(page).to_have_url(re.compile("/create/"))
    expect(page.get_by_text("Try these")).to_be_visible()


def order_a_crossing(page: Page) -> None:
    """Two pictures dropped on Start + end, the price seen, the button pressed."""
    page.get_by_text("Start + end", exact=True).click()
    drop(page, "start", "dawn.png", clips.png(640, 360, (240, 160, 90)))
    expect(page.locator("[data-slot=start] img")).to_be_visible()
    drop(page, "end", "dusk.png", clips.png(640, 360, (40, 50, 110)))
    expect(page.locator("[data-slot=end] img")).to_be_visible()
    button = page.locator("#go")
    expect(button).to_contain_text("free")
    button.click()
    expect(page.locator(".strip progress").first).to_be_visible()
    expect(page).to_have_url(re.compile("made="))


def the_clip_plays_and_seeks(page: Page) -> None:
    video = page.locator("video").first
    video.evaluate("video => { video.muted = true; return video.play(); }")
    wait_for("the clip to move", lambda: video.evaluate("video => video.currentTime") > 0.3)
    video.evaluate("video => { video.pause(); video.currentTime = 2.5; }")
    wait_for("the seek to end", lambda: not video.evaluate("video => video.seeking"))
    assert abs(video.evaluate("video => video.currentTime") - 2.5) < 0.1
    assert video.evaluate("video => video.seekable.length") == 1


def the_gallery_has_it(page: Page) -> None:
    page.get_by_role("link", name="Gallery", exact=True).first.click()
    card = page.locator("main a[href*='/generations/']").first
    expect(card).to_be_visible()
    page.reload()
    expect(card).to_be_visible()
    card.click()
    expect(page.locator("video")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/gallery/"))
    expect(card).to_be_visible()


def stop_by_ctrl_c(house: House) -> None:
    (studio,) = house.started
    os.killpg(studio.pid, signal.SIGINT)
    began = time.monotonic()
    studio.wait(timeout=10)
    assert time.monotonic() - began < 5
