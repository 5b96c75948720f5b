"""The wall of clips: who sees which, in which order, at what cost."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.accounts.models import User
from studio.gallery import pages
from studio.gallery.filters import Filters, shelf
from studio.generations import marks
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock, uid
from tests import clips, people
from tests.people import Cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def made(cast: Cast, state: State = State.SUCCEEDED, **fields: Any) -> Generation:
    return clips.generation(project=cast.project, person=cast.member, state=state, **fields)


def found(viewer: User, /, **filters: str) -> set[str]:
    return {generation.uid for generation in shelf(viewer, Filters(**filters))}


def shown(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("gallery"), query).content.decode()
    return re.findall(r'id="clip-([0-9a-f]{32})"', page)


@pytest.fixture
def browser(cast: Cast, client: Client) -> Client:
    client.force_login(cast.member)
    return client


# ── Who sees which ────────────────────────────────────────────────────────────────────────────


def test_members_see_their_project_s_clips_and_strangers_none(cast: Cast) -> None:
    generation = made(cast)
    for person in (cast.member, cast.viewer, cast.lead, cast.admin):
        assert found(person) == {generation.uid}
    assert found(cast.stranger) == found(cast.outsider) == set()


def test_the_rejected_the_cancelled_and_the_trash_show_only_when_asked_for(cast: Cast) -> None:
    plain, rejected = made(cast), made(cast, is_rejected=True)
    gone = made(cast, deleted_at=clock.now())
    cancelled = made(cast, State.CANCELLED)
    assert found(cast.member) == {plain.uid}
    assert found(cast.member, show="rejected") == {plain.uid, rejected.uid}
    assert found(cast.member, show="trash") == {gone.uid}
    assert found(cast.member, state="cancelled") == {cancelled.uid}


def test_each_filter_finds_its_own(cast: Cast) -> None:
    paid = made(cast, model="zai/vidu2-image", price=Decimal("0.2"), stars=4, prompt="A red boat")
    free = made(cast, prompt="雪の夜", is_off_brief=True)
    failed = made(cast, State.FAILED, prompt="boat")
    running = made(cast, State.RUNNING, prompt="boat")
    marks.tag(paid, "hero", cast.member)
    expected = {
        ("price", "free"): {free.uid, failed.uid, running.uid},
        ("price", "paid"): {paid.uid},
        ("model", "zai/vidu2-image"): {paid.uid},
        ("stars", "3"): {paid.uid},
        ("stars", "5"): set(),
        ("tag", "hero"): {paid.uid},
        ("brief", "off"): {free.uid},
        ("state", "failed"): {failed.uid},
        ("state", "under-way"): {running.uid},
        ("state", "ready"): {paid.uid, free.uid},
        ("person", cast.member.uid): {paid.uid, free.uid, failed.uid, running.uid},
        ("person", cast.lead.uid): set(),
        ("project", cast.project.uid): {paid.uid, free.uid, failed.uid, running.uid},
        ("project", cast.other_project.uid): set(),
        ("q", "BOAT red"): {paid.uid},
        ("q", "雪"): {free.uid},
    }
    for (name, value), uids in expected.items():
        assert found(cast.member, **{name: value}) == uids, (name, value)


@pytest.mark.parametrize("name", ["state", "stars", "price", "brief", "show", "project", "tag"])
@pytest.mark.parametrize("junk", ["nonsense", "-1", "9" * 30, "6"])
def test_a_value_that_means_nothing_never_widens_the_shelf(
    cast: Cast, name: str, junk: str
) -> None:
    made(cast)
    assert found(cast.member, **{name: junk}) == set()


@pytest.mark.parametrize("junk", ["\x00", "%", "_", "'", "-1", "9" * 40, "1-2-3", "💥"])
@pytest.mark.parametrize("name", ["q", "after", "stars", "project", "model", "show", "x"])
def test_no_address_brings_the_gallery_down(browser: Client, name: str, junk: str) -> None:
    assert browser.get(reverse("gallery"), {name: junk}).status_code == 200


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────


def test_pages_follow_one_another_without_a_gap_even_in_one_instant(
    browser: Client, cast: Cast
) -> None:
    now = clock.now()
    expected = [made(cast, created_at=now - timedelta(microseconds=n // 3)).uid for n in range(100)]
    seen: list[str] = []
    after = ""
    for _page in range(3):
        query = {"after": after} if after else {}
        page = browser.get(reverse("gallery"), query, headers=HTMX if after else {})
        text = page.content.decode()
        seen += re.findall(r'id="clip-([0-9a-f]{32})"', text)
        after = next(iter(re.findall(r"after=([0-9-]+)", text)), "")
    by_time = sorted(Generation.objects.all(), key=lambda g: (g.created_at, g.pk), reverse=True)
    assert seen == [generation.uid for generation in by_time]
    assert set(seen) == set(expected)
    assert after == ""


def test_a_clip_that_arrives_meanwhile_moves_nothing(browser: Client, cast: Cast) -> None:
    for _n in range(50):
        made(cast)
    first = browser.get(reverse("gallery")).content.decode()
    after = re.findall(r"after=([0-9-]+)", first)[0]
    made(cast)
    rest = shown(browser, after=after)
    assert len(rest) == 2
    assert not set(rest) & set(re.findall(r'id="clip-([0-9a-f]{32})"', first))


def test_the_count_stops_where_nobody_reads_on(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    for _n in range(5):
        made(cast)
    assert "3+ clips" in browser.get(reverse("gallery")).content.decode()


def queries(browser: Client) -> int:
    browser.get(reverse("gallery"))  # the first of a session also writes down that it was there
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse("gallery")).status_code == 200
    return len(asked)


def test_a_full_page_costs_no_more_queries_than_one_clip(browser: Client, cast: Cast) -> None:
    picture = clips.asset(project=cast.project, person=cast.member)
    marks.tag(made(cast, pictures=(picture,)), "hero", cast.member)
    alone = queries(browser)
    for n in range(60):
        marks.tag(made(cast, pictures=(picture,)), f"tag {n % 3}", cast.member)
    assert queries(browser) == alone


# ── The page ──────────────────────────────────────────────────────────────────────────────────


def test_an_empty_gallery_leads_to_the_first_clip(browser: Client) -> None:
    page = browser.get(reverse("gallery")).content.decode()
    assert "No clips yet." in page
    assert 'class="filters"' not in page
    assert f'class="button primary" href="{reverse("create")}"' in page


def test_where_nothing_matches_the_filters_can_be_cleared(browser: Client, cast: Cast) -> None:
    made(cast)
    page = browser.get(reverse("gallery"), {"stars": "5"}).content.decode()
    assert "Nothing matches." in page
    assert f'href="{reverse("gallery")}"' in page


def test_by_htmx_the_shelf_alone_comes_back_with_a_clean_address(browser: Client) -> None:
    query = {"stars": "3", "state": "", "q": "a&b"}
    answer = browser.get(reverse("gallery"), query, headers=HTMX)
    assert answer["HX-Push-Url"] == f"{reverse('gallery')}?stars=3&q=a%26b"
    assert "<html" not in answer.content.decode()


def test_what_moves_is_watched_and_what_has_ended_is_not(browser: Client, cast: Cast) -> None:
    running, done = made(cast, State.RUNNING), made(cast)
    page = browser.get(reverse("gallery")).content.decode()
    assert f'name="card" value="{running.uid}.0"' in page
    assert f'value="{done.uid}.' not in page
    assert 'hx-trigger="every 1s' in page


def test_a_card_says_what_is_not_as_ordered_and_what_is_heard(browser: Client, cast: Cast) -> None:
    made(cast, is_off_brief=True, video=clips.video(audio=True), stars=3)
    page = browser.get(reverse("gallery")).content.decode()
    assert "off brief" in page
    assert "With sound" in page
    assert "★ 3" in page


def test_a_prompt_is_only_ever_text(browser: Client, cast: Cast) -> None:
    made(cast, prompt='<script>alert(1)</script>"><img onerror=x>{{7*7}}')
    page = browser.get(reverse("gallery"), {"q": "<script>"}).content.decode()
    assert "<script>alert" not in page
    assert "<img onerror" not in page
    assert "49" not in re.sub(r"[0-9a-f]{32}|[\w-]{60,}", "", page.partition('class="clips"')[2])


def test_the_filters_offer_only_what_the_person_may_see(client: Client, cast: Cast) -> None:
    marks.tag(made(cast), "secret tag", cast.member)
    client.force_login(cast.outsider)
    page = client.get(reverse("gallery")).content.decode()
    assert "secret tag" not in page
    assert "Mei Member" not in page
    assert cast.project.uid not in page


def test_somebody_else_s_tag_or_person_finds_nothing(cast: Cast) -> None:
    marks.tag(made(cast), "hero", cast.member)
    assert found(cast.outsider, tag="hero") == set()
    assert found(cast.outsider, person=cast.member.uid) == set()
    assert found(cast.outsider, project=uid.new()) == set()


def test_one_project_is_no_choice(client: Client) -> None:
    people.studio()
    person = people.person()
    clips.generation(project=person.personal_project, person=person)
    client.force_login(person)
    page = client.get(reverse("gallery")).content.decode()
    assert 'name="project"' not in page
    assert 'name="state"' in page
