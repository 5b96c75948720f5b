"""What the fake vendors know: their jobs, their customers' keys and money, the faults to come."""

import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from threading import Event, RLock
from typing import Any

from studio.sandbox import jobs as job_book
from studio.sandbox.calls import Call
from studio.sandbox.faults import OF_A_JOB, Fault, Moment, take
from studio.sandbox.jobs import Job, Link, Stage
from studio.sandbox.refusals import Refused, Why
from studio.sandbox.render import Studio
from studio.sandbox.rules.model import Wish
from studio.sandbox.rules.sold import PROVIDERS
from studio.sandbox.spoiling import spoilt
from studio.sandbox.store import Store

DAY, HOUR = 86_400, 3_600
# Jobs in flight per key; beyond it Z.ai (per model) and BigModel refuse, the others let wait.
IN_FLIGHT = {"zai": 5, "bigmodel": 5, "jiekou": 0, "vidu": 5, "relay": 5}
REFUSES_BEYOND = frozenset({"zai", "bigmodel"})
LINK_LIFE = {"zai": DAY, "bigmodel": DAY, "jiekou": HOUR, "vidu": DAY, "relay": DAY}
RICH = Decimal(1_000_000)
_KEPT_REQUESTS = 20_000


@dataclass
class Settings:
    """What `POST /control/set` changes. `ahead` moves the sandbox's clock, in seconds."""

    seconds: float
    in_flight: dict[str, int] = field(default_factory=lambda: dict(IN_FLIGHT))
    balance: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PROVIDERS, RICH))
    ahead: float = 0
    # Where callbacks go instead of to the host they name, which must be a public one.
    callbacks_to: str = ""


