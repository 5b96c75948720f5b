"""Stricter than the vendors: what is taken, what is turned away, and in whose words."""

import base64
import tomllib
from typing import Any

import pytest

from tests.build.sources import ROOT
from tests.sandbox.client import PLAIN, PROVIDERS, WIDE, Client, picture, said
from tests.sandbox.running import HTTP, Sandbox

TWO = [WIDE, WIDE]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_plain_body_is_taken(sandbox: Sandbox, provider: str) -> None:
    sandbox.set(seconds=30)
    client = Client(sandbox, provider)
    client.take()
    (job,) = sandbox.journal()
    assert (job["provider"], job["charged"]) == (provider, "0")


REFUSALS: list[tuple[str, str, dict[str, Any], str, int]] = [
    # Unknown fields, and what is no field of this model.
    ("zai", "", {"seed": 1}, "1210", 400),
    ("zai", "", {"aspect_ratio": "16:9"}, "1210", 400),
    ("bigmodel", "", {"with_audio": True}, "1210", 400),
    ("bigmodel", "", {"model": "viduq1-image", "image_url": WIDE, "with_audio": True}, "1210", 400),
    ("jiekou", "", {"model": "vidu-2.0-reference2video"}, "INVALID_REQUEST_BODY", 400),
    ("vidu", "", {"aspect_ratio": "16:9"}, "FieldUnwanted", 400),
    ("vidu", "", {"request_id": "abcdef"}, "FieldUnwanted", 400),
    ("relay", "", {"bgm": True}, "FieldUnwanted", 400),
    # Missing.
    ("zai", "", {"prompt": ...}, "1213", 400),
    ("zai", "", {"prompt": ""}, "1214", 400),
    ("zai", "", {"image_url": ...}, "1213", 400),
    ("jiekou", "", {"images": ...}, "INVALID_REQUEST_BODY", 400),
    ("relay", "", {"seed": ...}, "FieldLacking", 400),
    ("relay", "", {"off_peak": ...}, "FieldLacking", 400),
    ("vidu", "text2video", {"model": "viduq2", "images": ..., "prompt": ...}, "FieldLacking", 400),
    # Types.
    ("zai", "", {"image_url": [WIDE]}, "1214", 400),
    ("zai", "", {"model": "vidu2-start-end", "image_url": WIDE}, "1214", 400),
    ("zai", "", {"duration": "4"}, "1214", 400),
    ("zai", "", {"duration": True}, "1214", 400),
    ("zai", "", {"with_audio": "true"}, "1214", 400),
    ("zai", "", {"movement_amplitude": None}, "1214", 400),
    ("vidu", "", {"images": WIDE}, "FieldInvalid", 400),
    # Values.
    ("zai", "", {"duration": 5}, "1214", 400),
    ("zai", "", {"size": "1920x1080"}, "1214", 400),
    ("bigmodel", "", {"size": "1280x720"}, "1214", 400),
    ("bigmodel", "", {"style": "noir"}, "1214", 400),
    ("jiekou", "", {"resolution": "1080p"}, "INVALID_REQUEST_BODY", 400),
    ("jiekou", "", {"movement_amplitude": "high"}, "INVALID_REQUEST_BODY", 400),
    ("vidu", "", {"seed": -1}, "FieldInvalid", 400),
    ("zai", "", {"model": "vidu9"}, "1211", 400),
    ("vidu", "", {"model": "viduq2"}, "FieldInvalid", 400),
    # Lengths.
    ("zai", "", {"prompt": "p" * 513}, "1261", 400),
    ("jiekou", "", {"prompt": "p" * 1501}, "INVALID_REQUEST_BODY", 400),
    ("vidu", "", {"prompt": "p" * 5001}, "FieldInvalid", 400),
    ("zai", "", {"user_id": "u7"}, "1214", 400),
    ("zai", "", {"request_id": "r7"}, "1214", 400),
    # Not sold together.
    ("vidu", "", {"duration": 8, "resolution": "1080p"}, "FieldInvalid", 400),
    ("vidu", "", {"model": "viduq2-pro", "duration": 9, "bgm": True}, "FieldInvalid", 400),
    (
        *("vidu", "reference2video"),
        {"model": "viduq2", "audio": True, "off_peak": True},
        *("FieldInvalid", 400),
    ),
    (
        *("vidu", "start-end2video"),
        {"model": "viduq2-pro", "images": TWO, "duration": 9},
        *("FieldInvalid", 400),
    ),
    # Pictures.
    ("zai", "", {"model": "vidu2-start-end", "image_url": [WIDE]}, "1214", 400),
    ("zai", "", {"model": "vidu2-reference", "image_url": [WIDE] * 4}, "1214", 400),
    ("vidu", "", {"images": TWO}, "FieldItemCountOutOfRange", 400),
    ("vidu", "", {"images": [picture(500, 100)]}, "PageSizeOutOfRange", 400),
    ("jiekou", "", {"images": [picture(127, 200)]}, "INVALID_REQUEST_BODY", 400),
    (
        *("vidu", "start-end2video", {"images": [WIDE, picture(360, 640)]}),
        *("PageSizeOutOfRange", 400),
    ),
    ("vidu", "", {"images": [picture(kind="gif")]}, "ImageFormatInvalid", 400),
    ("vidu", "", {"images": [WIDE.replace("png", "jpeg")]}, "ImageFormatInvalid", 400),
    ("vidu", "", {"images": [WIDE[:-200]]}, "ImageFormatInvalid", 400),
    ("vidu", "", {"images": [WIDE.partition(",")[2]]}, "ImageFormatInvalid", 400),
    (
        *("bigmodel", "", {"model": "cogvideox-2", "image_url": picture(kind="webp")}),
        *("1214", 400),
    ),
]


