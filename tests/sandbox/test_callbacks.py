"""Vidu calls back: when, how often, signed with what."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from studio.sandbox.callbacks import signature
from tests.house import wait_for
from tests.sandbox.client import Client
from tests.sandbox.listening import Ear, listening
from tests.sandbox.running import KEY, Sandbox

# A public host, as a studio names itself; the path and the query are what is signed.
URL = "https://studio.example/hooks/vidu?job=123&v=1"


@pytest.fixture
def ear(sandbox: Sandbox) -> Iterator[Ear]:
    with listening() as ear:
        sandbox.set(callbacks_to=ear.address)
        yield ear
        sandbox.reset()


def states(ear: Ear) -> list[str]:
    contents = [json.loads(body) for _, _, body in ear.came]
    return [content.get("state") or content["status"] for content in contents]


def is_signed(headers: dict[str, str], key: str) -> bool:
    """By the page's own words, once more."""
    lines = ["POST", "/hooks/vidu", "job=123&v=1", "vidu", headers["Date"]]
    lines += [f"{n}:{headers[n]}" for n in headers["X-HMAC-SIGNED-HEADERS"].split(";")]
    text = "".join(f"{line}\n" for line in lines).encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()
    return base64.b64encode(digest).decode() == headers["X-HMAC-SIGNATURE"]


def test_the_signature_is_that_of_the_known_example() -> None:
    signed = {
        "Date": "Mon, 05 Jan 2026 08:00:00 GMT",
        "x-request-nonce": "9b1c7a52-0f3d-4f0e-8a11-2f6f1d7c0a33",
    }
    found = signature("vda_example_key", "POST", "/hooks/vidu", "job=123&v=1", signed)
    assert found == "UIuApV2SF0xudc6ZtcrXwtSlVdxt1VGohxEIiq3m3us="
    assert signature("other", "POST", "/hooks/vidu", "job=123&v=1", signed) != found


def test_it_calls_when_the_job_runs_and_when_it_is_done(sandbox: Sandbox, ear: Ear) -> None:
    client = Client(sandbox, "vidu")
    job = client.take(callback_url=URL, payload="job-7")
    wait_for("two calls", lambda: len(ear.came) == 2, 10)
    assert states(ear) == ["processing", "success"]
    for path, headers, body in ear.came:
        assert path == "/hooks/vidu?job=123&v=1"
        assert is_signed(headers, KEY)
        assert abs(parsedate_to_datetime(headers["Date"]).timestamp() - time.time()) < 10
        assert (json.loads(body)["id"], json.loads(body)["payload"]) == (job, "job-7")
    assert json.loads(ear.came[1][2]) == client.poll(job).json()


def test_it_tries_three_times(sandbox: Sandbox, ear: Ear) -> None:
    ear.statuses = [200, 500, 503, 500]
    Client(sandbox, "vidu").take(callback_url=URL)
    wait_for("four calls", lambda: len(ear.came) == 4, 10)
    time.sleep(0.4)
    assert states(ear) == ["processing", "success", "success", "success"]


FAULTS = [
    ("callback_duplicate", ["processing", "success", "success", "success"]),
    ("callback_shuffled", ["success", "processing"]),
    ("callback_status", ["processing", "success"]),
]


@pytest.mark.parametrize(("fault", "told"), FAULTS)
def test_calls_may_come_doubled_shuffled_or_with_another_word(
    sandbox: Sandbox, ear: Ear, fault: str, told: list[str]
) -> None:
    sandbox.next("vidu", fault)
    Client(sandbox, "vidu").take(callback_url=URL)
    wait_for("the calls", lambda: len(ear.came) == len(told), 10)
    assert states(ear) == told
    assert all(is_signed(headers, KEY) for _, headers, _ in ear.came)


def test_a_call_may_be_signed_by_somebody_else_or_be_old(sandbox: Sandbox, ear: Ear) -> None:
    for fault in ("callback_bad_signature", "callback_stale"):
        sandbox.next("vidu", fault)
        Client(sandbox, "vidu").take(callback_url=URL)
    wait_for("the calls", lambda: len(ear.came) == 4, 10)
    signed = [headers for _, headers, _ in ear.came if is_signed(headers, KEY)]
    assert len(signed) == 2
    assert all(
        parsedate_to_datetime(headers["Date"]).timestamp() < time.time() - 3600
        for headers in signed
    )


def test_a_call_may_come_before_the_answer(sandbox: Sandbox, ear: Ear) -> None:
    sandbox.set(seconds=600)
    sandbox.next("vidu", "callback_first")
    job = Client(sandbox, "vidu").take(callback_url=URL)
    assert states(ear) == ["processing"]
    assert json.loads(ear.came[0][2])["id"] == job


def test_nobody_outside_this_machine_is_called(sandbox: Sandbox) -> None:
    client = Client(sandbox, "vidu")
    job = client.take(callback_url="https://studio.example/hooks")
    client.finish(job)
    wait_for("the end", lambda: "end" in sandbox.journal()[0]["told"], 10)
    refused = client.submit(callback_url="studio.example")
    assert refused.json()["reason"] == "FieldInvalid"