class House:
    """Everything behind the wires. Threads share it: whoever changes it holds `lock`."""

    def __init__(self, folder: Path, keys: list[str], seconds: float) -> None:
        self.keys = keys
        self.lock = RLock()
        self.stopping = Event()
        self.address = ""
        self.settings = Settings(seconds)
        self.store = Store(folder / "book.sqlite3")
        self.studio = Studio(folder / "clips")
        self.jobs: dict[str, Job] = {}
        self.links: dict[str, tuple[Job, Link]] = {}
        self.queues: dict[str, list[Fault]] = {name: [] for name in PROVIDERS}
        self.requests: deque[dict[str, Any]] = deque(maxlen=_KEPT_REQUESTS)
        self._count = 0
        self._asked: Counter[tuple[str, str]] = Counter()
        self._recall()

    # ── Time and memory ───────────────────────────────────────────────────────────────────────

    def now(self) -> float:
        return time.time() + self.settings.ahead

    def save(self, job: Job) -> None:
        self.store.keep("job", job.id, job.document())

    def _recall(self) -> None:
        found = sorted(map(job_book.read, self.store.all("job")), key=lambda job: job.accepted_at)
        for job in found:
            self.jobs[job.id] = job
            self.links |= {link.token: (job, link) for link in job.links}
        self.requests.extend(sorted(self.store.all("request"), key=lambda entry: entry["number"]))
        self._count = max((entry["number"] for entry in self.requests), default=0)

    def reset(self) -> None:
        """As new: no jobs, no faults, full accounts, the clock right."""
        with self.lock:
            self.store.clear()
            for kept in (self.jobs, self.links, self.requests, self._asked):
                kept.clear()
            for queue in self.queues.values():
                queue.clear()
            self.settings = Settings(self.settings.seconds)

    def note(self, call: Call, status: int) -> None:
        """Write a request into the book. Submits survive a restart, polls do not."""
        with self.lock:
            self._count += 1
            entry = call.entry() | {"number": self._count, "at": self.now(), "status": status}
            self.requests.append(entry)
        if call.method == "POST":
            self.store.keep("request", str(entry["number"]), entry)

    # ── Faults ────────────────────────────────────────────────────────────────────────────────

    def fault(self, moment: Moment, provider: str, job: Job | None = None) -> Fault | None:
        """The fault that shows now: the job's own before those queued for the provider."""
        with self.lock:
            found = take(job.faults, moment) if job else None
            if found is not None and job is not None:
                self.save(job)
            return found or take(self.queues[provider], moment)

    def submit_fault(self, provider: str, wanted: list[Fault]) -> Fault | None:
        """One that a prompt asks for, as often as it wants; else one queued for the provider."""
        with self.lock:
            for fault in wanted:
                if fault.moment == Moment.SUBMIT and self._is_due(provider, fault):
                    return fault
            return take(self.queues[provider], Moment.SUBMIT)

    def _is_due(self, provider: str, fault: Fault) -> bool:
        """`[sandbox:429 times=2]` turns the same wish away twice and then takes it."""
        if fault.left < 0:
            return True
        key = (provider, str(fault.document()))
        self._asked[key] += 1
        return self._asked[key] <= fault.left

    def _tie(self, provider: str, wanted: list[Fault]) -> list[Fault]:
        """All that a new job carries from now on."""
        tied = [fault for fault in wanted if fault.moment != Moment.SUBMIT]
        for moment in sorted(OF_A_JOB):
            fault = take(self.queues[provider], moment)
            if fault is not None:
                tied.append(Fault(fault.name, dict(fault.options)))
        return tied

    # ── Jobs ──────────────────────────────────────────────────────────────────────────────────

    def accept(
        self, call: Call, wish: Wish, account: str, wanted: list[Fault], make_id: Callable[[], str]
    ) -> Job:
        """Take the job, or raise Refused: told before, too many, no money."""
        with self.lock:
            reference = str(wish.values.get("request_id") or wish.values.get("payload") or "")
            self._check_repeated(call.provider, wish, account)
            self._check_money(call.provider, wish)
            now = self.now()
            faults = self._tie(call.provider, wanted)
            starts_at, done_at = self._times(call.provider, wish, account, faults, now)
            hidden = {wish.model.pictures.field} if wish.model.pictures else set()
            job = Job(
                id=make_id(),
                provider=call.provider,
                model=wish.model.name,
                endpoint=wish.model.endpoint,
                account=account,
                reference=reference,
                prompt=str(wish.values.get("prompt") or ""),
                values={key: value for key, value in wish.values.items() if key not in hidden},
                pictures=[picture.digest for picture in wish.pictures],
                clip=wish.clip,
                price=wish.price,
                unit=wish.model.unit,
                accepted_at=now,
                starts_at=starts_at,
                done_at=done_at,
                callback_url=str(wish.values.get("callback_url") or ""),
                faults=faults,
            )
            self._spoil_clip(job)
            self.jobs[job.id] = job
            self.save(job)
        self.studio.is_ready(job.clip)
        return job

    def _check_repeated(self, provider: str, wish: Wish, account: str) -> None:
        wanted = wish.values.get("request_id")
        if wanted and any(
            job.reference == wanted and job.provider == provider and job.account == account
            for job in self.jobs.values()
        ):
            raise Refused(Why.REPEATED, f"you already have a request: {wanted}")

    def _check_money(self, provider: str, wish: Wish) -> None:
        if self.balance(provider) < wish.price:
            raise Refused(Why.NO_MONEY, "insufficient balance, please recharge")

    def balance(self, provider: str) -> Decimal:
        now = self.now()
        spent = [job.charged(now) for job in self.jobs.values() if job.provider == provider]
        return self.settings.balance[provider] - sum(spent, Decimal(0))

    def _times(
        self, provider: str, wish: Wish, account: str, faults: list[Fault], now: float
    ) -> tuple[float, float]:
        """When it starts and when it is done. Raises Refused where there is no seat."""
        limit = self.settings.in_flight[provider]
        ends = sorted(job.done_at for job in self.in_flight(provider, account, wish))
        seconds = self.settings.seconds
        starts_at = now + seconds / 4
        if limit and len(ends) >= limit:
            if provider in REFUSES_BEYOND:
                raise Refused(Why.BUSY, f"{limit} tasks are in flight already")
            starts_at = max(starts_at, ends[len(ends) - limit])
        pace = next((fault for fault in faults if fault.moment == Moment.PACE), None)
        if pace is not None and pace.name == "queueing":
            starts_at += pace.number("seconds", 5)
        elif pace is not None:
            seconds = pace.number("seconds", 60)
        return starts_at, starts_at + seconds * 3 / 4

    def in_flight(self, provider: str, account: str, wish: Wish | None = None) -> list[Job]:
        """The jobs of a key that are not done. Z.ai counts each model by itself."""
        return [
            job
            for job in self.jobs.values()
            if (job.provider, job.account) == (provider, account)
            and self.stage(job) in {Stage.CREATED, Stage.QUEUEING, Stage.PROCESSING}
            and (provider != "zai" or wish is None or job.model == wish.model.name)
        ]

    def stage(self, job: Job) -> Stage:
        now = self.now()
        is_due = now >= job.done_at and not job.cancelled_at and not job.fails
        return job.stage(now, not is_due or self.studio.is_ready(job.clip))

    def _spoil_clip(self, job: Job) -> None:
        fault = job.fault(Moment.CLIP)
        if fault is not None:
            job.clip = spoilt(job.clip, fault)

    # ── Links ─────────────────────────────────────────────────────────────────────────────────

    def addresses(self, job: Job) -> list[str]:
        """Where the finished clips are; made at the first poll, and anew when one is gone."""
        outcome = job.fault(Moment.OUTCOME)
        count = 2 if outcome is not None and outcome.name == "two_urls" else 1
        with self.lock:
            links = [self._link(job, number) for number in range(count)]
        return [f"{self._host(job)}/files/{link.token}.mp4" for link in links]

    def _link(self, job: Job, number: int) -> Link:
        fault = job.fault(Moment.LINK)
        is_dead = fault is not None and fault.name == "link_dead"
        mine = [link for link in job.links if link.number == number]
        found = next((link for link in mine if is_dead or not link.is_gone), None)
        if found is None:
            made_at = self.now() if mine else job.done_at
            found = Link(secrets.token_urlsafe(18), made_at, number, is_gone=is_dead)
            job.links.append(found)
            self.links[found.token] = (job, found)
            self.save(job)
        return found

    def _host(self, job: Job) -> str:
        fault = job.fault(Moment.LINK)
        if fault is None or fault.name != "other_host":
            return self.address
        host = fault.word("host", "localhost")
        if "://" in host:
            return host
        port = self.address.rpartition(":")[2]
        return f"http://{host}" if ":" in host else f"http://{host}:{port}"

    def is_dead(self, job: Job, link: Link) -> bool:
        fault = job.fault(Moment.LINK)
        life: float = LINK_LIFE[job.provider]
        if fault is not None and fault.name == "short_life":
            life = fault.number("seconds", 2)
        return link.is_gone or self.now() > link.made_at + life

    def close(self) -> None:
        self.stopping.set()
        self.studio.close()
        self.store.close()