@pytest.mark.parametrize(("provider", "endpoint", "changes", "word", "status"), REFUSALS)
def test_it_is_refused_in_the_vendors_words(
    sandbox: Sandbox, provider: str, endpoint: str, changes: Any, word: str, status: int
) -> None:
    answer = Client(sandbox, provider).submit(endpoint, **changes)
    assert (said(answer), answer.status_code) == (word, status), answer.text
    assert sandbox.journal() == []


def test_a_picture_may_be_as_heavy_as_the_page_says_and_no_heavier(sandbox: Sandbox) -> None:
    kind, _, encoded = WIDE.partition(",")
    png = base64.b64decode(encoded)

    def padded(size: int) -> str:
        return f"{kind},{base64.b64encode(png + bytes(size - len(png))).decode()}"

    cog = Client(sandbox, "bigmodel")
    heavy = cog.submit(model="cogvideox-2", image_url=padded(5_000_001))
    assert said(heavy) == "1214"
    cog.take(model="cogvideox-2", image_url=padded(5_000_000))
    jiekou = Client(sandbox, "jiekou")
    assert said(jiekou.submit(images=[padded(10_000_000)])) == "INVALID_REQUEST_BODY"
    assert said(Client(sandbox, "vidu").submit(images=[padded(15_500_000)])) == "BadRequest"
    assert len(sandbox.journal()) == 1


def test_a_request_id_is_good_for_one_job(sandbox: Sandbox) -> None:
    client = Client(sandbox, "zai")
    client.take(request_id="job-000123")
    assert said(client.submit(request_id="job-000123")) == "1231"
    assert [job["reference"] for job in sandbox.journal()] == ["job-000123"]


def test_beyond_the_level_bigmodel_refuses_and_vidu_lets_wait(sandbox: Sandbox) -> None:
    sandbox.set(seconds=30, in_flight={"bigmodel": 2, "vidu": 2})
    for provider in ("bigmodel", "vidu"):
        for _ in range(2):
            Client(sandbox, provider).take()
    refused = Client(sandbox, "bigmodel").submit()
    assert (said(refused), refused.status_code) == ("1302", 429)
    waiting = Client(sandbox, "vidu")
    assert waiting.state(waiting.take()) == "queueing"
    credits = waiting.get("/ent/v2/credits").json()["remains"][0]
    assert (credits["concurrency_limit"], credits["queue_count"]) == (2, 3)


def test_without_money_nothing_is_taken(sandbox: Sandbox) -> None:
    sandbox.set(balance=dict.fromkeys(PROVIDERS, 0))
    answers = {name: Client(sandbox, name).submit() for name in PROVIDERS}
    told = {name: (said(answer), answer.status_code) for name, answer in answers.items()}
    assert told == {
        "zai": ("1113", 429),
        "bigmodel": ("1113", 429),
        "jiekou": ("NOT_ENOUGH_BALANCE", 403),
        "vidu": ("CreditInsufficient", 400),
        "relay": ("insufficient_user_quota", 403),
    }
    assert sandbox.journal() == []


KEYS = [
    ("zai", "Bearer wrong", "1000", 401),
    ("zai", "", "1001", 401),
    ("zai", "{key}", "1001", 401),
    ("bigmodel", "wrong", "1000", 401),
    ("jiekou", "Bearer wrong", "FAILED_TO_AUTH", 401),
    ("jiekou", "", "INVALID_API_KEY", 403),
    ("vidu", "Bearer {key}", "Unauthorized", 401),
    ("relay", "Token {key}", "invalid_token", 401),
]


