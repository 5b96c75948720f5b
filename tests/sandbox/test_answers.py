"""Faults of the submit and of polls, each at the wire."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.sandbox.client import PROVIDERS, Client, links, said, state
from tests.sandbox.running import HTTP, Sandbox


def test_a_vendor_may_take_the_job_and_never_answer(sandbox: Sandbox) -> None:
    sandbox.next("zai", "accept_then_hang")
    with pytest.raises(httpx.ReadTimeout):
        HTTP.post(
            sandbox.base("zai") + "/videos/generations",
            json={"model": "vidu2-image", "image_url": "https://a.example/1.png", "prompt": "x"},
            headers=Client(sandbox, "zai").headers(),
            timeout=0.5,
        )
    assert len(sandbox.journal()) == 1


@pytest.mark.parametrize(("fault", "jobs"), [("reset_after_body", 1), ("reset_before_accept", 0)])
def test_the_connection_may_be_reset(sandbox: Sandbox, fault: str, jobs: int) -> None:
    sandbox.next("vidu", fault)
    with pytest.raises(httpx.NetworkError) as caught:
        Client(sandbox, "vidu").submit()
    assert "reset" in str(caught.value).lower()
    assert len(sandbox.journal()) == jobs


def test_an_answer_may_come_byte_by_byte(sandbox: Sandbox) -> None:
    sandbox.next("jiekou", "drip", delay=0.01)
    before = time.monotonic()
    answer = Client(sandbox, "jiekou").submit()
    assert time.monotonic() - before > 0.01 * len(answer.content)
    assert answer.json()["task_id"] == sandbox.journal()[0]["id"]


IDS: list[tuple[str, Any]] = [("no_id", "missing"), ("null_id", None), ("zero_id", 0)]


@pytest.mark.parametrize(("fault", "told"), IDS)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_id_may_be_none(sandbox: Sandbox, provider: str, fault: str, told: Any) -> None:
    sandbox.next(provider, fault)
    answer = Client(sandbox, provider).submit().json()
    assert answer.get("id", answer.get("task_id", "missing")) == told
    assert len(sandbox.journal()) == 1


def test_the_id_may_be_a_list_a_number_or_another_jobs(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    first = client.take()
    answers = []
    for fault in ("list_id", "number_id", "dup_id"):
        sandbox.next("vidu", fault)
        answers.append(client.submit().json()["task_id"])
    jobs = [job["id"] for job in sandbox.journal()]
    assert answers == [[jobs[1]], int(jobs[2]), jobs[2]]
    assert jobs[0] == first and len(jobs) == 4


HOSTILE: dict[str, Callable[[bytes], bool]] = {
    "duplicate_keys": lambda body: body.count(b'"id"') == 2,
    "nan": lambda body: b"NaN" in body,
    "infinity": lambda body: b"1e999" in body,
    "deep": lambda body: body == b"[" * 100_000,
    "huge": lambda body: len(body) > 50_000_000,
    "long_number": lambda body: b"9" * 100_000 in body,
    "cut": lambda body: not body.endswith(b"}"),
    "latin1": lambda body: b"\xe9" in body,
    "list": lambda body: isinstance(json.loads(body), list),
    "empty": lambda body: body == b"",
}


@pytest.mark.parametrize("variant", HOSTILE)
def test_json_may_be_hostile(sandbox: Sandbox, variant: str) -> None:
    sandbox.next("zai", "hostile_json", variant=variant)
    answer = Client(sandbox, "zai").submit()
    assert answer.status_code == 200
    assert HOSTILE[variant](answer.content)
    assert len(sandbox.journal()) == 1


# What each vendor says, and under which status.
REFUSALS: dict[str, dict[str, tuple[str, int]]] = {
    "bad_param": {"zai": ("1214", 400), "jiekou": ("INVALID_REQUEST_BODY", 400)}
    | {"vidu": ("FieldInvalid", 400), "relay": ("FieldInvalid", 400)},
    "401": {"zai": ("1000", 401), "jiekou": ("FAILED_TO_AUTH", 401)}
    | {"vidu": ("Unauthorized", 401), "relay": ("invalid_token", 401)},
    "403": {"zai": ("1220", 403), "jiekou": ("ACCESS_DENY", 403), "vidu": ("Forbidden", 403)},
    "402": {"zai": ("1113", 402), "jiekou": ("NOT_ENOUGH_BALANCE", 402)}
    | {"vidu": ("CreditInsufficient", 402)},
    "429_no_money": {"zai": ("1113", 429), "jiekou": ("NOT_ENOUGH_BALANCE", 403)}
    | {"vidu": ("CreditInsufficient", 400)},
    "429": {"zai": ("1302", 429), "jiekou": ("RATE_LIMIT_EXCEEDED", 429)}
    | {"vidu": ("QuotaExceeded", 429)},
    "soft_429": {"zai": ("1302", 200), "vidu": ("QuotaExceeded", 200)},
    "moderation": {"zai": ("1301", 400), "vidu": ("TaskPromptPolicyViolation", 400)},
    "500": {"zai": ("1230", 500), "vidu": ("InternalServiceFailure", 500)},
    "503": {"jiekou": ("SERVICE_NOT_AVAILABLE", 503), "zai": ("1230", 503)},
}
ROWS = [(f, p, *told) for f, vendors in REFUSALS.items() for p, told in vendors.items()]


@pytest.mark.parametrize(("fault", "provider", "word", "status"), ROWS)
def test_a_refusal_has_the_vendors_shape(
    sandbox: Sandbox, fault: str, provider: str, word: str, status: int
) -> None:
    sandbox.next(provider, fault)
    answer = Client(sandbox, provider).submit()
    assert (said(answer), answer.status_code) == (word, status)
    assert sandbox.journal() == []


def test_any_code_can_be_said(sandbox: Sandbox) -> None:
    sandbox.next("zai", "refuse", code="1309", status=429, message="the plan has expired")
    refused = Client(sandbox, "zai").submit()
    assert (said(refused), refused.status_code) == ("1309", 429)
    sandbox.next("vidu", "refuse", code="OperationInProcess")
    assert said(Client(sandbox, "vidu").submit()) == "OperationInProcess"


def test_moderation_comes_with_a_filter(sandbox: Sandbox) -> None:
    sandbox.next("bigmodel", "moderation")
    content = Client(sandbox, "bigmodel").submit().json()
    assert content["contentFilter"] == [{"level": 1, "role": "user"}]
    assert content["error"]["code"] == "1301"


@pytest.mark.parametrize("given", ["120", "-5", "soon", "999999999999", "Thu, 31 Dec 2099 0:0:0"])
def test_retry_after_is_sent_as_it_was_given(sandbox: Sandbox, given: str) -> None:
    sandbox.next("zai", "429", retry_after=given)
    answer = Client(sandbox, "zai").submit()
    assert answer.headers["Retry-After"] == given
    assert answer.status_code == 429


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(("when", "jobs"), [("", 0), ("_after_accept", 1)])
def test_a_server_error_may_come_before_or_after_the_job(
    sandbox: Sandbox, status: int, when: str, jobs: int
) -> None:
    sandbox.next("zai", f"{status}{when}")
    answer = Client(sandbox, "zai").submit()
    assert answer.status_code == status
    assert ("text/html" in answer.headers["Content-Type"]) == (status in {502, 504})
    assert len(sandbox.journal()) == jobs


def test_whoever_follows_a_redirect_pays_for_it(sandbox: Sandbox) -> None:
    sandbox.next("zai", "redirect")
    answer = Client(sandbox, "zai").submit()
    assert (answer.status_code, sandbox.journal()) == (307, [])
    request = answer.request
    followed = HTTP.post(
        sandbox.address + answer.headers["Location"],
        content=request.content,
        headers=dict(request.headers),
    )
    assert followed.status_code == 200
    assert len(sandbox.journal()) == 1


def test_a_page_or_a_plain_404_may_come_instead(sandbox: Sandbox) -> None:
    sandbox.next("zai", "html_200")
    page = Client(sandbox, "zai").submit()
    assert (page.status_code, page.text[:6]) == (200, "<html>")
    assert len(sandbox.journal()) == 1
    sandbox.next("jiekou", "plain_404")
    lost = Client(sandbox, "jiekou").submit()
    assert (lost.status_code, lost.text) == (404, "404 page not found")
    assert len(sandbox.journal()) == 1


def test_a_job_may_exist_of_which_it_says_that_it_existed_before(sandbox: Sandbox) -> None:
    sandbox.next("zai", "duplicate_request")
    answer = Client(sandbox, "zai").submit(request_id="job-000123")
    assert said(answer) == "1231"
    assert [job["reference"] for job in sandbox.journal()] == ["job-000123"]


def test_a_prompt_can_ask_for_a_fault_and_say_how_often(sandbox: Sandbox) -> None:
    client = Client(sandbox, "zai")
    prompt = "A cat [sandbox:429 times=2 retry_after=3] asleep"
    answers = [client.submit(prompt=prompt) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "3"
    wrong = client.submit(prompt="[sandbox:nonsense]")
    assert said(wrong) == "1214" and "no fault is called nonsense" in wrong.text


def test_the_hidden_door_says_what_is_wrong(sandbox: Sandbox) -> None:
    url = f"{sandbox.address}/control/next"
    for content, told in (
        ({"provider": "zai", "fault": "nonsense"}, "no fault is called nonsense"),
        ({"provider": "other", "fault": "429"}, "provider must be one of"),
        ({"job": "7", "fault": "429"}, "no job is called 7"),
    ):
        answer = HTTP.post(url, json=content)
        assert answer.status_code == 400 and told in answer.json()["error"]


# ── Polls ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_waits_runs_and_is_done(sandbox: Sandbox, provider: str) -> None:
    sandbox.set(seconds=1.2)
    client = Client(sandbox, provider)
    job = client.take()
    seen = [client.state(job)]
    time.sleep(0.5)
    seen.append(client.state(job))
    end = client.finish(job)
    seen.append(state(end))
    assert seen in (
        ["PROCESSING", "PROCESSING", "SUCCESS"],
        ["TASK_STATUS_QUEUED", "TASK_STATUS_PROCESSING", "TASK_STATUS_SUCCEED"],
        ["created", "processing", "success"],
    )
    assert links(end)[0].startswith(f"{sandbox.address}/files/")
    assert sandbox.journal()[0]["charged"] == sandbox.journal()[0]["price"]


POLLS = [
    ("eventual_404", 404),
    ("poll_401", 401),
    ("poll_429", 429),
    ("poll_500", 500),
    ("poll_502", 502),
    ("poll_no_money", 429),
]


@pytest.mark.parametrize(("fault", "status"), POLLS)
def test_a_poll_may_be_refused_while_the_job_goes_on(
    sandbox: Sandbox, fault: str, status: int
) -> None:
    client = Client(sandbox, "zai")
    job = client.take()
    sandbox.next("zai", fault, times=2)
    answers = [client.poll(job).status_code for _ in range(3)]
    assert answers == [status, status, 200]
    assert state(client.finish(job)) == "SUCCESS"


def test_a_poll_may_answer_with_nothing_of_use(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu", timeout=0.5)
    job = client.take()
    client.finish(job)
    sandbox.next("vidu", "poll_html")
    assert client.poll(job).text.startswith("<html>")
    sandbox.next("vidu", "poll_garbage")
    with pytest.raises(ValueError):
        client.poll(job).json()
    sandbox.next("vidu", "poll_reset")
    with pytest.raises(httpx.NetworkError):
        client.poll(job)
    sandbox.next("vidu", "poll_hang")
    with pytest.raises(httpx.ReadTimeout):
        client.poll(job)


def test_a_state_may_be_a_word_that_nobody_knows(sandbox: Sandbox) -> None:
    for provider in PROVIDERS:
        client = Client(sandbox, provider)
        job = client.take()
        sandbox.tie(job, "status", word="pondering")
        assert client.state(job) == "pondering"
        assert links(client.poll(job).json()) == []


def test_a_state_may_go_back(sandbox: Sandbox) -> None:
    client = Client(sandbox, "jiekou")
    job = client.take()
    client.finish(job)
    sandbox.next("jiekou", "regress")
    assert client.state(job) == "TASK_STATUS_QUEUED"
    assert client.state(job) == "TASK_STATUS_SUCCEED"


def test_a_job_may_be_forgotten(sandbox: Sandbox) -> None:
    for provider, status in (("zai", 404), ("jiekou", 404), ("vidu", 404)):
        sandbox.next(provider, "forget")
        client = Client(sandbox, provider)
        assert client.poll(client.take()).status_code == status
    assert Client(sandbox, "vidu").get("/ent/v2/tasks").json()["tasks"] == []


def test_done_may_come_without_a_file_or_with_two(sandbox: Sandbox) -> None:
    for provider in PROVIDERS:
        client = Client(sandbox, provider)
        sandbox.next(provider, "no_url")
        assert links(client.finish(client.take())) == []
        sandbox.next(provider, "two_urls")
        first, second = links(client.finish(client.take()))
        assert HTTP.get(first).content != HTTP.get(second).content


FAILURES = [("fail_free", 0, "0"), ("fail_billed", 20, "20"), ("fail_silent", "none", "0")]


@pytest.mark.parametrize(("fault", "told", "charged"), FAILURES)
def test_a_failed_job_may_cost_nothing_something_or_not_say(
    sandbox: Sandbox, fault: str, told: Any, charged: str
) -> None:
    sandbox.next("vidu", fault)
    client = Client(sandbox, "vidu")
    end = client.finish(client.take())
    assert (end["state"], end.get("credits", "none")) == ("failed", told)
    assert sandbox.journal()[0]["charged"] == charged


def test_success_and_failed_may_come_by_turns(sandbox: Sandbox) -> None:
    sandbox.next("zai", "flip")
    client = Client(sandbox, "zai")
    job = client.take()
    client.finish(job)
    assert {client.state(job), client.state(job)} == {"SUCCESS", "FAIL"}
    assert sandbox.journal()[0]["charged"] == "0.2"


COSTS = [("cheaper", {}, 10), ("dearer", {}, 30), ("dearer", {"factor": 3}, 60)] + [
    ("weird_cost", {"value": value}, told)
    for value, told in (("negative", -55), ("huge", 10**9), ("text", "fifty-five"), ("9.5", "9.5"))
]


@pytest.mark.parametrize(("fault", "options", "told"), COSTS)
def test_the_charge_may_differ_from_the_price(
    sandbox: Sandbox, fault: str, options: dict[str, Any], told: Any
) -> None:
    sandbox.next("vidu", fault, **options)
    client = Client(sandbox, "vidu")
    job = client.take()
    assert client.finish(job)["credits"] == told
    assert sandbox.journal()[0]["price"] == "20"


def test_a_charge_may_be_no_number(sandbox: Sandbox) -> None:
    sandbox.next("vidu", "weird_cost", value="nan")
    client = Client(sandbox, "vidu")
    job = client.take()
    assert b'"credits": NaN' in client.poll(job).content
    assert sandbox.journal()[0]["faults"] == ["weird_cost"]


def test_a_job_may_be_late_or_wait_in_line(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    sandbox.next("vidu", "late", seconds=3600)
    late = client.take()
    sandbox.next("vidu", "queueing", seconds=3600)
    waiting = client.take()
    time.sleep(0.3)
    assert client.state(waiting) == "queueing"
    sandbox.set(ahead=1800)
    assert client.state(late) == "processing"
    sandbox.set(ahead=7300)
    assert state(client.finish(late)) == state(client.finish(waiting)) == "success"


# ── What only Vidu has ────────────────────────────────────────────────────────────────────────


def cancel(client: Client, job: str) -> httpx.Response:
    return client.post(f"/ent/v2/tasks/{job}/cancel", {"id": job})


def test_a_waiting_job_can_be_stopped_and_costs_nothing(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    sandbox.next("vidu", "queueing", seconds=3600)
    job = client.take()
    answer = cancel(client, job)
    assert (answer.status_code, answer.json()) == (200, {})
    end = client.poll(job).json()
    assert (end["state"], end["err_code"], end["credits"]) == ("failed", "UserCancelled", 0)
    assert sandbox.journal()[0]["charged"] == "0"


def test_a_stop_may_be_too_late_or_fail_or_be_obeyed_late(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    sandbox.next("vidu", "late", seconds=3600)
    job = client.take()
    sandbox.set(ahead=1800)
    late = cancel(client, job)
    assert (said(late), late.status_code) == ("BadRequest", 400)
    assert "can not cancel" in late.json()["message"]
    sandbox.next("vidu", "cancel_500")
    assert cancel(client, job).status_code == 500
    assert client.state(job) == "processing"
    sandbox.next("vidu", "cancel_ok")
    assert cancel(client, job).json() == {}
    assert client.state(job) == "failed"


def test_the_list_finds_a_job_by_what_its_owner_calls_it(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    for number in range(5):
        client.take(payload=f"job-{number}")
    seen: list[str] = []
    token = ""
    for _ in range(3):
        page = client.get(f"/ent/v2/tasks?page_size=2&page_token={token}").json()
        seen += [task["payload"] for task in page["tasks"]]
        token = page["next_page_token"]
    assert (seen, token) == ([f"job-{number}" for number in (4, 3, 2, 1, 0)], "")
    sandbox.next("vidu", "list_empty")
    assert client.get("/ent/v2/tasks").json()["tasks"] == []
    sandbox.next("vidu", "list_500")
    assert client.get("/ent/v2/tasks").status_code == 500
    assert client.get("/ent/v2/tasks?page_size=101").status_code == 400
