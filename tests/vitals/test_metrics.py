"""`/metrics`: numbers for whoever has the token."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

import studio
from studio.accounts.models import User
from studio.generations.models import Generation, GenerationEvent
from studio.generations.states import State
from studio.lib import clock
from studio.scheduling import pulse
from studio.scheduling.models import ProviderAccount
from studio.vitals.gauges import Gauge, Sample
from tests import clips, people
from tests.build.sources import ROOT

pytestmark = pytest.mark.django_db
TOKEN = "a token of the operator"
LINE = re.compile(r'[a-z_]+(\{([a-z]+="(\\.|[^"\\])*",?)+\})? -?[0-9.e+-]+')


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def read() -> dict[str, float]:
    answer = Client(headers={"host": "10.1.2.3"}).get(
        "/metrics", headers={"authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [n for n in answer.content.decode().splitlines() if not n.startswith("# ")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def job(person: User, **fields: Any) -> Generation:
    return clips.generation(project=person.personal_project, person=person, **fields)


def test_without_a_token_there_is_no_such_page(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    people.studio()
    people.person()
    for given in ("", "Bearer ", f"Bearer {TOKEN}"):
        answer = Client().get("/metrics", headers={"authorization": given})
        assert answer.status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "ü"])
def test_a_wrong_token_is_told_nothing(given: str) -> None:
    answer = Client().get("/metrics", headers={"authorization": given})
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert Client().post("/metrics").status_code == 405


def test_jobs_are_counted_by_state_and_provider() -> None:
    person = people.person()
    for _ in range(2):
        job(person)
    job(person, model="vidu/viduq1-text2video", state=State.UNKNOWN)
    job(person, state=State.SUCCEEDED)
    found = read()
    assert found['studio_jobs{state="queued",provider="local"}'] == 2
    assert found['studio_jobs{state="unknown",provider="vidu"}'] == 1
    assert found['studio_jobs{state="running",provider="zai"}'] == 0
    assert not [name for name in found if "succeeded" in name and name.startswith("studio_jobs")]


def test_how_long_things_wait_is_told_in_seconds() -> None:
    person = people.person()
    job(person, due_at=clock.now() - timedelta(seconds=40))
    job(person, due_at=clock.now() - timedelta(seconds=10))
    job(person, due_at=clock.now() + timedelta(seconds=10), state=State.RUNNING)
    dies = clock.now() + timedelta(hours=1)
    made = job(person, state=State.ARCHIVING, link_dies_at=dies)
    GenerationEvent.objects.create(
        generation=made,
        kind="moved",
        to_state=State.ARCHIVING,
        at=clock.now() - timedelta(minutes=5),
    )
    found = read()
    assert found['studio_oldest_due_seconds{state="queued"}'] == pytest.approx(40, abs=5)
    assert found['studio_oldest_due_seconds{state="running"}'] == 0
    assert found["studio_oldest_unarchived_seconds"] == pytest.approx(300, abs=5)
    assert found["studio_link_life_left_seconds"] == pytest.approx(3600, abs=30)


def test_an_account_tells_its_pause_its_seats_and_its_last_error() -> None:
    person = people.person()
    account = ProviderAccount.objects.create(
        provider="vidu",
        name='The "second"',
        in_flight_limit=5,
        ceiling=3,
        paused_at=clock.now(),
        last_error="402 for sk-secret",
        last_error_at=clock.now() - timedelta(seconds=60),
    )
    running = job(person, state=State.RUNNING, model="vidu/x")
    running.attempts.create(account=account, number=1)
    found = read()
    label = '{provider="vidu",account="The \\"second\\""}'
    assert found[f"studio_account_paused{label}"] == 1
    assert found[f"studio_account_in_flight{label}"] == 1
    assert found[f"studio_account_limit{label}"] == 3
    assert found[f"studio_account_error_age_seconds{label}"] == pytest.approx(60, abs=5)
    assert not [name for name in found if "sk-secret" in name]


def test_the_beat_the_room_and_the_version_are_told() -> None:
    assert read()["studio_beat_age_seconds"] == -1
    pulse.beat()
    found = read()
    assert 0 <= found["studio_beat_age_seconds"] < 5
    assert found["studio_disk_free_bytes"] > 0
    assert found[f'studio_build_info{{version="{studio.VERSION}"}}'] == 1
    assert f'\nversion = "{studio.VERSION}"\n' in (ROOT / "pyproject.toml").read_text()


def test_more_jobs_ask_no_more_of_the_database() -> None:
    person = people.person()
    counts = []
    for _ in range(2):
        for _ in range(3):
            job(person)
        with CaptureQueriesContext(connection) as asked:
            read()
        counts.append(len(asked))
    assert counts[0] == counts[1] < 12
    assert Generation.objects.count() == 6


def test_a_label_cannot_end_its_line() -> None:
    gauge = Gauge("x", "X.", (Sample(1.5, {"name": 'a"b\\c\nd'}),))
    assert str(gauge).splitlines()[-1] == 'x{name="a\\"b\\\\c\\nd"} 1.5'
