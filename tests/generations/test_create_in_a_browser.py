"""The Create screen as a person uses it: five ways, one press, and a login that ends meanwhile."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from studio.accounts.models import User
from studio.accounts.sessions import Session
from studio.generations import drafts
from studio.generations.models import Generation, Order
from tests import browser, clips, people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWELVE = 12


@pytest.fixture
def person() -> User:
    people.studio()
    return people.person(password=people.PASSWORD)


@pytest.fixture
def page(page: Page, live_server: LiveServer) -> Page:
    page.goto(live_server.url + reverse("create"))
    return page


def drop(page: Page, count: int, at: str = "#stage") -> None:
    """`count` pictures fall onto `at`; returns when they lie in their places."""
    pictures = [(f"{n}.png", clips.png(320, 180)) for n in range(count)]
    with page.expect_response(lambda answer: "/create/draft/" in answer.url):
        page.dispatch_event(at, "drop", {"dataTransfer": browser.transfer(page, *pictures)})


def choose(page: Page, way: str) -> None:
    with page.expect_response(lambda answer: "/create/draft/" in answer.url):
        page.locator(".ways").get_by_text(way, exact=True).click()


def is_chosen(page: Page, way: str) -> None:
    expect(page.locator(f"#mode-{way}")).to_be_checked()


@pytest.mark.parametrize(
    ("count", "way"), [(1, "image"), (2, "start-end"), (3, "reference"), (8, "each")]
)
def test_pictures_suggest_a_way(page: Page, count: int, way: str) -> None:
    drop(page, count)
    is_chosen(page, way)
    expect(page.locator(".slot:not(.is-empty)")).to_have_count(count)


def test_pictures_only_suggest_and_the_switch_stays(page: Page) -> None:
    choose(page, "One clip each")
    drop(page, 2)
    is_chosen(page, "each")
    expect(page.locator(".slot:not(.is-empty)")).to_have_count(2)
    choose(page, "Start + end")
    expect(page.locator(".slot.is-empty")).to_have_count(2)
    choose(page, "One clip each")
    expect(page.locator(".slot:not(.is-empty)")).to_have_count(2)


# A poll may still tell of clips that have left the stage for the next ones.
@pytest.mark.parametrize("expects", ["^htmx:oobErrorNoTarget, #(tray|strip|take|clip|one)-"])
def test_a_clip_is_ordered_in_each_of_the_five_ways(page: Page) -> None:
    for way, pictures, clips_made in (
        ("Words", 0, 1),
        ("Start", 1, 1),
        ("Start + end", 2, 1),
        ("References", 3, 1),
        ("One clip each", 3, 3),
    ):
        choose(page, way)
        if pictures:
            drop(page, pictures, at="[data-slot]")
        else:
            page.get_by_label("Prompt").fill("A boat at dawn")
        before = Generation.objects.count()
        with page.expect_response(lambda answer: answer.url.endswith(reverse("create"))):
            page.locator("#go").click()
        expect(page.locator("#stage :is(.take, .clip)")).to_have_count(clips_made)
        assert Generation.objects.count() == before + clips_made
    modes = Generation.objects.values_list("mode", flat=True)
    assert sorted(set(modes)) == ["image", "reference", "start-end", "text"]


@pytest.mark.row("F004")
def test_twelve_at_once_by_one_double_click_are_one_order(page: Page) -> None:
    choose(page, "One clip each")
    drop(page, TWELVE, at="[data-slot]")
    expect(page.locator("#go")).to_contain_text("Make 12 · free")
    page.locator("#go").dblclick()
    expect(page.locator("#stage .clip")).to_have_count(TWELVE)
    page.wait_for_timeout(500)
    assert Order.objects.count() == 1
    assert Generation.objects.count() == TWELVE


@pytest.mark.parametrize("expects", ["401 .Unauthorized"])
@pytest.mark.row("A071")
def test_a_login_that_ends_in_mid_form_costs_nothing_typed(
    page: Page, live_server: LiveServer, person: User
) -> None:
    choose(page, "Words")
    page.get_by_label("Prompt").fill("Kept by the server")
    page.wait_for_timeout(1200)
    assert drafts.load(person, "create")["prompt"] == "Kept by the server"
    Session.objects.all().delete()
    page.get_by_label("Prompt").fill("Kept by the server, and this only by the page")
    page.wait_for_url("**/login/**")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/create/**")
    words = "Kept by the server, and this only by the page"
    expect(page.get_by_label("Prompt")).to_have_value(words)
    is_chosen(page, "text")
    assert drafts.load(person, "create")["prompt"] == words
    assert page.evaluate("sessionStorage['studio:typed']") is None
    assert not Order.objects.exists()


@pytest.mark.parametrize("expects", ["401 .Unauthorized"])
def test_what_somebody_else_typed_is_not_theirs_to_see(
    page: Page, live_server: LiveServer, person: User
) -> None:
    other = people.person(password=people.PASSWORD)
    choose(page, "Words")
    Session.objects.all().delete()
    page.get_by_label("Prompt").fill("A secret campaign")
    page.wait_for_url("**/login/**")
    page.get_by_label("E-mail").fill(other.email)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/create/**")
    expect(page.get_by_label("Prompt")).to_have_value("")
    assert page.evaluate("sessionStorage['studio:typed']") is None
    assert drafts.load(other, "create") == {}


@pytest.mark.parametrize("expects", ["ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)"])
def test_without_a_connection_the_page_says_so_and_tries_again(page: Page, person: User) -> None:
    choose(page, "Words")
    page.context.set_offline(True)
    page.get_by_label("Prompt").fill("Written in a tunnel")
    expect(page.locator("#unkept")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#unkept")).to_be_hidden(timeout=8000)
    assert drafts.load(person, "create")["prompt"] == "Written in a tunnel"