@pytest.mark.parametrize(("provider", "header", "word", "status"), KEYS)
def test_each_vendor_wants_the_key_its_own_way(
    sandbox: Sandbox, provider: str, header: str, word: str, status: int
) -> None:
    answer = HTTP.post(
        sandbox.base(provider) + _path(provider),
        json=PLAIN[provider],
        headers={"Authorization": header.format(key=sandbox.key)} if header else {},
    )
    assert (said(answer), answer.status_code) == (word, status)


def _path(provider: str) -> str:
    return {
        "jiekou": "/v3/async/vidu-2.0-reference2video",
        "vidu": "/ent/v2/img2video",
        "relay": "/vidu/v2/reference2video",
    }.get(provider, "/videos/generations")


def test_bigmodel_takes_the_bare_key_of_its_older_pages(sandbox: Sandbox) -> None:
    answer = HTTP.post(
        sandbox.base("bigmodel") + _path("bigmodel"),
        json=PLAIN["bigmodel"],
        headers={"Authorization": sandbox.key},
    )
    assert answer.json()["task_status"] == "PROCESSING"
    assert len(sandbox.journal("bigmodel")) == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"a": 1, "a": 2}', b'{"a": NaN}', b""])
def test_a_body_that_is_no_object_is_refused(sandbox: Sandbox, body: bytes) -> None:
    headers = Client(sandbox, "zai").headers() | {"Content-Type": "application/json"}
    answer = HTTP.post(sandbox.base("zai") + _path("zai"), content=body, headers=headers)
    assert (said(answer), answer.status_code) == ("1210", 400)


@pytest.mark.parametrize(
    ("provider", "path"), [("zai", "/nothing"), ("jiekou", "/v3/other"), ("relay", "/vidu/v2/x")]
)
def test_a_path_that_is_not_sold_is_404(sandbox: Sandbox, provider: str, path: str) -> None:
    answer = Client(sandbox, provider).get(path)
    assert (answer.status_code, answer.text) == (404, "404 page not found")


def test_one_vendor_does_not_know_the_jobs_of_another(sandbox: Sandbox) -> None:
    job = Client(sandbox, "zai").take()
    assert said(Client(sandbox, "bigmodel").poll(job)) == "1233"
    assert said(Client(sandbox, "vidu").poll(job)) == "TaskNotFound"
    assert said(Client(sandbox, "jiekou").poll(job)) == "TASK_NOT_FOUND"


PRICES: list[tuple[str, str, dict[str, Any], str]] = [
    ("zai", "", {}, "0.2"),
    ("zai", "", {"model": "vidu2-start-end", "image_url": TWO}, "0.2"),
    ("zai", "", {"model": "vidu2-reference", "image_url": [WIDE]}, "0.4"),
    ("bigmodel", "", {}, "2.5"),
    ("bigmodel", "", {"model": "cogvideox-2"}, "0.5"),
    ("jiekou", "", {}, "0.4"),
    # The seed's own reply: 5 seconds at 720p are 55 credits.
    ("relay", "", {}, "55"),
    ("relay", "", {"off_peak": True}, "28"),
    ("relay", "", {"resolution": "540p", "duration": 1}, "8"),
    ("relay", "", {"resolution": "1080p", "duration": 10}, "190"),
    ("vidu", "", {}, "20"),
    ("vidu", "", {"duration": 8, "resolution": "720p"}, "100"),
    ("vidu", "", {"model": "viduq2-pro", "duration": 2, "resolution": "540p"}, "10"),
    ("vidu", "", {"model": "viduq2-turbo", "duration": 3}, "20"),
    ("vidu", "", {"model": "viduq2-pro-fast", "duration": 3, "is_rec": True}, "22"),
    ("vidu", "", {"model": "viduq1"}, "80"),
    ("vidu", "reference2video", {"model": "viduq2", "audio": True}, "60"),
    ("vidu", "text2video", {"model": "viduq2", "images": ..., "duration": 4}, "30"),
]


@pytest.mark.parametrize(("provider", "endpoint", "changes", "price"), PRICES)
def test_the_price_is_the_pages(
    sandbox: Sandbox, provider: str, endpoint: str, changes: Any, price: str
) -> None:
    job = Client(sandbox, provider).take(endpoint, **changes)
    (entry,) = sandbox.journal()
    assert (entry["id"], entry["price"]) == (job, price)


def test_it_stands_apart_from_every_room_of_the_studio() -> None:
    """A new room must be named in the contract too."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (apart,) = [c for c in contracts["contracts"] if c.get("source_modules") == ["studio.sandbox"]]
    rooms = {
        f"studio.{path.stem}"
        for path in (ROOT / "studio").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and path.stem not in {"__init__", "sandbox", "migrations", "templatetags"}
    }
    assert rooms - set(apart["forbidden_modules"]) == set()
