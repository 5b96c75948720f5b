"""The faults of answers: what a vendor says instead of the truth, and how it fails to say it."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from studio.sandbox.answers import Answer, document, page, silence
from studio.sandbox.calls import Call
from studio.sandbox.faults import Fault
from studio.sandbox.jobs import Job
from studio.sandbox.refusals import Why
from studio.sandbox.wires.wire import Wire

HANG = 600.0
# Those after which a job exists although the answer does not say so.
_TAKING = frozenset(
    {"accept_then_hang", "reset_after_body", "drip", "html_200", "no_id", "null_id", "zero_id"}
    | {"list_id", "number_id", "dup_id", "hostile_json", "duplicate_request", "500_after_accept"}
    | {"502_after_accept", "503_after_accept", "504_after_accept"}
)
# Said by the gateway in front, as a page.
_BY_GATEWAY = {502: "Bad Gateway", 504: "Gateway Timeout", 520: "Unknown Error"}


def takes_the_job(fault: Fault) -> bool:
    """By its nature, or as the option `accepted=yes` or `no` says."""
    said = fault.word("accepted", "")
    return said == "yes" if said else fault.name in _TAKING


def instead(wire: Wire, fault: Fault, call: Call) -> Answer:
    """The answer to a submit that was not taken."""
    if fault.name == "redirect":
        target = fault.word("to", f"/{wire.prefix}{call.path}/redirected")
        return Answer(int(fault.number("status", 307)), headers=(("Location", target),))
    return _refusal(wire, fault) or _spoilt(wire, fault, Answer(200), None)


def after(wire: Wire, fault: Fault, job: Job) -> Answer:
    """The answer to a submit that was taken."""
    honest = document(200, wire.accepted(job))
    return _refusal(wire, fault) or _spoilt(wire, fault, honest, job)


def on_poll(wire: Wire, fault: Fault, honest: Answer) -> Answer:
    name = fault.name
    if name in {"eventual_404", "poll_404"}:
        return wire.error(Why.UNKNOWN_JOB, "task not found")
    if name == "poll_401":
        return wire.error(Why.KEY_WRONG, "the key is not valid")
    if name == "poll_no_money":
        return wire.error(Why.NO_MONEY, "insufficient balance")
    if name == "poll_429":
        return _with_retry(fault, wire.error(Why.BUSY, "too many requests"))
    if name in {"poll_500", "poll_502"}:
        return _broken(wire, int(name[-3:]), fault)
    if name == "poll_html":
        return page(200, "Please wait")
    if name == "poll_garbage":
        return Answer(200, honest.body[: len(honest.body) // 2])
    if name == "poll_hang":
        return replace(honest, hang=fault.number("seconds", HANG))
    if name == "poll_drip":
        return replace(honest, drip=fault.number("delay", 1))
    return silence()


def _refusal(wire: Wire, fault: Fault) -> Answer | None:
    """The faults that are a refusal in the vendor's own shape; None for the others."""
    name = fault.name
    plain: Mapping[str, tuple[Why, str, int]] = {
        "bad_param": (Why.INVALID, "a parameter is not valid", 0),
        "401": (Why.KEY_WRONG, "the key is not valid", 0),
        "403": (Why.FORBIDDEN, "no permission for this", 0),
        "402": (Why.NO_MONEY, "insufficient balance", 402),
        "429_no_money": (Why.NO_MONEY, "insufficient balance", 0),
        "429": (Why.BUSY, "too many requests", 0),
        "soft_429": (Why.BUSY, "queued, try later", 200),
        "moderation": (Why.CONTENT, "sensitive content", 0),
        "duplicate_request": (Why.REPEATED, "you already have this request", 0),
        "refuse": (Why.INVALID, "refused", 0),
    }
    if name in plain:
        why, message, status = plain[name]
        code = fault.word("code", "")
        status = int(fault.number("status", status))
        answer = wire.error(why, fault.word("message", message), code, status)
        return _with_retry(fault, answer)
    if name[:3].isdigit():
        return _broken(wire, int(name[:3]), fault)
    return Answer(404, b"404 page not found", "text/plain") if name == "plain_404" else None


def _with_retry(fault: Fault, answer: Answer) -> Answer:
    """`retry_after` is sent as it was given, sense or none."""
    given = fault.word("retry_after", "")
    return replace(answer, headers=(("Retry-After", given),)) if given else answer


def _broken(wire: Wire, status: int, fault: Fault) -> Answer:
    if status in _BY_GATEWAY and "code" not in fault.options:
        return _with_retry(fault, page(status, _BY_GATEWAY[status]))
    answer = wire.error(Why.BROKEN, "try again later", fault.word("code", ""), status)
    return _with_retry(fault, answer)


def _spoilt(wire: Wire, fault: Fault, honest: Answer, job: Job | None) -> Answer:
    name = fault.name
    if name == "accept_then_hang":
        return replace(honest, hang=fault.number("seconds", HANG))
    if name == "drip":
        return replace(honest, drip=fault.number("delay", 1))
    if name == "html_200":
        return page(200, "Welcome")
    if name == "hostile_json":
        return hostile(honest, fault.word("variant", "duplicate_keys"), wire.id_field)
    if name in {"no_id", "null_id", "zero_id", "list_id", "number_id", "dup_id"}:
        return _other_id(wire, name, honest, job)
    return silence()


def _other_id(wire: Wire, name: str, honest: Answer, job: Job | None) -> Answer:
    content: dict[str, Any] = json.loads(honest.body or b"{}")
    own = content.pop(wire.id_field, "0")
    if name == "no_id":
        return document(200, content)
    if name == "dup_id":
        return document(200, {wire.id_field: _earlier(wire, job, str(own))} | content)
    number = int(own) if str(own).isdigit() else secrets.randbelow(10**18)
    other = {"null_id": None, "zero_id": 0, "list_id": [own], "number_id": number}[name]
    return document(200, {wire.id_field: other} | content)


def _earlier(wire: Wire, job: Job | None, own: str) -> str:
    """The id of the job before this one; its own where it is the first."""
    mine = [id for id, j in wire.house.jobs.items() if j.provider == wire.provider and j is not job]
    return mine[-1] if mine else own


def hostile(honest: Answer, variant: str, id_field: str) -> Answer:
    """JSON that hurts whoever reads it without care."""
    inside = honest.body.strip()[1:-1]
    makers: Mapping[str, Callable[[], bytes]] = {
        "duplicate_keys": lambda: b'{"%s": "1", %s}' % (id_field.encode(), inside),
        "nan": lambda: b'{"credits": NaN, %s}' % inside,
        "infinity": lambda: b'{"credits": 1e999, %s}' % inside,
        "deep": lambda: b"[" * 100_000,
        "huge": lambda: b'{"filler": "%s", %s}' % (b"x" * 50_000_000, inside),
        "long_number": lambda: b'{"credits": %s, %s}' % (b"9" * 100_000, inside),
        "cut": lambda: honest.body[: len(honest.body) // 2],
        "latin1": lambda: b'{"word": "\xe9", %s}' % inside,
        "list": lambda: b"[%s]" % honest.body,
        "empty": lambda: b"",
    }
    return replace(honest, body=makers.get(variant, makers["duplicate_keys"])())
