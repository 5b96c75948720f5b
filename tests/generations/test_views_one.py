"""One generation: its facts, its marks, its files; and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.audit.models import AuditLine
from studio.generations import drafts
from studio.generations.models import Generation
from studio.generations.states import State
from studio.generations.transitions import note
from studio.lib import clock, uid
from tests import clips, people
from tests.people import Cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def made(cast: Cast, state: State = State.SUCCEEDED, **fields: Any) -> Generation:
    return clips.generation(project=cast.project, person=cast.member, state=state, **fields)


def press(client: Client, name: str, generation: Generation, **sent: str) -> Any:
    """As the page's own script does it."""
    address = reverse(f"generation_{name}", args=[generation.uid])
    return client.post(address, sent, headers=HTMX)


def press_plainly(client: Client, name: str, generation: Generation, **sent: str) -> Any:
    """As the form does it where there is no script."""
    return client.post(reverse(f"generation_{name}", args=[generation.uid]), sent)


@pytest.fixture
def browser(cast: Cast, client: Client) -> Client:
    client.force_login(cast.member)
    return client


# ── The page ──────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_what_was_ordered_measured_and_paid(browser: Client, cast: Cast) -> None:
    generation = made(
        cast,
        prompt="窓の外で<雪>が降る",
        promised={"seconds": "5", "width": None, "height": None, "fps": "24", "audio": False},
        differs=["seconds"],
        is_off_brief=True,
    )
    note(generation, "ordered", actor=cast.member)
    page = browser.get(reverse("generation", args=[generation.uid])).content.decode()
    assert generation.video is not None
    for fact in ("窓の外で&lt;雪&gt;が降る", "5 s", "4 s · 96 frames", "Not as ordered"):
        assert fact in page
    assert generation.video.blob.sha256 in page
    assert "Ordered · Mei Member" in page


def test_a_failed_one_says_why_and_what_it_cost(browser: Client, cast: Cast) -> None:
    generation = made(cast, State.FAILED, error_message="The renderer died.")
    page = browser.get(reverse("generation", args=[generation.uid])).content.decode()
    assert "The renderer died." in page
    assert "It cost nothing." in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.QUEUED, "cancelling is free and certain"),
        (State.RUNNING, "It can still be stopped."),
        (State.ARCHIVING, "it would go into the trash"),
    ],
)
def test_cancel_says_beforehand_what_it_would_do(
    browser: Client, cast: Cast, state: State, words: str
) -> None:
    page = browser.get(reverse("generation", args=[made(cast, state).uid])).content.decode()
    assert words in page


ADDRESSES = ("generation", "generation_video", "generation_poster", "generation_preview")


@pytest.mark.parametrize("name", ADDRESSES)
def test_not_theirs_and_not_there_are_the_same_answer(
    client: Client, cast: Cast, name: str
) -> None:
    client.force_login(cast.stranger)
    theirs = client.get(reverse(name, args=[made(cast).uid]))
    nobodys = client.get(reverse(name, args=[uid.new()]))
    assert theirs.status_code == nobodys.status_code == 404
    assert _without_tokens(theirs) == _without_tokens(nobodys)


def _without_tokens(answer: Any) -> list[str]:
    lines = answer.content.decode().splitlines()
    return [line for line in lines if "csrf" not in line.lower() and "/generations/" not in line]


@pytest.mark.parametrize("name", ADDRESSES[1:])
def test_what_has_no_clip_yet_has_no_files(browser: Client, cast: Cast, name: str) -> None:
    assert browser.get(reverse(name, args=[made(cast, State.RUNNING).uid])).status_code == 404


def test_a_clip_is_saved_under_a_name_that_says_what_it_is(browser: Client, cast: Cast) -> None:
    address = reverse("generation_video", args=[made(cast).uid])
    assert "inline" in browser.get(address)["Content-Disposition"]
    saved = browser.get(address, {"download": ""})["Content-Disposition"]
    assert saved.startswith("attachment")
    assert "Ours" in saved


# ── Admins ────────────────────────────────────────────────────────────────────────────────────


def test_an_admin_who_opens_a_clip_of_others_leaves_one_line(client: Client, cast: Cast) -> None:
    generation = made(cast)
    client.force_login(cast.admin)
    client.get(reverse("generation", args=[generation.uid]))
    client.get(reverse("generation_video", args=[generation.uid]))
    line = AuditLine.objects.get(action="clip opened")
    assert (line.actor_uid, line.object_uid) == (cast.admin.uid, generation.uid)
    assert line.project_uid == cast.project.uid
    with clock.shift(timedelta(hours=2)):
        client.get(reverse("generation", args=[generation.uid]))
    assert AuditLine.objects.filter(action="clip opened").count() == 2


def test_members_leave_no_line_nor_does_an_admin_among_them(client: Client, cast: Cast) -> None:
    generation = made(cast)
    people.join(cast.admin, cast.project)
    for person in (cast.member, cast.viewer, cast.admin):
        client.force_login(person)
        assert client.get(reverse("generation", args=[generation.uid])).status_code == 200
    assert not AuditLine.objects.filter(action="clip opened").exists()


