"""What a poll shows of a job: its stage by the time, bent by the job's own faults."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from studio.sandbox.faults import Fault, Moment
from studio.sandbox.house import House
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.wires.wire import Shown

# What a bill cannot say.
_WEIRD: dict[str, Any] = {
    "negative": -55,
    "nan": float("nan"),
    "huge": 1_000_000_000,
    "text": "fifty-five",
    "list": [55],
    "null": None,
    "fraction": 27.5,
}


def shown(house: House, job: Job) -> Shown:
    """Without faults of a single poll."""
    with house.lock:
        stage = _stage(house, job)
        found = Shown(stage, share=_share(house, job, stage), cost=_cost(job, stage))
        if stage == Stage.SUCCESS:
            return replace(found, addresses=_addresses(house, job))
    if stage == Stage.CANCELLED:
        return replace(found, code="UserCancelled", message="cancelled by the user")
    return _reasoned(job, found) if stage == Stage.FAILED else found


def _stage(house: House, job: Job) -> Stage:
    """`flip` says success and failed by turns."""
    stage = house.stage(job)
    outcome = job.fault(Moment.OUTCOME)
    if stage == Stage.SUCCESS and outcome is not None and outcome.name == "flip":
        return Stage.SUCCESS if job.polls % 2 else Stage.FAILED
    return stage


def _share(house: House, job: Job, stage: Stage) -> int:
    if stage == Stage.SUCCESS:
        return 100
    if stage != Stage.PROCESSING:
        return 0
    gone = (house.now() - job.starts_at) / max(0.001, job.done_at - job.starts_at)
    return min(99, max(0, int(gone * 100)))


def _addresses(house: House, job: Job) -> tuple[str, ...]:
    outcome = job.fault(Moment.OUTCOME)
    if outcome is None or outcome.name != "no_url":
        return tuple(house.addresses(job))
    return ("",) if outcome.word("form", "list") == "empty" else ()


def _cost(job: Job, stage: Stage) -> Any:
    """Credits, as Vidu would write them."""
    fault = job.fault(Moment.PRICE)
    if fault is not None and fault.name == "weird_cost":
        return _WEIRD.get(fault.word("value", "negative"), fault.word("value", ""))
    if stage == Stage.CANCELLED:
        return 0
    outcome = job.fault(Moment.OUTCOME)
    if stage == Stage.FAILED and outcome is not None:
        return _cost_of_failing(job, outcome)
    return _whole(job.final_price())


def _cost_of_failing(job: Job, outcome: Fault) -> int | float | None:
    if outcome.name in {"fail_billed", "flip"}:
        return _whole(job.final_price())
    return None if outcome.name == "fail_silent" else 0


def _whole(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _reasoned(job: Job, found: Shown) -> Shown:
    outcome = job.fault(Moment.OUTCOME)
    if outcome is not None and outcome.name == "fail_moderation":
        policy = "CreationPolicyViolation" if job.unit == "credits" else "1301"
        return replace(found, code=policy, message="content policy")
    own = "InternalServiceFailure" if job.unit == "credits" else ""
    code = outcome.word("code", own) if outcome is not None else own
    return replace(found, code=code, message="the generation failed")
