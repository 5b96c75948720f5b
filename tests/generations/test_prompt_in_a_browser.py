"""The prompt as somebody writes it: with an input method, with the helper, with what was kept."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import CDPSession, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from studio.accounts.models import User
from studio.generations import drafts
from studio.generations.models import Order
from studio.generations.palette import SavedPrompt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Longer than the pause after which a draft goes out.
A_WHILE = 1200


@pytest.fixture
def expects() -> str:
    return "status of 422"


@pytest.fixture
def page(page: Page, live_server: LiveServer) -> Page:
    page.goto(f"{live_server.url}{reverse('create')}")
    page.locator("#mode-text").locator("xpath=..").click()
    expect(page.locator("#card-words")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


@pytest.fixture
def keyboard(page: Page) -> CDPSession:
    """An input method: it composes, then says what was meant."""
    return page.context.new_cdp_session(page)


def compose(keyboard: CDPSession, *texts: str) -> None:
    for text in texts:
        end = len(text)
        keyboard.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": end, "selectionEnd": end},
        )


def asked(page: Page, address: str) -> list[Request]:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if address in request.url else None)
    return sent


def kept(person: User) -> Any:
    return drafts.load(person, "create").get("prompt")


# ── Input methods ─────────────────────────────────────────────────────────────────────────────


def test_chinese_arrives_whole_and_nothing_is_sent_before(
    page: Page, keyboard: CDPSession, person: User
) -> None:
    sent = asked(page, reverse("draft"))
    page.locator("#prompt").focus()
    compose(keyboard, "x", "xi", "xiao", "xiao m", "xiao mao")
    page.wait_for_timeout(A_WHILE)
    assert sent == []
    with page.expect_response(lambda answer: reverse("draft") in answer.url):
        keyboard.send("Input.insertText", {"text": "小猫"})
    expect(page.locator("#prompt")).to_have_value("小猫")
    expect(page.locator(".counter")).to_have_text("2 / 500")
    assert kept(person) == "小猫"


def test_a_pause_that_runs_out_while_composing_waits_for_the_words(
    page: Page, keyboard: CDPSession, person: User
) -> None:
    sent = asked(page, reverse("draft"))
    page.locator("#prompt").type("A ")
    compose(keyboard, "mao")
    page.wait_for_timeout(A_WHILE)
    page.locator("#takes-3").evaluate("one => { one.checked = true; }")
    page.locator("#takes-3").dispatch_event("change", {"bubbles": True})
    page.wait_for_timeout(A_WHILE)
    assert sent == []
    with page.expect_response(lambda answer: reverse("draft") in answer.url):
        keyboard.send("Input.insertText", {"text": "猫"})
    assert kept(person) == "A 猫"
    assert drafts.load(person, "create")["takes"] == 3


def test_an_order_in_the_middle_of_a_word_is_none(page: Page, keyboard: CDPSession) -> None:
    sent = asked(page, reverse("create"))
    page.locator("#prompt").fill("A boat")
    page.wait_for_timeout(A_WHILE)
    page.locator("#slate-name").evaluate("one => one.closest('[popover]').showPopover()")
    page.locator("#slate-name").focus()
    compose(keyboard, "mao")
    page.locator("#create").evaluate("form => form.requestSubmit()")
    page.locator("#prompt").dispatch_event(
        "keydown", {"key": "Enter", "ctrlKey": True, "keyCode": 229, "bubbles": True}
    )
    page.wait_for_timeout(300)
    assert not [one for one in sent if one.url.endswith(reverse("create"))]
    keyboard.send("Input.insertText", {"text": "猫"})
    expect(page.locator("#slate-name")).to_have_value("猫")
    page.locator("#create").evaluate("form => form.requestSubmit()")
    expect(page.locator("#stage .take")).to_be_visible()
    assert Order.objects.count() == 1


def test_enter_that_an_input_method_has_taken_does_nothing_else(page: Page) -> None:
    taken = """field => !field.dispatchEvent(new KeyboardEvent(
        "keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""
    page.locator("#slate-name").evaluate("one => one.closest('[popover]').showPopover()")
    assert page.locator("#slate-name").evaluate(taken)
    assert not page.locator("#prompt").evaluate(taken)


def test_control_and_enter_in_the_prompt_press_the_button(page: Page) -> None:
    page.locator("#prompt").fill("A boat")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#stage .take")).to_be_visible()
    assert Order.objects.count() == 1


# ── The helper ────────────────────────────────────────────────────────────────────────────────


def test_chips_fill_the_fields_and_the_helper_writes_the_prompt(page: Page, person: User) -> None:
    page.locator("#helper > summary").click()
    page.get_by_role("button", name="close-up").click()
    page.get_by_role("button", name="from above").click()
    expect(page.locator("#helper-shot")).to_have_value("close-up, from above")
    page.get_by_role("button", name="close-up").click()
    expect(page.locator("#helper-shot")).to_have_value("from above")
    expect(page.get_by_role("button", name="from above")).to_have_attribute("aria-pressed", "true")
    page.locator("#helper-subject").fill("a red boat")
    page.locator("#helper-subject").press("Enter")
    expect(page.locator("#prompt")).to_have_value("From above. A red boat.")
    expect(page.locator("#prompt")).to_be_focused()
    page.get_by_role("button", name="calm mood").click()
    page.get_by_role("button", name="Write it into the prompt").click()
    expect(page.locator("#prompt")).to_have_value("From above. A red boat. Calm mood.")
    page.reload()
    expect(page.locator("#helper-subject")).to_have_value("a red boat")
    assert not Order.objects.exists()


def test_the_helper_asks_less_where_there_are_pictures(page: Page) -> None:
    page.locator("#helper > summary").click()
    expect(page.locator("#helper-shot")).to_be_visible()
    page.locator("#mode-image").locator("xpath=..").click()
    expect(page.locator("#helper-motion")).to_be_visible()
    expect(page.locator("#helper-shot")).to_have_count(0)
    page.get_by_role("button", name="Write it into the prompt").click()
    expect(page.locator("#helper-subject")).to_be_focused()


def test_words_of_one_s_own_come_back(page: Page) -> None:
    page.locator("#prompt").fill("By hand")
    page.locator("#helper > summary").click()
    page.locator("#helper-subject").fill("a boat")
    for mood in ("calm mood", "tense mood"):
        page.get_by_role("button", name=mood).click()
        page.get_by_role("button", name="Write it into the prompt").click()
        expect(page.locator("#prompt")).to_have_value(f"By hand. A boat. {mood.capitalize()}.")
        page.get_by_role("button", name=mood).click()
    page.get_by_role("button", name="Back to the prompt before").click()
    expect(page.locator("#prompt")).to_have_value("By hand")


# ── Saved prompts ─────────────────────────────────────────────────────────────────────────────


def test_a_prompt_is_saved_filled_in_and_used(page: Page, person: User) -> None:
    page.locator("#prompt").fill("{商品} on {surface}")
    page.locator("#helper > summary").click()
    page.get_by_placeholder("Name", exact=True).fill("On a table")
    page.get_by_placeholder("Name", exact=True).press("Enter")
    row = page.locator(".saved-row")
    expect(row).to_have_count(1)
    assert SavedPrompt.objects.get().text == "{商品} on {surface}"
    page.get_by_placeholder("Name", exact=True).fill("On a table")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#saved .errors")).to_contain_text("Another prompt here has this name.")
    expect(page.get_by_placeholder("Name", exact=True)).to_have_value("On a table")
    row.locator("summary").first.click()
    page.get_by_label("商品").fill("茶")
    page.get_by_label("商品").press("Enter")
    expect(page.locator("#prompt")).to_have_value("茶 on {surface}")
    gap = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert page.locator("#prompt").evaluate(gap) == "{surface}"
    row.get_by_role("button", name="Remove").click()
    expect(page.locator(".saved-row")).to_have_count(0)
    page.locator("#saved").get_by_role("button", name="Undo").click()
    expect(page.locator(".saved-row")).to_have_count(1)
    assert not Order.objects.exists()
    assert kept(person) == "茶 on {surface}"
