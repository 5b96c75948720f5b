"""The plainest client there is: it sends what it is told and believes what it is answered."""

import base64
import io
from dataclasses import dataclass
from typing import Any

import httpx
from PIL import Image

from tests.house import wait_for
from tests.sandbox.running import HTTP, Sandbox

_SUBMIT = {
    "zai": "/videos/generations",
    "bigmodel": "/videos/generations",
    "jiekou": "/v3/async/vidu-2.0-reference2video",
    "vidu": "/ent/v2/{endpoint}",
    "relay": "/vidu/v2/{endpoint}",
}
_POLL = {
    "zai": "/async-result/{id}",
    "bigmodel": "/async-result/{id}",
    "jiekou": "/v3/async/task-result?task_id={id}",
    "vidu": "/ent/v2/tasks/{id}/creations",
    "relay": "/vidu/v2/tasks/{id}/creations",
}
_DONE = {"SUCCESS", "TASK_STATUS_SUCCEED", "success"}
_OVER = _DONE | {"FAIL", "TASK_STATUS_FAILED", "TASK_STATUS_CANCELED", "failed"}


def picture(width: int = 640, height: int = 360, kind: str = "png") -> str:
    """A data URI."""
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 160)).save(drawn, kind.upper())
    return f"data:image/{kind};base64,{base64.b64encode(drawn.getvalue()).decode()}"


WIDE = picture()
RELAYED = {
    "model": "viduq2-pro",
    "images": [WIDE],
    "prompt": "A cat",
    "duration": 5,
    "seed": 0,
    "resolution": "720p",
    "movement_amplitude": "auto",
    "off_peak": False,
}
# A body that each vendor takes.
PLAIN: dict[str, dict[str, Any]] = {
    "zai": {"model": "vidu2-image", "image_url": WIDE, "prompt": "A cat"},
    "bigmodel": {"model": "viduq1-text", "prompt": "A cat"},
    "jiekou": {"images": [WIDE], "prompt": "A cat"},
    "vidu": {"model": "vidu2.0", "images": [WIDE], "prompt": "A cat"},
    "relay": RELAYED,
}
PROVIDERS = tuple(PLAIN)


@dataclass(frozen=True)
class Client:
    sandbox: Sandbox
    provider: str
    timeout: float = 10

    def headers(self) -> dict[str, str]:
        scheme = "Token" if self.provider == "vidu" else "Bearer"
        return {"Authorization": f"{scheme} {self.sandbox.key}"}

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        url = self.sandbox.base(self.provider) + path
        return HTTP.post(url, json=body, headers=self.headers() | headers, timeout=self.timeout)

    def get(self, path: str) -> httpx.Response:
        url = self.sandbox.base(self.provider) + path
        return HTTP.get(url, headers=self.headers(), timeout=self.timeout)

    def submit(self, endpoint: str = "", **changes: Any) -> httpx.Response:
        """The plain body with these changes; a value of ... takes the field out."""
        body = PLAIN[self.provider] | changes
        body = {name: value for name, value in body.items() if value is not ...}
        default = "reference2video" if self.provider == "relay" else "img2video"
        return self.post(_SUBMIT[self.provider].format(endpoint=endpoint or default), body)

    def take(self, endpoint: str = "", **changes: Any) -> str:
        """Submit, and the job's id as the journal has it."""
        answer = self.submit(endpoint, **changes)
        assert answer.status_code == 200, answer.text
        return str(self.sandbox.journal(self.provider)[-1]["id"])

    def poll(self, job: str) -> httpx.Response:
        return self.get(_POLL[self.provider].format(id=job))

    def state(self, job: str) -> str:
        return state(self.poll(job).json())

    def finish(self, job: str) -> dict[str, Any]:
        """The last poll, once it is over."""
        found: dict[str, Any] = wait_for("the job to be over", lambda: self._over(job), 20)
        return found

    def _over(self, job: str) -> dict[str, Any] | None:
        content: dict[str, Any] = self.poll(job).json()
        return content if state(content) in _OVER else None

    def link(self, job: str) -> str:
        return links(self.finish(job))[0]

    def make(self, endpoint: str = "", **changes: Any) -> str:
        """Submit, wait, and the address of the file."""
        return self.link(self.take(endpoint, **changes))


def state(content: dict[str, Any]) -> str:
    found = content.get("task_status") or content.get("state") or content["task"]["status"]
    return str(found)


def links(content: dict[str, Any]) -> list[str]:
    entries = content.get("video_result") or content.get("creations") or content.get("videos", [])
    return [entry.get("url") or entry["video_url"] for entry in entries]


def said(answer: httpx.Response) -> str:
    """The vendor's own word for a refusal."""
    content = answer.json()
    return str(content["error"]["code"] if "error" in content else content["reason"])
