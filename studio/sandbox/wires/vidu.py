"""Vidu itself, and a relay that takes Vidu's body on other paths and with another key."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from studio.sandbox.answers import Answer, document, page
from studio.sandbox.calls import Call
from studio.sandbox.faults import Moment
from studio.sandbox.house import DAY
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.refusals import Refused, Why
from studio.sandbox.rules.vidu import BODY_BYTES, IMAGE, PAIR, REFERENCE, TEXT
from studio.sandbox.wires.shown import shown
from studio.sandbox.wires.wire import Route, Shown, Wire

_ENDPOINTS = {IMAGE, PAIR, TEXT, REFERENCE}
_TASK = re.compile(r"/tasks/(?P<id>[^/]+)/(?P<verb>creations|cancel)")
_REASONS: Mapping[Why, tuple[str, int]] = {
    Why.KEY_MISSING: ("Unauthorized", 401),
    Why.KEY_WRONG: ("Unauthorized", 401),
    Why.BODY: ("BadRequest", 400),
    Why.BODY_LARGE: ("BadRequest", 400),
    Why.MODEL: ("FieldInvalid", 400),
    Why.LACKING: ("FieldLacking", 400),
    Why.UNWANTED: ("FieldUnwanted", 400),
    Why.INVALID: ("FieldInvalid", 400),
    Why.CONFLICT: ("FieldInvalid", 400),
    Why.PROMPT_LONG: ("FieldInvalid", 400),
    Why.COUNT: ("FieldItemCountOutOfRange", 400),
    Why.PICTURE_FORMAT: ("ImageFormatInvalid", 400),
    # Of pictures, in spite of its name.
    Why.PICTURE_SHAPE: ("PageSizeOutOfRange", 400),
    Why.PICTURE_HEAVY: ("FieldInvalid", 400),
    Why.REPEATED: ("Conflict", 409),
    Why.BUSY: ("QuotaExceeded", 429),
    Why.NO_MONEY: ("CreditInsufficient", 400),
    Why.CONTENT: ("TaskPromptPolicyViolation", 400),
    Why.FORBIDDEN: ("Forbidden", 403),
    Why.UNKNOWN_JOB: ("TaskNotFound", 404),
    Why.TOO_LATE: ("BadRequest", 400),
    Why.BROKEN: ("InternalServiceFailure", 500),
}
_PAGE = 20
_LONGEST_PAGE = 100


class Vidu(Wire):
    prefix = provider = "vidu"
    id_field = "task_id"
    address_place = ""
    root = "/ent/v2"
    scheme = "Token"

    def route(self, call: Call) -> Route | None:
        if not call.path.startswith(f"{self.root}/"):
            return None
        rest = call.path.removeprefix(self.root)
        if call.method == "POST" and rest[1:] in _ENDPOINTS:
            return Route("submit", rest[1:])
        if call.method == "GET" and rest in {"/tasks", "/credits"}:
            return Route({"/tasks": "list", "/credits": "credits"}[rest])
        task = _TASK.fullmatch(rest)
        verbs = {("creations", "GET"): "poll", ("cancel", "POST"): "cancel"}
        verb = verbs.get((task["verb"], call.method)) if task else None
        return Route(verb, task["id"]) if task and verb else None

    def key(self, headers: Mapping[str, str]) -> str | None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        return key if scheme == self.scheme and key else None

    def body(self, call: Call) -> dict[str, Any]:
        if len(call.body) > BODY_BYTES:
            raise Refused(Why.BODY_LARGE, "the body has more than 20 MB")
        return call.document()

    def error(self, why: Why, message: str, code: str = "", status: int = 0) -> Answer:
        own_reason, own_status = _REASONS[why]
        found = status or own_status
        trace = {"trace_id": secrets.token_hex(16)}
        return document(
            found,
            {"code": found, "reason": code or own_reason, "message": message, "metadata": trace},
        )

    def new_id(self) -> str:
        return str(880_000_000_000_000_000 + secrets.randbelow(10**17))

    def accepted(self, job: Job) -> dict[str, Any]:
        values = job.values
        return {
            "task_id": job.id,
            # Whatever the endpoint: the relay's own sample says so for references.
            "type": "text2video" if job.endpoint == TEXT else "img2video",
            "state": "created",
            "model": job.model,
            "style": values.get("style") or "general",
            "prompt": job.prompt,
            "images": [f"https://images.example/{digest}" for digest in job.pictures],
            "duration": values["duration"],
            "seed": values.get("seed") or secrets.randbelow(2**31),
            "aspect_ratio": "",
            "resolution": values["resolution"],
            "movement_amplitude": values["movement_amplitude"],
            "created_at": _nanoseconds(job.accepted_at),
            "credits": int(job.price),
            "payload": values.get("payload") or "",
            "cus_priority": 0,
            "off_peak": values["off_peak"] is True,
            "watermark": values.get("watermark") is True,
            "is_rec": values.get("is_rec") is True,
            "wm_position": "unspecified",
            "wm_url": "",
            "meta_data": "",
            "bgm": values.get("bgm") is True,
            "audio": values.get("audio") is True,
        }

    def progress(self, job: Job, shown: Shown) -> dict[str, Any]:
        is_marked = job.values.get("watermark") is True
        creations = [
            {
                "id": f"{job.id}{number}",
                "url": url,
                "cover_url": f"{url.removesuffix('.mp4')}.jpg",
                "watermarked_url": url if is_marked else "",
            }
            for number, url in enumerate(shown.addresses)
        ]
        stage = Stage.FAILED if shown.stage == Stage.CANCELLED else shown.stage
        content = {
            "id": job.id,
            "state": shown.word or stage.value,
            "err_code": shown.code,
            "credits": shown.cost,
            "payload": job.values.get("payload") or "",
            "bgm": job.values.get("bgm") is True,
            "off_peak": job.values["off_peak"] is True,
            "creations": creations,
        }
        return {name: value for name, value in content.items() if value is not None}

    def other(self, route: Route, call: Call, account: str) -> Answer | None:
        verbs = {"list": self._list, "credits": self._credits, "cancel": self._cancel}
        return verbs[route.verb](route, call, account)

    def _list(self, route: Route, call: Call, account: str) -> Answer:
        """Seven days, newest first."""
        fault = self.house.fault(Moment.LIST, self.provider)
        if fault is not None and fault.name != "list_empty":
            is_page = fault.name == "list_html"
            return page(200, "Please wait") if is_page else self.error(Why.BROKEN, "try later")
        size = _number(call.query, "page_size", _PAGE)
        if not 1 <= size <= _LONGEST_PAGE:
            return self.error(Why.INVALID, f"page_size must be 1 to {_LONGEST_PAGE}")
        jobs = [] if fault is not None else self._jobs(call.query, account)
        start = _number(call.query, "page_token", 0)
        shown_jobs = jobs[start : start + size]
        tasks = [
            self.accepted(job) | {"id": job.id} | self.progress(job, shown(self.house, job))
            for job in shown_jobs
        ]
        more = start + size < len(jobs)
        return document(200, {"tasks": tasks, "next_page_token": str(start + size) if more else ""})

    def _jobs(self, query: Mapping[str, str], account: str) -> list[Job]:
        ids = set(filter(None, query.get("task_ids", "").split(",")))
        states = set(filter(None, query.get("states", "").split(",")))
        oldest = self.house.now() - 7 * DAY
        with self.house.lock:
            found = [
                job
                for job in self.house.jobs.values()
                if (job.provider, job.account) == (self.provider, account)
                and job.accepted_at >= oldest
                and (not ids or job.id in ids)
                and (not states or self.house.stage(job).value in states)
                and job.is_listed
            ]
        return sorted(found, key=lambda job: job.accepted_at, reverse=True)

    def _credits(self, route: Route, call: Call, account: str) -> Answer:
        with self.house.lock:
            active = self.house.in_flight(self.provider, account)
            now = self.house.now()
            running = sum(job.starts_at <= now for job in active)
            remains = {
                "type": "metered",
                "credit_remain": int(self.house.balance(self.provider)),
                "concurrency_limit": self.house.settings.in_flight[self.provider],
                "current_concurrency": running,
                "queue_count": len(active) - running,
            }
        return document(200, {"remains": [remains], "packages": []})

    def _cancel(self, route: Route, call: Call, account: str) -> Answer:
        """Only what still waits can be stopped, unless a fault says otherwise."""
        house = self.house
        try:
            said = json.loads(call.body)
        except ValueError:
            said = None
        if said != {"id": route.what}:
            return self.error(Why.LACKING, "id must be the task's")
        with house.lock:
            job = house.jobs.get(route.what)
            if job is None or (job.provider, job.account) != (self.provider, account):
                return self.error(Why.UNKNOWN_JOB, "task not found")
            fault = job.fault(Moment.CANCEL) or house.fault(Moment.CANCEL, self.provider)
            stage = house.stage(job)
            waits = stage in {Stage.CREATED, Stage.QUEUEING}
            if fault is not None and fault.name == "cancel_ok":
                waits = waits or stage == Stage.PROCESSING
            elif fault is not None and fault.name == "cancel_too_late":
                waits = False
            is_broken = fault is not None and fault.name in {"cancel_500", "cancel_hang"}
            if waits and (not is_broken or (fault and fault.word("done", "no") == "yes")):
                job.cancelled_at = house.now()
                house.save(job)
        if fault is not None and fault.name == "cancel_hang":
            return Answer(200, b"{}", hang=fault.number("seconds", 600))
        if is_broken:
            return self.error(Why.BROKEN, "try later")
        if waits:
            return document(200, {})
        return self.error(Why.TOO_LATE, f"task state is {stage.value}, can not cancel")


class Relay(Vidu):
    """Its own errors are not documented; those of such gateways look like this."""

    prefix = provider = "relay"
    root = "/vidu/v2"
    scheme = "Bearer"

    def route(self, call: Call) -> Route | None:
        """References and polls, and nothing else."""
        found = super().route(call)
        is_known = found is not None and (found.verb == "poll" or found.what == REFERENCE)
        return found if is_known else None

    def error(self, why: Why, message: str, code: str = "", status: int = 0) -> Answer:
        own = {
            Why.KEY_MISSING: ("invalid_token", 401),
            Why.KEY_WRONG: ("invalid_token", 401),
            Why.NO_MONEY: ("insufficient_user_quota", 403),
            Why.BUSY: ("rate_limit_exceeded", 429),
        }.get(why)
        if own is None:
            return super().error(why, message, code, status)
        content = {"message": message, "type": "gateway_error", "code": code or own[0]}
        return document(status or own[1], {"error": content})


def _number(query: Mapping[str, str], name: str, otherwise: int) -> int:
    """Also under its longer name, `pager.page_size`; 0 where it is no number."""
    given = query.get(name) or query.get(f"pager.{name}") or str(otherwise)
    return int(given) if given.isdigit() else 0


def _nanoseconds(at: float) -> str:
    """Nine digits behind the second, as Vidu writes them."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}088Z"
