"""Z.ai and BigModel: one wire, so one contract, at two addresses."""

from pathlib import Path
from typing import Any

import pytest

from studio.catalogue.specs import Mode
from studio.providers.base import Stage
from studio.providers.errors import (
    AccountTrouble,
    AlreadySent,
    Busy,
    Gone,
    ProviderError,
    Refused,
    Unclear,
)
from studio.providers.wires import adapter
from tests.providers import jobs
from tests.providers.contract import AdapterContract
from tests.providers.jobs import ACCESS, UID, reply

wire = adapter("zai")
BAD_KEY = ("1000", "1001", "1002", "1003", "1004", "1005")


class ZhipuContract(AdapterContract):
    id_field, done, failed = "id", "SUCCESS", "FAIL"
    own_fields = {"model", "prompt", "image_url", "request_id", "user_id"}

    def state(self, word: object, links: tuple[object, ...] = (), **more: Any) -> dict[str, Any]:
        videos = [{"url": link, "cover_image_url": "https://f.example/c.png"} for link in links]
        return {"model": "vidu2-image", "task_status": word, "video_result": videos} | more


class TestZai(ZhipuContract):
    provider = "zai"


class TestBigModel(ZhipuContract):
    provider = "bigmodel"


def test_one_start_frame_is_a_string_and_everything_else_a_list(tmp_path: Path) -> None:
    def sent(key: str, number: int | None = None, mode: Mode | None = None) -> object:
        order = jobs.job(key, tmp_path, number=number, mode=mode)
        return jobs.body(wire.submit(order, ACCESS)).get("image_url")

    assert isinstance(sent("zai/vidu2-image"), str)
    assert isinstance(sent("bigmodel/cogvideox-2", mode=Mode.IMAGE), str)
    for key, number in (("zai/vidu2-start-end", 2), ("zai/vidu2-reference", 1)):
        images = sent(key, number)
        assert isinstance(images, list)
        assert len(images) == number
    assert sent("bigmodel/viduq1-text") is None


@pytest.mark.parametrize(
    ("person", "sent"), [("7", "studio-7"), ("x" * 300, "studio-" + "x" * 121)]
)
def test_a_persons_name_keeps_to_the_vendors_limits(tmp_path: Path, person: str, sent: str) -> None:
    body = jobs.body(wire.submit(jobs.job("zai/vidu2-image", tmp_path, person=person), ACCESS))
    assert body["user_id"] == sent
    assert 6 <= len(sent) <= 128


def test_a_job_of_nobody_names_nobody(tmp_path: Path) -> None:
    body = jobs.body(wire.submit(jobs.job("zai/vidu2-image", tmp_path, person=""), ACCESS))
    assert "user_id" not in body
    assert body["request_id"] == UID


def test_a_call_is_what_the_reference_says(tmp_path: Path) -> None:
    request = wire.submit(jobs.job("zai/vidu2-image", tmp_path), ACCESS)
    assert (request.method, request.url) == ("POST", f"{ACCESS.base_url}videos/generations")
    assert request.headers == {
        "Authorization": f"Bearer {ACCESS.key}",
        "Content-Type": "application/json",
    }
    poll = wire.poll("7593127498661400001", ACCESS)
    assert poll.url == f"{ACCESS.base_url}async-result/7593127498661400001"
    assert (poll.method, poll.body) == ("GET", b"")


@pytest.mark.parametrize(
    ("code", "status", "branch", "kind"),
    [
        *((c, 401, AccountTrouble, "key") for c in BAD_KEY),
        *((c, 429, AccountTrouble, "permission") for c in ("1110", "1112", "1121")),
        ("1111", 429, AccountTrouble, "key"),
        ("1113", 429, AccountTrouble, "balance"),
        ("1120", 429, Busy, "busy"),
        *((c, 500, Unclear, "provider") for c in ("1200", "1230", "1234", "1235", "1260")),
        *((c, 400, Refused, "parameter") for c in ("1210", "1213", "1214", "1215", "1261")),
        *((c, 400, Refused, "model") for c in ("1211", "1212", "1221", "1222")),
        ("1220", 403, AccountTrouble, "permission"),
        ("1231", 400, AlreadySent, "provider"),
        ("1231", 200, AlreadySent, "provider"),
        ("1232", 400, Unclear, "provider"),
        ("1233", 400, Unclear, "provider"),
        *((c, 400, Refused, "content") for c in ("1300", "1301")),
        *((c, 429, Busy, "busy") for c in ("1302", "1303", "1305", "1312")),
        *((c, 429, Busy, "quota") for c in ("1304", "1308", "1310", "1316", "1321")),
        *((c, 429, AccountTrouble, "permission") for c in ("1309", "1311", "1313", "1314", "1315")),
    ],
)  # fmt: skip
def test_a_code_counts_before_the_status(
    code: str, status: int, branch: type[ProviderError], kind: str
) -> None:
    nested = {"error": {"code": code, "message": "Why."}, "request_id": "r"}
    flat = {"code": int(code), "message": "Why."}
    for content in (nested, flat):
        for seen in (status, 200, 429, 500):
            with pytest.raises(branch) as caught:
                wire.read_submit(reply(content, seen))
            error = caught.value
            assert (type(error), error.kind, error.code) == (branch, kind, code)
            assert error.message == "Why."


