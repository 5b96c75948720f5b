"""The vendor's own SDK as an independent reader: submit and result, for each of its models.

It writes null for every argument that was left out. The sandbox takes nulls from it alone, by the
label that it puts on its calls (`x-request-sdk`); from anybody else they are refused.
"""

from typing import Any

import pytest
from zai import ZaiClient, ZhipuAiClient
from zai.core import APIRequestFailedError

from tests.house import wait_for
from tests.sandbox.client import WIDE
from tests.sandbox.running import HTTP, Sandbox

MODELS: list[tuple[str, str, dict[str, Any]]] = [
    ("zai", "vidu2-image", {"image_url": WIDE, "duration": 4, "size": "1280x720"}),
    ("zai", "vidu2-start-end", {"image_url": [WIDE, WIDE], "duration": 4, "size": "1280x720"}),
    (
        *("zai", "vidu2-reference"),
        {"image_url": [WIDE, WIDE, WIDE], "aspect_ratio": "16:9", "with_audio": True},
    ),
    ("bigmodel", "viduq1-text", {"style": "general", "duration": 5, "aspect_ratio": "16:9"}),
    ("bigmodel", "viduq1-image", {"image_url": WIDE, "size": "1920x1080"}),
    ("bigmodel", "viduq1-start-end", {"image_url": [WIDE, WIDE], "movement_amplitude": "auto"}),
    ("bigmodel", "cogvideox-2", {}),
]


def client(sandbox: Sandbox, provider: str) -> ZaiClient | ZhipuAiClient:
    kind = ZaiClient if provider == "zai" else ZhipuAiClient
    return kind(api_key=sandbox.key, base_url=sandbox.base(provider), max_retries=0)


@pytest.mark.parametrize(("provider", "model", "values"), MODELS, ids=lambda value: str(value)[:20])
def test_the_sdk_gets_a_clip(
    sandbox: Sandbox, provider: str, model: str, values: dict[str, Any]
) -> None:
    videos = client(sandbox, provider).videos
    made = videos.generations(model=model, prompt="A cat in the garden", **values)
    assert (made.task_status, made.model) == ("PROCESSING", model)

    def result() -> Any:
        found = videos.retrieve_videos_result(id=str(made.id))
        return found if found.task_status == "SUCCESS" else None

    done = wait_for("the clip", result, 20)
    file = HTTP.get(done.video_result[0].url)
    assert (file.status_code, file.content[4:8]) == (200, b"ftyp")
    (job,) = sandbox.journal(provider)
    assert (job["id"], job["charged"]) == (made.id, job["price"])


def test_the_sdk_reads_the_vendors_errors(sandbox: Sandbox) -> None:
    with pytest.raises(APIRequestFailedError) as caught:
        client(sandbox, "zai").videos.generations(model="vidu2-image", prompt="x")
    assert '"1213"' in str(caught.value)
    assert sandbox.journal() == []
