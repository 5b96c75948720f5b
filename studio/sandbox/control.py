"""The hidden door: faults to come, the journal, the requests, the clock. Needs no key."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from studio.sandbox.answers import Answer, document
from studio.sandbox.faults import MOMENTS, OF_A_JOB, UnknownFault, named
from studio.sandbox.house import House
from studio.sandbox.jobs import Job
from studio.sandbox.rules.sold import PROVIDERS


class _Wrong(Exception):
    """What the caller must mend."""


class Control:
    def __init__(self, house: House, bases: Callable[[], Mapping[str, str]]) -> None:
        self._house = house
        self._bases = bases

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        doors: Mapping[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "/control/journal"): self._journal,
            ("GET", "/control/requests"): self._requests,
            ("GET", "/control/faults"): lambda _: {n: str(m) for n, m in sorted(MOMENTS.items())},
            ("GET", "/control/bases"): lambda _: self._bases(),
            ("POST", "/control/next"): self._next,
            ("POST", "/control/set"): self._set,
            ("POST", "/control/reset"): self._reset,
        }
        door = doors.get((method, path))
        if door is None:
            return document(404, {"error": "no such door", "doors": [" ".join(d) for d in doors]})
        try:
            content = json.loads(body or b"{}")
            if not isinstance(content, dict):
                raise _Wrong("the body must be an object")
            return document(200, door(content))
        except (ValueError, TypeError, InvalidOperation, UnknownFault, _Wrong) as error:
            return document(400, {"error": str(error)})

    def _journal(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        """What was taken and what it cost: the oracle of every test about money."""
        with self._house.lock:
            return [self._entry(job) for job in self._house.jobs.values()]

    def _entry(self, job: Job) -> dict[str, Any]:
        charged = job.charged(self._house.now())
        return {
            "id": job.id,
            "provider": job.provider,
            "model": job.model,
            "endpoint": job.endpoint,
            "reference": job.reference,
            "prompt": job.prompt,
            "values": job.values,
            "pictures": job.pictures,
            "clip": job.clip.name,
            "state": self._house.stage(job).value,
            "price": str(job.price),
            "charged": str(charged),
            "unit": job.unit,
            "at": job.accepted_at,
            "polls": job.polls,
            "told": job.told,
            "faults": [fault.name for fault in job.faults],
        }

    def _requests(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        with self._house.lock:
            return list(self._house.requests)

    def _next(self, content: dict[str, Any]) -> dict[str, Any]:
        """`{"provider" or "job", "fault", "times", …options}`."""
        job_id = content.pop("job", None)
        provider = content.pop("provider", None)
        name, times = str(content.pop("fault", "")), content.pop("times", None)
        with self._house.lock:
            if job_id is not None:
                return self._tie(str(job_id), name, times, content)
            if provider not in PROVIDERS:
                raise _Wrong(f"provider must be one of {', '.join(PROVIDERS)}")
            fault = named(name, content, 1 if times is None else int(times))
            self._house.queues[provider].append(fault)
            return {"queued": fault.document(), "moment": str(fault.moment)}

    def _tie(
        self, job_id: str, name: str, times: Any, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        job = self._house.jobs.get(job_id)
        if job is None:
            raise _Wrong(f"no job is called {job_id}")
        fault = named(name, options, -1 if times is None else int(times))
        if fault.moment in OF_A_JOB:
            job.faults = [kept for kept in job.faults if kept.moment != fault.moment]
        job.faults.append(fault)
        self._house.save(job)
        return {"tied": fault.document(), "moment": str(fault.moment)}

    def _set(self, content: dict[str, Any]) -> dict[str, Any]:
        """`seconds`, `ahead`, `callbacks_to`; `in_flight` and `balance` by provider."""
        settings = self._house.settings
        with self._house.lock:
            for name, value in content.items():
                if name in {"seconds", "ahead"}:
                    setattr(settings, name, float(value))
                elif name == "callbacks_to":
                    settings.callbacks_to = str(value)
                elif name == "in_flight":
                    settings.in_flight |= {self._known(p): int(n) for p, n in value.items()}
                elif name == "balance":
                    changed = {self._known(p): Decimal(str(n)) for p, n in value.items()}
                    settings.balance |= changed
                else:
                    raise _Wrong(f"{name} cannot be set")
        return {"set": sorted(content)}

    def _known(self, provider: str) -> str:
        if provider not in PROVIDERS:
            raise _Wrong(f"provider must be one of {', '.join(PROVIDERS)}")
        return provider

    def _reset(self, _: dict[str, Any]) -> dict[str, Any]:
        self._house.reset()
        return {"reset": True}