@pytest.mark.row("F159")
def test_a_request_that_it_already_has_is_never_sent_anew() -> None:
    content = {"error": {"code": "1231", "message": f"you already have a request: {UID}"}}
    with pytest.raises(AlreadySent) as caught:
        wire.read_submit(reply(content, 400))
    assert UID in caught.value.message


@pytest.mark.row("F032")
def test_a_429_without_money_is_no_matter_of_patience() -> None:
    message = "Insufficient balance or no resource package. Please recharge."
    content = {"error": {"code": "1113", "message": message}}
    for read in (wire.read_submit, wire.read_poll):
        with pytest.raises(AccountTrouble) as caught:
            read(reply(content, 429))
        assert (caught.value.kind, caught.value.message) == ("balance", message)


@pytest.mark.row("F037")
def test_refused_content_is_a_refusal_with_its_reason() -> None:
    content = {
        "error": {"code": "1301", "message": "Sensitive."},
        "contentFilter": [{"level": 1, "role": "user"}],
    }
    with pytest.raises(Refused) as caught:
        wire.read_submit(reply(content, 400))
    assert (caught.value.kind, caught.value.message) == ("content", "Sensitive.")


@pytest.mark.row("F053", "F050")
@pytest.mark.parametrize(
    ("code", "branch"),
    [
        *((code, Busy) for code in ("1200", "1230", "1234", "1302")),
        *((code, AccountTrouble) for code in ("1113", "1000", "1309")),
        *((code, Unclear) for code in ("1210", "1211", "1301", "1231")),
        ("1233", Gone),
    ],
)
def test_on_a_poll_only_three_things_count(code: str, branch: type[ProviderError]) -> None:
    content = {"error": {"code": code, "message": "Why."}}
    for status in (200, 400, 429):
        with pytest.raises(branch) as caught:
            wire.read_poll(reply(content, status))
        assert type(caught.value) is branch


@pytest.mark.parametrize(("status", "branch"), [(434, AccountTrouble), (435, Refused)])
def test_statuses_of_its_own_are_known(status: int, branch: type[ProviderError]) -> None:
    with pytest.raises(branch):
        wire.read_submit(reply({"error": {"code": "", "message": "Why."}}, status))


def test_a_job_that_is_being_made_is_running() -> None:
    for extra in ({}, {"video_result": None}, {"error": None}):
        answer = reply({"id": "1", "task_status": "PROCESSING"} | extra)
        progress = wire.read_poll(answer)
        assert (progress.stage, progress.word, progress.share) == (
            Stage.RUNNING,
            "PROCESSING",
            None,
        )


def test_a_finished_job_needs_no_id_and_states_no_charge() -> None:
    content = {
        "model": "vidu2-image",
        "task_status": "SUCCESS",
        "optimized_prompt": "…",
        "video_result": [{"url": "https://files.example/a.mp4", "cover_image_url": "https://x/y"}],
    }
    progress = wire.read_poll(reply(content))
    assert progress.links == ("https://files.example/a.mp4",)
    assert (progress.charged, progress.charge_unclear, progress.link_seconds) == (None, False, None)


def test_the_older_address_beside_the_list_is_found_too() -> None:
    content = {"task_status": "SUCCESS", "video_url": "https://files.example/old.mp4"}
    assert wire.read_poll(reply(content)).links == ("https://files.example/old.mp4",)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"code": "1301", "message": "Sensitive."}, ("1301", "Sensitive.", "content")),
        ({"code": 1210, "message": "Bad."}, ("1210", "Bad.", "parameter")),
        ({"code": "9999", "message": "New."}, ("9999", "New.", "provider")),
        ("It broke.", ("", "It broke.", "provider")),
        (None, ("", "", "provider")),
        ([1], ("", "", "provider")),
    ],
)
def test_a_failed_job_says_why_in_any_shape(error: object, told: tuple[str, str, str]) -> None:
    progress = wire.read_poll(reply({"task_status": "FAIL", "error": error}))
    assert progress.complaint is not None
    found = progress.complaint
    assert (found.code, found.message, str(found.kind)) == told
