"""`/readyz`: one line for each question, by name, and never a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings
from pytest_django import Settings

from studio.celery import app
from studio.scheduling import pulse
from studio.storage import space
from studio.vitals import readiness
from tests.house import free_port

pytestmark = pytest.mark.django_db
NAMES = ["database", "migrations", "broker", "storage", "disk", "beat"]


@pytest.fixture(autouse=True)
def ready(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    pulse.beat()


def asked(**headers: str) -> tuple[int, dict[str, str]]:
    answer = Client(headers=headers).get("/readyz")
    lines = answer.content.decode().splitlines()
    return answer.status_code, dict(line.split(" ") for line in lines)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_studio_that_can_work_says_so_to_a_probe_without_name_or_login() -> None:
    assert asked(host="10.1.2.3") == (200, dict.fromkeys(NAMES, "ok"))
    answer = Client().get("/readyz")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def refuse_database() -> bool:
    raise OperationalError("password authentication failed for user studio")


def fail(name: str, question: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(readiness.QUESTIONS, name, question)


def test_one_failing_answer_is_enough_and_its_reason_stays_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fail("database", refuse_database, monkeypatch)
    status, answers = asked()
    assert status == 503
    assert answers == dict.fromkeys(NAMES, "ok") | {"database": "failing"}
    assert "password" not in Client().get("/readyz").content.decode()
    assert "password authentication" in caplog.text


def test_a_table_that_is_still_to_come_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    readiness._migrated.clear()
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["0999"])
    assert asked()[1]["migrations"] == "failing"
    monkeypatch.undo()
    assert asked()[1]["migrations"] == "ok"


@pytest.mark.row("F114")
def test_a_redis_that_is_away_is_seen(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMBEDDED = False
    assert asked()[1]["broker"] == "ok"
    monkeypatch.setitem(app.conf, "broker_write_url", f"redis://127.0.0.1:{free_port()}/0")
    status, answers = asked()
    assert status == 503
    assert answers["broker"] == "failing"


def test_a_folder_that_cannot_be_written_is_seen(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert asked()[1]["storage"] == "failing"


def test_a_full_disk_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "LEAST", 2**60)
    status, answers = asked()
    assert (status, answers["disk"], answers["storage"]) == (503, "failing", "ok")


def test_what_nobody_foresaw_is_not_called_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise() -> bool:
        raise ZeroDivisionError

    fail("disk", surprise, monkeypatch)
    client = Client(raise_request_exception=False)
    assert client.get("/readyz").status_code == 500
    assert issubclass(OperationalError, DatabaseError)
