"""What only a browser can show: scripts that must not run, keys, the player, no script at all."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from studio.accounts.models import User
from studio.generations import drafts
from studio.generations.models import Generation
from studio.generations.states import State
from studio.storage import store
from tests import browser, clips
from tests.archive import clips as films

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CANARY = (
    '<script>window.canary=1</script>"><img src=x onerror="window.canary=1">'
    "{{7*7}} <b hx-get='/gallery/?canary' hx-trigger='load' hx-on:click='canary=1'>x</b>"
)


def made(person: User, **fields: Any) -> Generation:
    fields.setdefault("state", State.SUCCEEDED)
    return clips.generation(project=person.personal_project, person=person, **fields)


def visit(page: Page, live_server: LiveServer, name: str, *at: str, query: str = "") -> None:
    page.goto(f"{live_server.url}{reverse(name, args=at)}{query}")


def test_words_survive_a_reload_that_comes_in_mid_sentence(
    page: Page, live_server: LiveServer, person: User
) -> None:
    visit(page, live_server, "create")
    page.get_by_text("Words", exact=True).click()
    expect(page.locator("#card-words")).to_be_visible()
    page.get_by_label("Prompt").type("星降る夜に、猫は")
    expect(page.locator("#card-words")).to_have_text("星降る夜に、猫は")
    expect(page.locator(".counter")).to_have_text("8 / 500")
    with page.expect_response(lambda answer: "/create/draft/" in answer.url):
        page.get_by_label("Prompt").press("End")
        page.get_by_label("Prompt").type("旅")
    page.reload()
    expect(page.get_by_label("Prompt")).to_have_value("星降る夜に、猫は旅")
    assert drafts.load(person, "create")["mode"] == "text"


def test_no_draft_is_sent_while_words_are_being_composed(
    page: Page, live_server: LiveServer
) -> None:
    visit(page, live_server, "create")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if "draft" in request.url else None)
    page.locator("#prompt").evaluate(
        """field => { field.value = "ほし"; field.dispatchEvent(
             new InputEvent("input", { bubbles: true, isComposing: true })); }"""
    )
    page.wait_for_timeout(1200)
    assert sent == []
    with page.expect_response(lambda answer: "/create/draft/" in answer.url):
        page.locator("#prompt").dispatch_event("compositionend", {"bubbles": True})


@pytest.mark.row("A062", "A063")
def test_a_prompt_never_runs_anywhere(page: Page, live_server: LiveServer, person: User) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    done = made(person, prompt=CANARY)
    failed = made(person, prompt=CANARY, state=State.FAILED, error_message=CANARY)
    for name, at, query in (
        ("gallery", (), ""),
        ("generation", (done.uid,), ""),
        ("generation", (failed.uid,), ""),
        ("create", (), f"?from={done.uid}"),
        ("create", (), f"?made={failed.order.uid}"),
    ):
        visit(page, live_server, name, *at, query=query)
        page.wait_for_timeout(300)
        assert page.evaluate("window.canary") is None
        assert "window.canary=1" in page.content().replace("&quot;", '"')
    assert not [address for address in asked if "canary" in address]


def test_the_wall_is_judged_by_keys_alone(
    page: Page, live_server: LiveServer, person: User
) -> None:
    first, second = made(person, prompt="first"), made(person, prompt="second")
    visit(page, live_server, "gallery")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#clip-{second.uid}")).to_have_class("clip is-selected")
    page.keyboard.press("4")
    expect(page.locator(f"#clip-{second.uid} .stars")).to_have_text("★ 4")
    page.keyboard.press("x")
    expect(page.locator(f"#clip-{second.uid}")).to_contain_text("Rejected")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    expect(page.locator(f"#clip-{first.uid}")).to_contain_text("In the trash")
    second.refresh_from_db()
    assert (second.stars, second.is_rejected) == (4, True)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"#clip-{first.uid}")).to_contain_text("first")
    first.refresh_from_db()
    assert first.deleted_at is None


def test_the_player_goes_from_frame_to_frame(
    page: Page, live_server: LiveServer, person: User, tmp_path: Path
) -> None:
    film = films.make(tmp_path / "film.mp4", seconds=2)
    video = clips.video(width=320, height=180)
    video.blob = store.put(film, "video/mp4")
    video.frames = 48
    video.save()
    visit(page, live_server, "generation", made(person, video=video).uid)
    clock = page.locator("[data-clock]")
    expect(clock).to_have_text("0.00 s · 1/48")
    page.wait_for_function("document.querySelector('video').readyState >= 2")
    for keys, text in ((".", "0.04 s · 2/48"), (".", "0.08 s · 3/48"), (",", "0.04 s · 2/48")):
        page.keyboard.press(keys)
        expect(clock).to_have_text(text)
    page.keyboard.press("l")
    expect(clock).to_have_text("1.04 s · 26/48")
    page.keyboard.press("5")
    expect(page.locator("#marks .star-row .on")).to_have_count(5)
    expect(clock).to_have_text("1.04 s · 26/48")


def test_the_tab_in_the_back_says_what_is_done(
    page: Page, live_server: LiveServer, person: User
) -> None:
    running = made(person, state=State.RUNNING)
    visit(page, live_server, "gallery")
    icon = page.locator('link[rel="icon"]')
    expect(icon).to_have_attribute("href", re.compile("favicon-busy.svg$"))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    Generation.objects.filter(pk=running.pk).delete()
    made(person)
    expect(page).to_have_title("✓ 1 done · Gallery · Seed Studio", timeout=8000)
    expect(icon).to_have_attribute("href", re.compile("favicon.svg$"))


def test_a_tray_that_was_looked_into_has_no_more_news(
    page: Page, live_server: LiveServer, person: User
) -> None:
    done = made(person)
    visit(page, live_server, "gallery")
    expect(page.locator("#tray-count")).to_have_text("1 done")
    page.locator("#tray-count").click()
    expect(page.locator(f"#job-{done.uid}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tray-count")).to_have_text("Jobs")
    page.reload()
    expect(page.locator("#tray-count")).to_have_text("Jobs")


def test_without_a_script_a_clip_can_still_be_ordered(
    chromium: Browser, live_server: LiveServer, person: User
) -> None:
    picture = clips.asset(project=person.personal_project, person=person)
    with browser.opened(chromium, java_script_enabled=False) as page:
        browser.come_in(page, live_server.url, person)
        visit(page, live_server, "create")
        page.get_by_role("button", name="From assets").click()
        page.get_by_role("button", name=picture.name).click()
        page.get_by_label("Prompt").fill("Without a script")
        page.locator("#go").click()
        expect(page.locator(".take")).to_contain_text("Waiting")
    generation = Generation.objects.get()
    assert generation.prompt == "Without a script"
    assert generation.pictures == [picture]
