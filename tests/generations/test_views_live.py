"""The one poll of a page: what moves, what has ended, and nothing of others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.accounts.models import User
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock, uid
from tests import clips, people

pytestmark = pytest.mark.django_db


def made(person: User, state: State, **fields: Any) -> Generation:
    return clips.generation(project=person.personal_project, person=person, state=state, **fields)


def look(browser: Client, **seen: list[str]) -> str:
    return browser.get(reverse("live"), seen).content.decode()


def as_seen(generation: Generation, version: int = 0) -> str:
    return f"{generation.uid}.{version}"


def test_what_moves_gets_a_new_strip(browser: Client, person: User) -> None:
    running = made(person, State.RUNNING, progress=0.5)
    answer = look(browser, card=[as_seen(running)])
    assert f'id="strip-{running.uid}" hx-swap-oob="true"' in answer
    assert 'value="0.500"' in answer
    assert f'id="clip-{running.uid}"' not in answer
    assert "Being made" in answer


@pytest.mark.parametrize(("kind", "element"), [("card", "clip"), ("take", "take"), ("one", "one")])
def test_what_has_ended_is_drawn_anew_where_it_stands(
    browser: Client, person: User, kind: str, element: str
) -> None:
    done = made(person, State.SUCCEEDED, version=3)
    answer = look(browser, **{kind: [as_seen(done, version=2)]})
    assert re.search(rf'id="{element}-{done.uid}"[^>]* hx-swap-oob="true"', answer)
    assert 'class="watch" type="hidden" name="' + kind not in answer


def test_what_is_still_as_it_was_seen_is_left_alone(browser: Client, person: User) -> None:
    done = made(person, State.SUCCEEDED, version=3)
    assert f"clip-{done.uid}" not in look(browser, card=[as_seen(done, version=3)])


def test_the_poll_ends_with_the_work(browser: Client, person: User) -> None:
    running = made(person, State.RUNNING)
    assert 'hx-trigger="every 1s' in look(browser)
    Generation.objects.filter(pk=running.pk).delete()
    assert "hx-trigger" not in look(browser)


def test_a_page_that_shows_a_mate_s_job_goes_on_looking(browser: Client, person: User) -> None:
    project = people.project()
    mate = people.member(project=project)
    people.join(person, project)
    theirs = clips.generation(project=project, person=mate, state=State.RUNNING)
    assert "hx-trigger" not in look(browser)
    assert 'hx-trigger="every 1s' in look(browser, card=[as_seen(theirs)])


def test_nothing_is_told_of_clips_that_are_not_theirs(browser: Client) -> None:
    other = people.person()
    theirs = made(other, State.RUNNING, prompt="secret")
    answer = look(browser, card=[as_seen(theirs)])
    assert theirs.uid not in answer
    assert "secret" not in answer


@pytest.mark.parametrize("junk", ["", "x", "1.2.3", f"{'0' * 32}.x", "\x00", f"{'f' * 32}.{9**40}"])
def test_an_odd_question_is_answered_as_none(browser: Client, junk: str) -> None:
    answer = browser.get(reverse("live"), {"card": junk, "take": junk, "tray": junk, "x": junk})
    assert answer.status_code == 200


def test_the_tray_holds_what_ended_since_the_person_looked(browser: Client, person: User) -> None:
    with clock.shift(timedelta(minutes=1)):
        done = made(person, State.SUCCEEDED)
    answer = look(browser)
    assert f'id="job-{done.uid}"' in answer
    assert 'data-news="✓ 1 done"' in answer
    with clock.shift(timedelta(minutes=2)):
        after = browser.post(reverse("looked")).content.decode()
    assert 'data-news=""' in after
    assert f'id="job-{done.uid}"' not in look(browser)


def test_a_prompt_is_only_ever_text(browser: Client, person: User) -> None:
    prompt = '<script>alert(1)</script>"><img onerror=x> {{7*7}}'
    running = made(person, State.RUNNING, prompt=prompt)
    done = made(person, State.SUCCEEDED, prompt=prompt, version=1)
    answer = look(browser, take=[as_seen(running), as_seen(done)])
    assert "<script>" not in answer
    assert "<img onerror" not in answer


def queries(browser: Client, shown: list[Generation]) -> int:
    look(browser)  # the first of a session also writes down that it was there
    with CaptureQueriesContext(connection) as asked:
        look(browser, card=[as_seen(generation) for generation in shown])
    return len(asked)


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
@pytest.mark.parametrize("model", ["local/animatic", "zai/vidu2-image"])
def test_twenty_jobs_cost_no_more_than_one(
    browser: Client, person: User, model: str, state: State
) -> None:
    def one() -> Generation:
        job = made(person, state, model=model, started_at=clock.now())
        clips.attempt(job)
        return job

    first = one()
    # Whose turn it is reads one row more where somebody else's is.
    second = one()
    two = queries(browser, [first, second])
    others = [one() for _n in range(18)]
    assert queries(browser, [first, second, *others]) == two


def test_unknown_clips_are_no_fault(browser: Client) -> None:
    assert browser.get(reverse("live"), {"one": f"{uid.new()}.1"}).status_code == 200
