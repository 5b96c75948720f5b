"""The whole way, as a person goes it: `make run`, the link, two pictures, a clip, the gallery."""

import base64
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import clips
from tests.browser import launched, opened, require
from tests.house import House, wait_for

pytestmark = pytest.mark.browser

TWO_MINUTES = 120

# What a hand does: put files on an element. Browsers give tests no other way.
DROP = """([selector, files]) => {
    const transfer = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: "image/png" }));
    }
    const target = document.querySelector(selector);
    for (const type of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "data")
    yield house
    house.stop_all()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def set_up_link(house: House) -> str:
    """What `make run` prints for whoever stands before it."""
    log = wait_for(
        "the set-up link",
        lambda: re.search(r"https?://\S+/setup/\S+", house.log("run")),
        TWO_MINUTES,
    )
    return str(log[0])


def drop(page: Page, selector: str, *pictures: tuple[str, bytes]) -> None:
    files = [(name, base64.b64encode(data).decode()) for name, data in pictures]
    page.evaluate(DROP, [selector, files])


def test_first_light(house: House) -> None:
    require()
    address = f"127.0.0.1:{free_port()}"
    house.make("run", STUDIO_BIND=address, SITE_URL=f"http://{address}")
    link = set_up_link(house)
    with launched() as browser, opened(browser, viewport={"width": 1440, "height": 900}) as page:
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
    drop(page, "[data-slot=start]", ("dawn.png", clips.png(640, 360, (240, 160, 90))))
    expect(page.locator("[data-slot=start] img")).to_be_visible()
    drop(page, "[data-slot=end]", ("dusk.png", clips.png(640, 360, (40, 50, 110))))
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
