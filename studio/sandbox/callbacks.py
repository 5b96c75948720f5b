"""Vidu calls back: on processing, success and failed, signed, three tries for the last two.

Only this machine is called. A callback_url names a public host, so the studio's own address is
told beforehand (`POST /control/set {"callbacks_to": …}`); without it nothing is sent.
"""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

from studio.sandbox.faults import Fault, Moment
from studio.sandbox.house import House
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.wires.shown import shown
from studio.sandbox.wires.vidu import Vidu

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
TRIES = 3
_LOOK_EVERY = 0.05
_PAUSE = 0.2
_SIGNED = ("Date", "x-request-nonce")


def signature(key: str, method: str, path: str, query: str, signed: Mapping[str, str]) -> str:
    """Over method, path, query, the word vidu, the date, and each signed header as name:value."""
    lines = [method, path or "/", query, "vidu", signed["Date"]]
    lines += [f"{name}:{value}" for name, value in signed.items()]
    text = "".join(f"{line}\n" for line in lines)
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def headers(key: str, path: str, query: str, fault: Fault | None, now: float) -> dict[str, str]:
    name = fault.name if fault is not None else ""
    at = now - 86_400 if name == "callback_stale" else now
    signed = {"Date": formatdate(at, usegmt=True), "x-request-nonce": secrets.token_hex(16)}
    signer = f"{key}?" if name == "callback_bad_signature" else key
    return {
        "Content-Type": "application/json",
        **signed,
        "X-HMAC-SIGNED-HEADERS": ";".join(_SIGNED),
        "X-HMAC-ALGORITHM": "hmac-sha256",
        "X-HMAC-ACCESS-KEY": "vidu",
        "X-HMAC-SIGNATURE": signature(signer, "POST", path, query, signed),
    }


class Callbacks:
    """A thread that looks at the jobs and calls when their stage changes."""

    def __init__(self, house: House, wires: Mapping[str, Vidu]) -> None:
        self._house = house
        self._wires = wires
        self._thread = Thread(target=self._watch, name="callbacks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def before_the_reply(self, job: Job) -> None:
        fault = job.fault(Moment.CALLBACK)
        if fault is not None and fault.name == "callback_first":
            self._tell(job, Stage.PROCESSING, fault)

    def _watch(self) -> None:
        while not self._house.stopping.wait(_LOOK_EVERY):
            with self._house.lock:
                waiting = [job for job in self._house.jobs.values() if self._is_waiting(job)]
            for job in waiting:
                self._look(job)

    def _is_waiting(self, job: Job) -> bool:
        return bool(job.callback_url) and "end" not in job.told and job.provider in self._wires

    def _look(self, job: Job) -> None:
        with self._house.lock:
            stage = self._house.stage(job)
        fault = job.fault(Moment.CALLBACK)
        name = fault.name if fault is not None else ""
        is_over = stage in {Stage.SUCCESS, Stage.FAILED, Stage.CANCELLED}
        if name == "callback_never":
            return
        if is_over:
            for told in self._last(stage, name):
                self._tell(job, told, fault)
            self._remember(job, "end")
        elif (
            stage == Stage.PROCESSING
            and "processing" not in job.told
            and name != ("callback_shuffled")
        ):
            self._tell(job, Stage.PROCESSING, fault)

    def _last(self, stage: Stage, fault: str) -> list[Stage]:
        if fault == "callback_duplicate":
            return [stage] * 3
        return [stage, Stage.PROCESSING] if fault == "callback_shuffled" else [stage]

    def _tell(self, job: Job, stage: Stage, fault: Fault | None) -> None:
        self._remember(job, stage.value)
        body = self._body(job, stage, fault)
        tries = 1 if stage == Stage.PROCESSING else TRIES
        for _ in range(tries):
            if self._send(job, body, fault):
                return
            self._house.stopping.wait(_PAUSE)

    def _remember(self, job: Job, what: str) -> None:
        with self._house.lock:
            job.told.append(what)
            self._house.save(job)

    def _body(self, job: Job, stage: Stage, fault: Fault | None) -> bytes:
        found = replace(shown(self._house, job), stage=stage)
        if stage == Stage.PROCESSING:
            found = replace(found, addresses=())
        content: dict[str, Any] = self._wires[job.provider].progress(job, found)
        if fault is not None and fault.name == "callback_status":
            content["status"] = content.pop("state")
        if fault is not None and fault.name == "callback_unknown":
            content["id"] = secrets.token_hex(8)
        return json.dumps(content).encode()

    def _send(self, job: Job, body: bytes, fault: Fault | None) -> bool:
        """True when the receiver said 2xx, or when there is nobody to be called."""
        parts = self._target(job)
        if parts is None:
            return True
        key = next((key for key in self._house.keys if _mark(key) == job.account), "")
        sent = headers(key, parts.path, parts.query, fault, self._house.now())
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=10)
        try:
            connection.request("POST", target, body, sent)
            return connection.getresponse().status // 100 == 2
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _target(self, job: Job) -> SplitResult | None:
        """The callback's own path and query, on this machine."""
        parts = urlsplit(job.callback_url)
        if self._house.settings.callbacks_to:
            here = urlsplit(self._house.settings.callbacks_to)
            parts = parts._replace(scheme="http", netloc=here.netloc)
        return parts if parts.hostname in HERE and parts.scheme == "http" else None


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
