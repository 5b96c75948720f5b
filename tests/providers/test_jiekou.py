from pathlib import Path
from typing import Any

import pytest

from studio.providers.base import Stage
from studio.providers.errors import AccountTrouble, Busy, Gone, ProviderError, Refused, Unclear
from studio.providers.wires import adapter
from tests.providers import jobs
from tests.providers.contract import AdapterContract
from tests.providers.jobs import ACCESS, reply

wire = adapter("jiekou")
MODEL = "jiekou/vidu-2.0-reference2video"
VIDEO = "https://files.example/v.mp4"


class TestJiekou(AdapterContract):
    provider = "jiekou"
    id_field, done, failed = "task_id", "TASK_STATUS_SUCCEED", "TASK_STATUS_FAILED"
    own_fields = {"images", "prompt"}

    def state(self, word: object, links: tuple[object, ...] = (), **more: Any) -> dict[str, Any]:
        task = {"task_id": "8f0f", "status": word, "reason": "", "eta": 0}
        videos = [{"video_url": link, "video_type": "mp4"} for link in links]
        return {"task": task, "images": [], "videos": videos, "audios": []} | more


def test_the_path_names_the_model_and_the_body_does_not(tmp_path: Path) -> None:
    request = wire.submit(jobs.job(MODEL, tmp_path), ACCESS)
    assert request.url == f"{ACCESS.base_url}v3/async/vidu-2.0-reference2video"
    assert request.headers["Authorization"] == f"Bearer {ACCESS.key}"
    assert "model" not in jobs.body(request)
    poll = wire.poll("8f0f0a52-1", ACCESS)
    assert (poll.method, poll.body) == ("GET", b"")
    assert poll.url == f"{ACCESS.base_url}v3/async/task-result?task_id=8f0f0a52-1"


def test_what_sets_the_price_is_said_although_it_has_a_default(tmp_path: Path) -> None:
    body = jobs.body(wire.submit(jobs.job(MODEL, tmp_path), ACCESS))
    assert (body["resolution"], body["duration"], body["bgm"]) == ("360p", 4, False)
    assert "seed" not in body


@pytest.mark.parametrize(
    ("reason", "status", "branch", "kind"),
    [
        ("FAILED_TO_AUTH", 401, AccountTrouble, "key"),
        ("INVALID_API_KEY", 403, AccountTrouble, "key"),
        ("NOT_ENOUGH_BALANCE", 403, AccountTrouble, "balance"),
        ("ACCESS_DENY", 403, AccountTrouble, "permission"),
        ("MODEL_NOT_FOUND", 404, AccountTrouble, "model"),
        ("INVALID_REQUEST_BODY", 400, Refused, "parameter"),
        ("RATE_LIMIT_EXCEEDED", 429, Busy, "busy"),
        ("TOKEN_LIMIT_EXCEEDED", 429, Busy, "busy"),
        ("SERVICE_NOT_AVAILABLE", 503, Unclear, "provider"),
    ],
)
def test_a_reason_counts_before_the_status(
    reason: str, status: int, branch: type[ProviderError], kind: str
) -> None:
    content = {"code": status, "reason": reason, "message": "Why.", "metadata": {}}
    for seen in (status, 200, 500):
        with pytest.raises(branch) as caught:
            wire.read_submit(reply(content, seen))
        error = caught.value
        assert (type(error), error.kind, error.code) == (branch, kind, reason)
        assert error.message == "Why."


@pytest.mark.row("F032")
def test_a_403_without_money_is_not_a_wrong_key() -> None:
    content = {"code": 403, "reason": "NOT_ENOUGH_BALANCE", "message": "not enough balance"}
    for read in (wire.read_submit, wire.read_poll):
        with pytest.raises(AccountTrouble) as caught:
            read(reply(content, 403))
        assert caught.value.kind == "balance"


def test_a_missing_service_is_a_matter_of_patience_on_a_poll_only() -> None:
    content = {"code": 503, "reason": "SERVICE_NOT_AVAILABLE", "message": "Later."}
    with pytest.raises(Unclear):
        wire.read_submit(reply(content, 503))
    with pytest.raises(Busy):
        wire.read_poll(reply(content, 503))


def test_an_unknown_address_on_a_poll_is_a_job_that_is_not_there() -> None:
    content = {"code": 404, "reason": "MODEL_NOT_FOUND", "message": "No."}
    with pytest.raises(Gone):
        wire.read_poll(reply(content, 404))


def finished(ttl: object, **task: Any) -> dict[str, Any]:
    video = {"video_url": VIDEO, "video_url_ttl": ttl, "video_type": "mp4"}
    return {"task": {"status": "TASK_STATUS_SUCCEED"} | task, "videos": [video]}


@pytest.mark.parametrize(
    ("ttl", "seconds"),
    [
        ("3600", 3600), (3600, 3600), ("3600.5", 3600), (0, None), ("0", None), (-5, None),
        ("", None), (None, None), ("soon", None), ([], None), (True, None), (10**15, 604800),
    ],
)  # fmt: skip
def test_a_links_life_is_read_as_text_and_as_number(ttl: object, seconds: int | None) -> None:
    progress = wire.read_poll(reply(finished(ttl)))
    assert progress.link_seconds == seconds
    assert progress.links == (VIDEO,)


def test_the_shortest_life_of_several_links_counts() -> None:
    content = finished("3600")
    content["videos"].append({"video_url": f"{VIDEO}?2", "video_url_ttl": 60})
    assert wire.read_poll(reply(content)).link_seconds == 60


@pytest.mark.parametrize(
    ("percent", "share"),
    [
        (40, 0.4), ("40", 0.4), (0, 0), (100, 1), (140, 1), (-3, 0), (33.5, 0.335), (None, None),
        ("half", None), ({}, None), (True, None), (10**30, 1),
    ],
)  # fmt: skip
def test_progress_is_a_share_between_nothing_and_all(percent: object, share: float | None) -> None:
    task = {"status": "TASK_STATUS_PROCESSING", "progress_percent": percent}
    progress = wire.read_poll(reply({"task": task}))
    assert (progress.stage, progress.share) == (Stage.RUNNING, share)


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("TASK_STATUS_QUEUED", Stage.WAITING),
        ("TASK_STATUS_CANCELED", Stage.STOPPED),
        ("TASK_STATUS_SUCCEEDED", Stage.MYSTERY),
        ("SUCCESS", Stage.MYSTERY),
    ],
)
def test_states_are_spelled_as_jiekou_spells_them(word: str, stage: Stage) -> None:
    assert wire.read_poll(reply({"task": {"status": word}})).stage is stage


def test_a_reason_in_free_words_is_shown_and_not_interpreted() -> None:
    task = {"status": "TASK_STATUS_FAILED", "reason": "content policy"}
    complaint = wire.read_poll(reply({"task": task})).complaint
    assert complaint is not None
    assert (complaint.code, complaint.message, complaint.kind) == ("", "content policy", "provider")
