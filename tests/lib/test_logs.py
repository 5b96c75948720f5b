"""What a line of the log says, what it never says, and that it never gets in the way."""

import json
import logging
import sys
import threading
from io import StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from studio.generations import work
from studio.generations.leases import Lease
from studio.generations.models import Generation
from studio.generations.states import State
from studio.generations.submit import submit
from studio.lib import logs
from studio.lib.request_ids import HEADER
from tests import clips, people

SECRET = "sk-1234567890abcdef"
log = logging.getLogger("studio.tests")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """All that is logged, as JSON."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Json([SECRET, "short"]))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return stream


def lines(written: StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def of(logger: str, written: StringIO) -> list[dict[str, str]]:
    return [line for line in lines(written) if line["logger"] == logger]


def test_one_event_is_one_object_on_one_line(written: StringIO) -> None:
    log.warning("two\nlines of %s", "海辺")
    (line,) = of("studio.tests", written)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "WARNING", "logger": "studio.tests", "message": "two\nlines of 海辺"}


def test_an_exception_stays_on_the_line(written: StringIO) -> None:
    try:
        raise ValueError(f"refused {SECRET}")
    except ValueError:
        log.exception("It failed")
    (line,) = of("studio.tests", written)
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: refused [hidden]")


def test_lines_say_what_they_are_about(written: StringIO) -> None:
    with logs.bound(request="r1"):
        with logs.bound(generation="g1"):
            log.warning("both")
        log.warning("one")
    log.warning("none")
    both, one, none = of("studio.tests", written)
    assert (both["request"], both["generation"]) == ("r1", "g1")
    assert (one["request"], "generation" in one, "request" in none) == ("r1", False, False)


def test_another_thread_is_about_something_else(written: StringIO) -> None:
    with logs.bound(generation="g1"):
        other = threading.Thread(target=log.warning, args=("elsewhere",))
        other.start()
        other.join()
    assert "generation" not in of("studio.tests", written)[0]


def test_people_read_the_same_in_a_line() -> None:
    record = logging.LogRecord("studio.x", logging.INFO, __file__, 1, "%s done", ("it",), None)
    with logs.bound(generation="g1"):
        line = logs.Line().format(record)
    assert line.endswith("INFO studio.x it done [generation=g1]")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"key {SECRET}!", "key [hidden]!"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [hidden]"),
        ("GET https://cdn.example/a.mp4?sig=x&e=1 ok", "GET https://cdn.example/a.mp4?[hidden] ok"),
        ("redis://studio:pass@redis:6379/0", "redis://[hidden]@redis:6379/0"),
        ("short words stay", "short words stay"),
    ],
)
def test_what_opens_a_door_is_taken_out(said: str, kept: str, written: StringIO) -> None:
    log.warning("%s", said)
    assert of("studio.tests", written)[0]["message"] == kept


@pytest.mark.parametrize(("words", "value"), [("%d clips", "many"), ("%s and %s", "one")])
def test_words_and_values_that_do_not_fit_are_still_told(words: str, value: str) -> None:
    record = logging.LogRecord("studio.x", logging.INFO, __file__, 1, words, (value,), None)
    assert json.loads(logs.Json().format(record))["message"] == f"{words} ('{value}',)"


@pytest.mark.row("F136")
@pytest.mark.django_db
def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    person = people.person()
    row = clips.generation(project=person.personal_project, person=person)
    monkeypatch.setattr(logging.getLogger(), "handlers", [logs.Stderr()])
    monkeypatch.setattr(work, "VERBS", work.VERBS | {State.QUEUED: _logs_and_submits})
    with Path("/dev/full").open("wb", buffering=0) as full:
        with pytest.raises(OSError):
            full.write(b"x")
        monkeypatch.setattr(sys, "stderr", TextIOWrapper(full, write_through=True))
        assert work.step(row.pk)
        monkeypatch.undo()
    assert Generation.objects.get(pk=row.pk).state == State.RUNNING


def _logs_and_submits(lease: Lease) -> None:
    log.error("Nobody will read this")
    submit(lease)


@pytest.mark.django_db
def test_a_step_marks_its_lines_with_the_generation(
    written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = people.person()
    row = clips.generation(project=person.personal_project, person=person)
    verbs = {State.QUEUED: lambda lease: log.warning("working")}
    monkeypatch.setattr(work, "VERBS", verbs)
    assert work.step(row.pk)
    assert of("studio.tests", written)[0]["generation"] == row.uid


# ── Requests ──────────────────────────────────────────────────────────────────────────────────


def test_an_answer_has_the_id_that_its_lines_have(written: StringIO) -> None:
    answer = Client(headers={"host": "not allowed!"}).get("/login/")
    assert answer.status_code == 400
    told = {line["request"] for line in lines(written) if "request" in line}
    assert told == {answer.headers[HEADER]}
    assert len(answer.headers[HEADER]) == 32


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [(1, "edge-0123456789", True), (0, "edge-0123456789", False), (1, "a b\x07c", False)],
)
def test_only_a_proxy_of_ours_may_choose_the_id(
    settings: Settings, proxies: int, given: str, is_kept: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    answer = Client().get("/healthz", headers={HEADER: given})
    assert answer.status_code == 200
    assert (answer.headers[HEADER] == given) is is_kept
