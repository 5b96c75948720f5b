"""Jiekou: the path names the model."""

import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from studio.sandbox.answers import Answer, document
from studio.sandbox.calls import Call
from studio.sandbox.house import HOUR
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.refusals import Refused, Why
from studio.sandbox.wires.wire import Route, Shown, Wire

_ASYNC = "/v3/async/"
_INVALID = ("INVALID_REQUEST_BODY", 400)
_REASONS: Mapping[Why, tuple[str, int]] = {
    Why.KEY_MISSING: ("INVALID_API_KEY", 403),
    Why.KEY_WRONG: ("FAILED_TO_AUTH", 401),
    Why.MODEL: ("MODEL_NOT_FOUND", 404),
    Why.BUSY: ("RATE_LIMIT_EXCEEDED", 429),
    Why.NO_MONEY: ("NOT_ENOUGH_BALANCE", 403),
    Why.FORBIDDEN: ("ACCESS_DENY", 403),
    Why.UNKNOWN_JOB: ("TASK_NOT_FOUND", 404),
    Why.BROKEN: ("SERVICE_NOT_AVAILABLE", 503),
}
_STATUSES = {
    Stage.CREATED: "TASK_STATUS_QUEUED",
    Stage.QUEUEING: "TASK_STATUS_QUEUED",
    Stage.PROCESSING: "TASK_STATUS_PROCESSING",
    Stage.SUCCESS: "TASK_STATUS_SUCCEED",
    Stage.FAILED: "TASK_STATUS_FAILED",
    Stage.CANCELLED: "TASK_STATUS_CANCELED",
}


class Jiekou(Wire):
    prefix = provider = "jiekou"
    id_field = "task_id"
    address_place = ""

    def route(self, call: Call) -> Route | None:
        if not call.path.startswith(_ASYNC):
            return None
        what = call.path.removeprefix(_ASYNC)
        if (call.method, what) == ("GET", "task-result"):
            return Route("poll", call.query.get("task_id", ""))
        return Route("submit", what) if call.method == "POST" and "/" not in what else None

    def key(self, headers: Mapping[str, str]) -> str | None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        return key if scheme == "Bearer" and key else None

    def body(self, call: Call) -> dict[str, Any]:
        found = call.document()
        if "model" in found:
            raise Refused(Why.UNWANTED, "model is no field: the path names it")
        return found

    def model_name(self, route: Route, body: Mapping[str, Any]) -> object:
        return route.what

    def error(self, why: Why, message: str, code: str = "", status: int = 0) -> Answer:
        own_reason, own_status = _REASONS.get(why, _INVALID)
        found = status or own_status
        return document(
            found,
            {"code": found, "reason": code or own_reason, "message": message, "metadata": {}},
        )

    def new_id(self) -> str:
        return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))

    def accepted(self, job: Job) -> dict[str, Any]:
        return {"task_id": job.id}

    def progress(self, job: Job, shown: Shown) -> dict[str, Any]:
        task = {
            "task_id": job.id,
            "task_type": "VIDU_2_0_REFERENCE2VIDEO",
            "status": shown.word or _STATUSES[shown.stage],
            "reason": shown.message,
            "eta": 0,
            "progress_percent": shown.share,
        }
        videos = [
            # A string, as in each of the vendor's samples.
            {"video_url": url, "video_url_ttl": str(HOUR), "video_type": "mp4"}
            for url in shown.addresses
        ]
        extra = {
            "seed": str(job.values.get("seed") or 0),
            "debug_info": {
                "request_info": "",
                "submit_time_ms": str(int(job.accepted_at * 1000)),
                "execute_time_ms": str(int(job.starts_at * 1000)),
                "complete_time_ms": "",
            },
        }
        return {"task": task, "images": [], "videos": videos, "audios": [], "extra": extra}
