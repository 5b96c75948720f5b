"""Z.ai and BigModel: one wire, two hosts."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from studio.sandbox.answers import Answer, document
from studio.sandbox.calls import Call
from studio.sandbox.house import House
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.refusals import Refused, Why
from studio.sandbox.rules.zhipu import GENERATIONS
from studio.sandbox.wires.wire import Route, Shown, Wire

_POLL = re.compile(r"/api/paas/v4/async-result/(?P<id>[^/]+)")
# What each refusal is called, and under which HTTP status it comes.
_CODES: Mapping[Why, tuple[str, int]] = {
    Why.KEY_MISSING: ("1001", 401),
    Why.KEY_WRONG: ("1000", 401),
    Why.BODY: ("1210", 400),
    Why.BODY_LARGE: ("1210", 400),
    Why.MODEL: ("1211", 400),
    Why.LACKING: ("1213", 400),
    Why.UNWANTED: ("1210", 400),
    Why.INVALID: ("1214", 400),
    Why.CONFLICT: ("1215", 400),
    Why.PROMPT_LONG: ("1261", 400),
    Why.COUNT: ("1214", 400),
    Why.PICTURE_FORMAT: ("1214", 400),
    Why.PICTURE_SHAPE: ("1214", 400),
    Why.PICTURE_HEAVY: ("1214", 400),
    Why.REPEATED: ("1231", 400),
    Why.BUSY: ("1302", 429),
    Why.NO_MONEY: ("1113", 429),
    Why.CONTENT: ("1301", 400),
    Why.FORBIDDEN: ("1220", 403),
    Why.UNKNOWN_JOB: ("1233", 404),
    Why.TOO_LATE: ("1222", 400),
    Why.BROKEN: ("1230", 500),
}


class Zhipu(Wire):
    id_field = "id"
    address_place = "/api/paas/v4"

    def __init__(self, house: House, provider: str, is_bare_key_allowed: bool) -> None:
        super().__init__(house)
        self.provider = self.prefix = provider
        self._is_bare_key_allowed = is_bare_key_allowed

    def route(self, call: Call) -> Route | None:
        if (call.method, call.path) == ("POST", f"/api/paas/v4/{GENERATIONS}"):
            return Route("submit", GENERATIONS)
        found = _POLL.fullmatch(call.path)
        return Route("poll", found["id"]) if found and call.method == "GET" else None

    def key(self, headers: Mapping[str, str]) -> str | None:
        """BigModel's older pages send the key without a scheme."""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme == "Bearer" and key:
            return key
        return scheme if self._is_bare_key_allowed and scheme and not key else None

    def body(self, call: Call) -> dict[str, Any]:
        """The vendor's SDK, and nobody else, writes null for what was left out."""
        found = call.document()
        if call.headers.get("x-request-sdk", "").startswith("z-ai-sdk"):
            return {name: value for name, value in found.items() if value is not None}
        if None in found.values():
            raise Refused(Why.INVALID, "null is no value")
        return found

    def error(self, why: Why, message: str, code: str = "", status: int = 0) -> Answer:
        own_code, own_status = _CODES[why]
        content: dict[str, Any] = {"error": {"code": code or own_code, "message": message}}
        if (code or own_code) == "1301":
            content["contentFilter"] = [{"level": 1, "role": "user"}]
        return document(status or own_status, content)

    def new_id(self) -> str:
        """19 digits, more than a browser's number can hold."""
        return str(7_000_000_000_000_000_000 + secrets.randbelow(10**18))

    def accepted(self, job: Job) -> dict[str, Any]:
        return {
            "id": job.id,
            "request_id": job.reference or job.id,
            "model": job.model,
            "task_status": "PROCESSING",
        }

    def progress(self, job: Job, shown: Shown) -> dict[str, Any]:
        content: dict[str, Any] = {"model": job.model, "request_id": job.reference or job.id}
        if shown.word:
            return content | {"id": job.id, "task_status": shown.word}
        if shown.stage == Stage.SUCCESS:
            files = [
                {"url": url, "cover_image_url": f"{url.removesuffix('.mp4')}.jpg"}
                for url in shown.addresses
            ]
            return content | {"task_status": "SUCCESS", "video_result": files}
        if shown.stage in {Stage.FAILED, Stage.CANCELLED}:
            reason = {"error": {"code": shown.code, "message": shown.message}}
            return content | {"task_status": "FAIL"} | (reason if shown.code else {})
        return content | {"id": job.id, "task_status": "PROCESSING"}
