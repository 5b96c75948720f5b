"""Vidu itself, and a relay that takes Vidu's body."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from studio.catalogue.specs import CREDITS, Mode
from studio.providers.base import Access, Balance, Found, Stage
from studio.providers.errors import AccountTrouble, Busy, Gone, ProviderError, Refused, Unclear
from studio.providers.wires import adapter
from tests.providers import jobs
from tests.providers.contract import AdapterContract
from tests.providers.jobs import ACCESS, KEY, UID, reply

vidu, relay = adapter("vidu"), adapter("relay")
VIDEO = "https://files.example/v.mp4"
BAD_FIELDS = (
    *("BadRequest", "FieldLacking", "FieldUnwanted"),
    *("FieldItemCountOutOfRange", "FieldInvalid"),
)
BAD_PICTURES = (
    *("PageSizeOutOfRange", "ImageFormatInvalid", "ImageDownloadFailure"),
    *("ImageCheckBodyJointsFailed", "ImageCheckFaceFailed", "ImageObjectsUndetected"),
)
TOO_MANY = ("QuotaExceeded", "TooManyRequests", "SystemThrottling")


class ViduContract(AdapterContract):
    id_field, done, failed = "task_id", "success", "failed"
    own_fields = {"model", "images", "prompt", "payload", "callback_url"}

    def state(self, word: object, links: tuple[object, ...] = (), **more: Any) -> dict[str, Any]:
        made = [{"id": "c", "url": link, "cover_url": "", "watermarked_url": ""} for link in links]
        return {"id": "9", "state": word, "err_code": "", "payload": UID, "creations": made} | more


class TestVidu(ViduContract):
    provider = "vidu"


class TestRelay(ViduContract):
    provider = "relay"


# ── What is sent ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "path", "model", "images"),
    [
        ("vidu/viduq2-text2video", "text2video", "viduq2", None),
        ("vidu/viduq2-pro-fast-img2video", "img2video", "viduq2-pro-fast", 1),
        ("vidu/viduq1-classic-start-end2video", "start-end2video", "viduq1-classic", 2),
        ("vidu/vidu2.0-reference2video", "reference2video", "vidu2.0", 1),
    ],
)
def test_each_endpoint_has_its_address_and_its_model(
    tmp_path: Path, key: str, path: str, model: str, images: int | None
) -> None:
    request = vidu.submit(jobs.job(key, tmp_path), ACCESS)
    body = jobs.body(request)
    assert (request.method, request.url) == ("POST", f"{ACCESS.base_url}ent/v2/{path}")
    assert request.headers["Authorization"] == f"Token {KEY}"
    assert (body["model"], body["payload"]) == (model, UID)
    assert len(body["images"]) == images if images else "images" not in body


def test_seven_references_go_out_in_their_order(tmp_path: Path) -> None:
    body = jobs.body(
        vidu.submit(jobs.job("vidu/viduq1-reference2video", tmp_path, number=7), ACCESS)
    )
    assert len(set(body["images"])) == 7
    assert body["images"] == sorted(body["images"], key=body["images"].index)


def test_a_start_frame_goes_out_before_the_end_frame(tmp_path: Path) -> None:
    order = jobs.job("vidu/viduq1-start-end2video", tmp_path)
    turned = replace(order, pictures=order.pictures[::-1])
    assert vidu.submit(order, ACCESS).body == vidu.submit(turned, ACCESS).body


def test_a_prompt_that_is_not_needed_is_left_out(tmp_path: Path) -> None:
    order = jobs.job("vidu/viduq2-pro-img2video", tmp_path, prompt="")
    assert "prompt" not in jobs.body(vidu.submit(order, ACCESS))


def test_off_peak_and_what_it_goes_with_are_sent(tmp_path: Path) -> None:
    given = {"off_peak": True, "is_rec": True, "bgm": True, "seed": 0, "duration": 8}
    order = jobs.job("vidu/viduq2-pro-img2video", tmp_path, parameters=given)
    body = jobs.body(vidu.submit(order, ACCESS))
    assert {name: body[name] for name in given} == given


def test_vidu_is_told_where_to_call_and_a_relay_is_not(tmp_path: Path) -> None:
    address = "https://studio.example/callbacks/1"
    for wire, key in ((vidu, "vidu/viduq2-reference2video"), (relay, "relay/viduq2-pro")):
        order = jobs.job(key, tmp_path)
        assert "callback_url" not in jobs.body(wire.submit(order, ACCESS))
        body = jobs.body(wire.submit(replace(order, callback_url=address), ACCESS))
        assert body.get("callback_url") == (address if wire is vidu else None)


def test_a_relay_is_asked_at_its_own_paths(tmp_path: Path) -> None:
    request = relay.submit(jobs.job("relay/viduq2-pro", tmp_path), ACCESS)
    assert request.url == f"{ACCESS.base_url}vidu/v2/reference2video"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert relay.poll("90/1", ACCESS).url == f"{ACCESS.base_url}vidu/v2/tasks/90%2F1/creations"


@pytest.mark.parametrize("place", ["{id}", "{task_id}"])
def test_a_relays_words_may_be_changed(tmp_path: Path, place: str) -> None:
    options = {
        "scheme": "Token",
        "submit_path": "/vidu/ent/v2/{endpoint}",
        "poll_path": f"/vidu/ent/v2/task/{place}/creations",
    }
    access = Access("https://relay.example", KEY, options)
    request = relay.submit(jobs.job("relay/viduq2-pro", tmp_path), access)
    assert request.url == "https://relay.example/vidu/ent/v2/reference2video"
    assert request.headers["Authorization"] == f"Token {KEY}"
    poll = relay.poll("901", access)
    assert poll.url == "https://relay.example/vidu/ent/v2/task/901/creations"


def test_a_relay_may_want_the_bare_key_and_empty_options_change_nothing() -> None:
    bare = relay.poll("1", Access("https://r.example", KEY, {"scheme": "none"}))
    assert bare.headers["Authorization"] == KEY
    plain = relay.poll("1", Access("https://r.example", KEY, {"scheme": "", "poll_path": ""}))
    assert plain.headers["Authorization"] == f"Bearer {KEY}"
    assert plain.url == "https://r.example/vidu/v2/tasks/1/creations"


# ── The reply to a submit ─────────────────────────────────────────────────────────────────────


def test_the_job_is_quoted_in_credits() -> None:
    content = {"task_id": "885482446060003328", "type": "img2video", "state": "created"}
    for wire in (vidu, relay):
        ticket = wire.read_submit(reply(content | {"credits": 55, "seed": 1283649749}))
        assert (ticket.remote_id, ticket.quoted, ticket.unit) == (
            "885482446060003328",
            Decimal(55),
            CREDITS,
        )
        for odd in (None, -1, "many", 10**9):
            ticket = wire.read_submit(reply(content | {"credits": odd}))
            assert (ticket.quoted, ticket.unit) == (None, "")


@pytest.mark.parametrize(
    ("reason", "status", "branch", "kind"),
    [
        *((r, 400, Refused, "parameter") for r in BAD_FIELDS),
        *((r, 400, Refused, "picture") for r in BAD_PICTURES),
        ("TaskPromptPolicyViolation", 400, Refused, "content"),
        ("AuditSubmitIllegal", 400, Refused, "content"),
        ("CreationPolicyViolation", 400, Refused, "content"),
        ("OperationInProcess", 400, Busy, "busy"),
        ("CreditInsufficient", 400, AccountTrouble, "balance"),
        ("ModelUnavailable", 400, Refused, "model"),
        ("UserCancelled", 400, Unclear, "cancelled"),
        ("Unauthorized", 401, AccountTrouble, "key"),
        ("Forbidden", 403, AccountTrouble, "permission"),
        *((r, 404, Unclear, "provider") for r in ("TaskNotFound", "CreationNotFound")),
        ("NotFound", 404, AccountTrouble, "model"),
        ("Conflict", 409, Unclear, "provider"),
        *((r, 429, Busy, "busy") for r in TOO_MANY),
        ("Canceled", 499, Unclear, "provider"),
        ("InternalServiceFailure", 500, Unclear, "provider"),
    ],
)  # fmt: skip
def test_a_reason_counts_before_the_status(
    reason: str, status: int, branch: type[ProviderError], kind: str
) -> None:
    content = {"code": status, "reason": reason, "message": "Why.", "metadata": {"trace_id": "t"}}
    for wire in (vidu, relay):
        for seen in (status, 200, 503):
            with pytest.raises(branch) as caught:
                wire.read_submit(reply(content, seen))
            error = caught.value
            assert (type(error), error.kind, error.code) == (branch, kind, reason)
            assert error.message == "Why."


@pytest.mark.row("F030")
def test_a_wrong_field_is_refused_with_its_name() -> None:
    content = {"code": 400, "reason": "FieldUnwanted", "message": "field motion is unwanted"}
    with pytest.raises(Refused) as caught:
        vidu.read_submit(reply(content, 400))
    assert (caught.value.kind, caught.value.message) == ("parameter", "field motion is unwanted")


@pytest.mark.parametrize(
    ("content", "status", "branch", "kind"),
    [
        ({"error": {"message": "m", "type": "api_error", "code": "x"}}, 400, Refused, "parameter"),
        ({"error": {"message": "m", "type": "x", "code": None}}, 401, AccountTrouble, "key"),
        ({"error": {"message": "m", "code": "insufficient_quota"}}, 429, AccountTrouble, "balance"),
        ({"code": "insufficient_user_quota", "message": "m"}, 403, AccountTrouble, "balance"),
        ({"code": "fail_to_fetch_task", "message": "m"}, 500, Unclear, "provider"),
        ({"code": "fail_to_fetch_task", "message": "m"}, 200, Unclear, "unreadable"),
        ({"error": "m"}, 422, Refused, "parameter"),
    ],
)  # fmt: skip
def test_a_relays_errors_are_read_in_three_shapes(
    content: dict[str, Any], status: int, branch: type[ProviderError], kind: str
) -> None:
    with pytest.raises(branch) as caught:
        relay.read_submit(reply(content, status))
    assert (caught.value.kind, caught.value.message) == (kind, "m")


# ── The reply to a poll ───────────────────────────────────────────────────────────────────────


@pytest.mark.row("F160")
@pytest.mark.parametrize(
    ("word", "stage"),
    [("created", Stage.WAITING), ("queueing", Stage.WAITING), ("processing", Stage.RUNNING)],
)
def test_what_a_job_is_going_to_cost_is_not_charged_yet(word: str, stage: Stage) -> None:
    progress = vidu.read_poll(reply({"id": "9", "state": word, "credits": 55, "creations": []}))
    assert (progress.stage, progress.word) == (stage, word)
    assert (progress.charged, progress.unit, progress.charge_unclear) == (None, "", False)


@pytest.mark.row("F070", "F071", "F072")
@pytest.mark.parametrize(
    ("credits", "charged", "unclear"),
    [
        (55, 55, False), (0, 0, False), ("55", 55, False), (27.5, "27.5", False),
        (None, None, False), ("", None, False), (-5, None, True), ("NaN", None, True),
        (10**9, None, True), ("1e400", None, True), (True, None, True), ([], None, True),
        ({"amount": 5}, None, True), (0.1234567, None, True), ("55 credits", None, True),
    ],
)  # fmt: skip
def test_a_charge_is_read_or_known_to_be_none(credits: Any, charged: Any, unclear: bool) -> None:
    made = [{"id": "c1", "url": VIDEO, "cover_url": "https://files.example/c.jpg"}]
    content = {"id": "9", "state": "success", "credits": credits, "creations": made}
    progress = vidu.read_poll(reply(content))
    assert progress.charged == (None if charged is None else Decimal(charged))
    assert not isinstance(progress.charged, float)
    assert (progress.charge_unclear, progress.links) == (unclear, (VIDEO,))
    assert progress.unit == ("" if charged is None else CREDITS)


@pytest.mark.row("F059", "F060", "F061")
@pytest.mark.parametrize(("credits", "charged"), [(0, 0), (55, 55), (None, None)])
def test_a_failed_job_is_charged_as_it_says(credits: int | None, charged: int | None) -> None:
    content = {"state": "failed", "err_code": "CreationPolicyViolation", "credits": credits}
    progress = vidu.read_poll(reply(content))
    assert progress.stage is Stage.FAILED
    assert progress.charged == charged
    assert progress.complaint is not None
    assert (progress.complaint.code, progress.complaint.kind) == (
        "CreationPolicyViolation",
        "content",
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ImageCheckFaceFailed", "picture"),
        ("InternalServiceFailure", "provider"),
        ("New", "provider"),
    ],
)
def test_a_complaint_is_sorted_by_its_code(code: str, kind: str) -> None:
    progress = vidu.read_poll(reply({"state": "failed", "err_code": code}))
    assert progress.complaint is not None
    assert progress.complaint.kind == kind


@pytest.mark.row("F047")
def test_a_cancelled_job_is_stopped_and_not_failed() -> None:
    content = {"id": "9", "state": "failed", "err_code": "UserCancelled", "credits": 0}
    progress = vidu.read_poll(reply(content))
    assert (progress.stage, progress.charged) == (Stage.STOPPED, Decimal(0))
    assert progress.complaint is not None
    assert progress.complaint.kind == "cancelled"


@pytest.mark.parametrize(
    ("reason", "status", "branch"),
    [
        ("TaskNotFound", 404, Gone), ("NotFound", 404, Gone), ("QuotaExceeded", 429, Busy),
        ("InternalServiceFailure", 500, Busy), ("CreditInsufficient", 400, AccountTrouble),
        ("Unauthorized", 401, AccountTrouble), ("BadRequest", 400, Unclear),
        ("ModelUnavailable", 400, Unclear), ("Conflict", 409, Unclear),
    ],
)  # fmt: skip
def test_on_a_poll_only_three_things_count(
    reason: str, status: int, branch: type[ProviderError]
) -> None:
    for seen in (status, 200):
        with pytest.raises(branch) as caught:
            vidu.read_poll(reply({"code": status, "reason": reason, "message": "m"}, seen))
        assert type(caught.value) is branch


# ── Cancel, look-up, credits ──────────────────────────────────────────────────────────────────


def test_a_cancel_names_the_job_twice() -> None:
    request = vidu.cancel("901234567890123456", ACCESS)
    assert request.method == "POST"
    assert request.url == f"{ACCESS.base_url}ent/v2/tasks/901234567890123456/cancel"
    assert jobs.body(request) == {"id": "901234567890123456"}


@pytest.mark.row("F047")
def test_a_cancel_is_taken_or_comes_too_late() -> None:
    assert vidu.read_cancel(reply({})) is True
    message = "task state is scheduled, can not cancel"
    content = {"code": 400, "reason": "BadRequest", "message": message, "metadata": {}}
    assert vidu.read_cancel(reply(content, 400)) is False
    assert vidu.read_cancel(reply(content, 200)) is False


@pytest.mark.parametrize(
    ("content", "status", "branch"),
    [
        (b"", 500, Unclear), (b"<html>", 200, Unclear), (b"<html>", 400, Unclear),
        ({"code": 401, "reason": "Unauthorized"}, 401, AccountTrouble),
        ({"code": 404, "reason": "TaskNotFound"}, 404, Gone), (b"", 429, Busy),
        ({"code": 409, "reason": "Conflict"}, 200, Unclear),
    ],
)  # fmt: skip
def test_an_unclear_cancel_is_neither(
    content: object, status: int, branch: type[ProviderError]
) -> None:
    with pytest.raises(branch):
        vidu.read_cancel(reply(content, status))


def test_the_list_is_read_page_by_page() -> None:
    first = urlsplit(vidu.find(UID, ACCESS).url)
    assert (first.path, parse_qs(first.query)) == ("/base/ent/v2/tasks", {"pager.pagesz": ["100"]})
    second = urlsplit(vidu.find(UID, ACCESS, "a+b/c=").url)
    assert parse_qs(second.query)["pager.page_token"] == ["a+b/c="]


def test_our_job_is_found_by_our_own_reference() -> None:
    tasks = [{"id": "1", "payload": "x"}, {"id": "901234567890123456", "payload": UID}]
    content = {"tasks": tasks, "next_page_token": "n"}
    assert vidu.read_find(reply(content), UID) == Found("901234567890123456")
    assert vidu.read_find(reply(content), "0" * 32) == Found(next_page="n")
    assert vidu.read_find(reply({"tasks": [], "next_page_token": "n"}), UID) == Found()


@pytest.mark.parametrize(
    "content",
    [
        {"tasks": [{"id": "1"}, {"id": "2"}], "next_page_token": ""},
        {"tasks": [{"id": None, "payload": UID}]},
        {"tasks": None},
        {},
    ],
)
def test_a_list_that_holds_our_reference_back_proves_nothing(content: object) -> None:
    with pytest.raises(Unclear):
        vidu.read_find(reply(content), UID)


@pytest.mark.parametrize("name", ["remains", "remaining_credits"])
def test_credits_are_counted_in_all_purses(name: str) -> None:
    assert vidu.balance(ACCESS).url == f"{ACCESS.base_url}ent/v2/credits?show_detail=false"
    purses = [
        {"type": "metered", "credit_remain": 1000, "concurrency_limit": 5, "queue_count": 0},
        {"type": "test", "credit_remain": "20.5"},
    ]
    found = vidu.read_balance(reply({name: purses, "general_remains": [{"credit_remain": 1}]}))
    assert found == Balance(Decimal("1020.5"), CREDITS, 5)


@pytest.mark.parametrize(
    "content", [{}, {"remains": []}, {"remains": [{"credit_remain": "many"}]}, {"remains": 7}]
)
def test_a_balance_that_is_not_told_is_not_guessed(content: object) -> None:
    with pytest.raises(Unclear):
        vidu.read_balance(reply(content))


def test_a_wrong_key_is_found_out_for_nothing() -> None:
    content = {"code": 401, "reason": "Unauthorized", "message": "no"}
    with pytest.raises(AccountTrouble) as caught:
        vidu.read_balance(reply(content, 401))
    assert caught.value.kind == "key"


def test_modes_and_endpoints_agree() -> None:
    ends = {"text2video": Mode.TEXT, "img2video": Mode.IMAGE, "start-end2video": Mode.START_END}
    for spec in jobs.sold("vidu"):
        assert spec.modes == (ends.get(spec.endpoint, Mode.REFERENCE),)
