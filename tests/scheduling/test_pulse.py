"""The beat is heard, and missed when it stops."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.generations import tasks
from studio.lib import clock
from studio.scheduling import pulse
from studio.scheduling.models import Pulse
from tests import clips, people

pytestmark = pytest.mark.django_db
BANNER = "Background work is paused."


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in queries.captured_queries if not q["sql"].startswith("SELECT")]


def test_a_tick_is_written_down_at_most_every_ten_seconds() -> None:
    tasks.tick()
    first = pulse.last()
    with CaptureQueriesContext(connection) as asked:
        tasks.tick()
    assert writes(asked) == []
    with clock.shift(timedelta(seconds=9)):
        tasks.tick()
        assert pulse.last() == first
    with clock.shift(timedelta(seconds=11)):
        tasks.tick()
        assert pulse.last() != first
    assert Pulse.objects.count() == 1


def test_a_beat_that_was_never_expected_is_not_missed_but_not_there() -> None:
    assert not pulse.is_paused()
    assert not pulse.is_beating()


def test_a_started_studio_gives_it_two_minutes() -> None:
    pulse.expect()
    assert pulse.is_beating()
    with clock.shift(timedelta(minutes=2, seconds=1)):
        assert not pulse.is_beating()
        assert pulse.is_paused()
        pulse.expect()
        assert not pulse.is_paused()


def test_a_clock_that_was_put_back_makes_no_dead_beat_look_alive() -> None:
    with clock.shift(timedelta(hours=1)):
        pulse.beat()
    assert pulse.is_paused()
    pulse.beat()
    assert not pulse.is_paused()


@pytest.mark.row("F114", "F123")
def test_every_page_says_that_background_work_is_paused(client: Client) -> None:
    people.studio()
    person = people.person()
    client.force_login(person)
    row = clips.generation(project=person.personal_project, person=person)
    pulse.beat()
    pages = [reverse(name) for name in ("create", "gallery", "projects", "assets", "settings")]
    for page in pages:
        assert BANNER not in client.get(page).content.decode()
    with clock.shift(timedelta(minutes=3)):
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200
            assert BANNER in answer.content.decode()
        # Whoever sits and watches is told without a reload, and told when it goes on.
        watching = {"one": f"{row.uid}.{row.version}"}
        assert BANNER in client.get(reverse("live"), watching).content.decode()
        assert client.get("/readyz").status_code == 503
        tasks.tick()
        assert BANNER not in client.get(reverse("live"), watching).content.decode()
        assert BANNER not in client.get(pages[0]).content.decode()
    row.refresh_from_db()
    assert row.state == "queued"