# ── Marks ─────────────────────────────────────────────────────────────────────────────────────


def test_a_star_pressed_twice_stays_and_nought_takes_it_back(browser: Client, cast: Cast) -> None:
    generation = made(cast)
    for _press in range(2):
        assert "4 stars" in press(browser, "star", generation, stars="4").content.decode()
        generation.refresh_from_db()
        assert generation.stars == 4
    press(browser, "star", generation, stars="0")
    generation.refresh_from_db()
    assert generation.stars == 0


def test_in_an_archived_project_a_waiting_job_can_still_be_stopped(
    browser: Client, cast: Cast
) -> None:
    generation = made(cast, state=State.QUEUED)
    cast.project.archived_at = clock.now()
    cast.project.save()
    assert press(browser, "cancel", generation).status_code == 200
    generation.refresh_from_db()
    assert generation.state == State.CANCELLED


@pytest.mark.parametrize("stars", ["", "6", "-1", "many", "٣", "9" * 40])
def test_other_than_five_stars_are_refused_in_words(
    browser: Client, cast: Cast, stars: str
) -> None:
    generation = made(cast, stars=2)
    answer = press(browser, "star", generation, stars=stars)
    assert answer.status_code == 422
    assert "0 to 5 stars." in answer.content.decode()
    generation.refresh_from_db()
    assert generation.stars == 2


def test_a_tag_is_added_and_taken_off(browser: Client, cast: Cast) -> None:
    generation = made(cast)
    assert "候选" in press(browser, "tag", generation, tag=" 候选 ").content.decode()
    assert [tag.name for tag in generation.tags.all()] == ["候选"]
    press(browser, "untag", generation, untag="候选")
    assert not generation.tags.exists()


@pytest.mark.parametrize("tag", ["", "   ", "x" * 41, "\x00"])
def test_a_tag_that_is_none_is_refused_in_words(browser: Client, cast: Cast, tag: str) -> None:
    answer = press(browser, "tag", made(cast), tag=tag)
    assert answer.status_code == 422
    assert "1 to 40 characters." in answer.content.decode()


def test_trash_is_undone_where_it_happened(browser: Client, cast: Cast) -> None:
    generation = made(cast)
    card = press(browser, "trash", generation, **{"as": "card"}).content.decode()
    assert f'id="clip-{generation.uid}"' in card
    assert "Undo" in card
    press(browser, "restore", generation, **{"as": "card"})
    generation.refresh_from_db()
    assert generation.deleted_at is None


def test_a_waiting_job_is_cancelled(browser: Client, cast: Cast) -> None:
    generation = made(cast, State.QUEUED)
    answer = press_plainly(browser, "cancel", generation)
    assert answer["Location"] == reverse("generation", args=[generation.uid])
    generation.refresh_from_db()
    assert generation.state == State.CANCELLED
    assert "nothing is charged" in browser.get(answer["Location"]).content.decode()


def test_without_htmx_a_mark_leads_back_but_never_away(browser: Client, cast: Cast) -> None:
    generation = made(cast)
    here = press_plainly(browser, "reject", generation, next="/gallery/?stars=3")
    away = press_plainly(browser, "reject", generation, next="//evil.example/")
    assert here["Location"] == "/gallery/?stars=3"
    assert away["Location"] == reverse("generation", args=[generation.uid])


MARKS = ("star", "reject", "tag", "untag", "trash", "restore", "cancel", "last_frame")


@pytest.mark.parametrize("name", MARKS)
def test_a_viewer_is_told_and_changes_nothing(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.viewer)
    generation = made(cast)
    before = Generation.objects.values().get()
    assert press(client, name, generation, stars="3", tag="x").status_code == 403
    assert Generation.objects.values().get() == before


def test_only_what_ended_in_a_clip_has_a_last_frame(browser: Client, cast: Cast) -> None:
    generation = made(cast, State.FAILED)
    answer = press_plainly(browser, "last_frame", generation)
    assert answer["Location"] == reverse("generation", args=[generation.uid])
    assert "no clip to take a frame from" in browser.get(answer["Location"]).content.decode()
    assert drafts.load(cast.member, "create") == {}


# ── The look of the frame ─────────────────────────────────────────────────────────────────────


def test_the_theme_is_kept_in_a_cookie_and_drawn_by_the_server(browser: Client) -> None:
    answer = browser.post(reverse("look"), {"theme": "dark", "next": "/gallery/"})
    assert answer["Location"] == "/gallery/"
    assert 'data-theme="dark"' in browser.get("/gallery/").content.decode()


@pytest.mark.parametrize(
    "away", ["//evil.example", "/\\evil.example", "https:///evil", "", "javascript:1"]
)
def test_the_theme_leads_back_but_never_away(browser: Client, away: str) -> None:
    answer = browser.post(reverse("look"), {"theme": "neon", "next": away})
    assert answer["Location"] == reverse("create")
    assert "theme" not in answer.cookies
