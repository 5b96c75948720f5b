"""A job that a vendor took: what becomes of it follows from the time and from its faults."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from studio.sandbox.clips import Clip
from studio.sandbox.faults import Fault, Moment

_FAILING = {"fail_free", "fail_billed", "fail_silent", "fail_moderation"}


class Stage(StrEnum):
    CREATED = "created"
    QUEUEING = "queueing"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class Link:
    """One address of a finished clip. `number` is which of the job's files it leads to."""

    token: str
    made_at: float
    number: int = 0
    is_gone: bool = False


@dataclass
class Job:
    """Times in seconds since 1970, by the sandbox's clock; `price` in `unit`."""

    id: str
    provider: str
    model: str
    endpoint: str
    # Which key took it, and what the caller calls it.
    account: str
    reference: str
    prompt: str
    values: dict[str, Any]
    pictures: list[str]
    clip: Clip
    price: Decimal
    unit: str
    accepted_at: float
    starts_at: float
    done_at: float
    callback_url: str = ""
    cancelled_at: float = 0
    faults: list[Fault] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    polls: int = 0
    told: list[str] = field(default_factory=list)

    def fault(self, moment: Moment) -> Fault | None:
        """The one that stays with this job at that moment."""
        return next((fault for fault in self.faults if fault.moment == moment), None)

    def stage(self, now: float, is_rendered: bool = True) -> Stage:
        if self.cancelled_at:
            return Stage.CANCELLED
        if now >= self.done_at and (is_rendered or self.fails):
            return Stage.FAILED if self.fails else Stage.SUCCESS
        if now >= self.starts_at:
            return Stage.PROCESSING
        waits_long = self.starts_at - self.accepted_at > self.done_at - self.starts_at
        return Stage.QUEUEING if waits_long else Stage.CREATED

    @property
    def fails(self) -> bool:
        outcome = self.fault(Moment.OUTCOME)
        return outcome is not None and outcome.name in _FAILING

    @property
    def is_listed(self) -> bool:
        outcome = self.fault(Moment.OUTCOME)
        return outcome is None or outcome.name != "forget"

    def final_price(self) -> Decimal:
        """What it costs if it costs anything."""
        fault = self.fault(Moment.PRICE)
        if fault is None or fault.name == "weird_cost":
            return self.price
        factor = fault.number("factor", 0.5 if fault.name == "cheaper" else 1.5)
        return (self.price * Decimal(str(factor))).normalize()

    def charged(self, now: float) -> Decimal:
        """What the vendor has taken by now."""
        if self.cancelled_at or now < self.done_at:
            return Decimal(0)
        outcome = self.fault(Moment.OUTCOME)
        if outcome is None or not self.fails or outcome.name == "fail_billed":
            return self.final_price()
        if outcome.name == "fail_silent" and outcome.word("charged", "no") == "yes":
            return self.final_price()
        return Decimal(0)

    def document(self) -> dict[str, Any]:
        clip = asdict(self.clip) | {"seconds": str(self.clip.seconds)}
        return asdict(self) | {"price": str(self.price), "clip": clip}


def read(content: dict[str, Any]) -> Job:
    """A job out of what `document` said."""
    clip = content["clip"] | {"seconds": Fraction(content["clip"]["seconds"])}
    return Job(
        **content
        | {
            "clip": Clip(**clip),
            "price": Decimal(content["price"]),
            "faults": [Fault(**fault) for fault in content["faults"]],
            "links": [Link(**link) for link in content["links"]],
        }
    )
