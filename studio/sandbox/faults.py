"""Every way to misbehave, by the moment at which it shows, and who asked for it.

A fault is asked for ahead (`POST /control/next`), for one job (the same with "job"), or by the
person who writes a prompt: `[sandbox:429 retry_after=120]`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

ALWAYS = -1
_MARKER = re.compile(r"\[sandbox:(?P<name>[\w.-]+)(?P<options>(?:\s+\w+=[^\s\]]+)*)\s*\]")


class Moment(StrEnum):
    # Of the submit: before a job is made, or after it, when only the answer is spoilt.
    SUBMIT = "submit"
    POLL = "poll"
    LIST = "list"
    DOWNLOAD = "download"
    # Of a job, from its submit on.
    PACE = "pace"
    OUTCOME = "outcome"
    PRICE = "price"
    CLIP = "clip"
    LINK = "link"
    CANCEL = "cancel"
    CALLBACK = "callback"


# Those of a job are tied to it when it is submitted, and stay.
OF_A_JOB = frozenset(
    {Moment.PACE, Moment.OUTCOME, Moment.PRICE, Moment.CLIP}
    | {Moment.LINK, Moment.CANCEL, Moment.CALLBACK}
)

_BY_MOMENT: Mapping[Moment, str] = {
    Moment.SUBMIT: (
        "accept_then_hang reset_after_body reset_before_accept drip html_200 plain_404 no_id "
        "null_id zero_id list_id number_id dup_id hostile_json soft_429 bad_param 401 403 402 "
        "429_no_money 429 500 502 503 504 520 500_after_accept 502_after_accept "
        "503_after_accept 504_after_accept 503_before_accept redirect moderation "
        "duplicate_request refuse"
    ),
    Moment.POLL: (
        "eventual_404 poll_401 poll_404 poll_429 poll_500 poll_502 poll_html poll_garbage "
        "poll_hang poll_reset poll_drip poll_no_money status regress"
    ),
    Moment.LIST: "list_500 list_empty list_html",
    Moment.PACE: "late queueing",
    Moment.OUTCOME: (
        "no_url two_urls fail_free fail_billed fail_silent fail_moderation flip forget"
    ),
    Moment.PRICE: "cheaper dearer weird_cost",
    Moment.CLIP: "other_length other_shape other_fps other_sound",
    Moment.LINK: "other_host link_dead short_life",
    Moment.CANCEL: "cancel_ok cancel_too_late cancel_500 cancel_hang",
    Moment.CALLBACK: (
        "callback_duplicate callback_shuffled callback_bad_signature callback_first "
        "callback_status callback_stale callback_never callback_unknown"
    ),
    Moment.DOWNLOAD: (
        "link_gone_once gone redirect_download redirect_private no_range etag_flip weak_etag "
        "bad_range short_length no_length_cut long_body bad_length cut html_mp4 png_mp4 "
        "empty half_faststart flip_byte endless slow gzip_bomb download_500 "
        "download_503 download_hang"
    ),
}
MOMENTS = {name: moment for moment, names in _BY_MOMENT.items() for name in names.split()}
ALIASES = {
    "half": "half_faststart",
    "byte_flip": "flip_byte",
    "mystery": "status",
    "unauthorized": "401",
    "no_money": "429_no_money",
    "busy": "429",
    "webhook_first": "callback_first",
    "callbacks_shuffled": "callback_shuffled",
    "too_late": "cancel_too_late",
}
# In a prompt nobody counts: these pass by themselves, all others stay.
_PASSING = {"eventual_404": 3, "regress": 2, "link_gone_once": 1, "status": 2}


class UnknownFault(Exception):
    """No fault of that name; the message lists those there are."""


@dataclass
class Fault:
    """`left` more times, or ALWAYS."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    left: int = ALWAYS

    @property
    def moment(self) -> Moment:
        return MOMENTS[self.name]

    def number(self, option: str, otherwise: float) -> float:
        """An option as a number; what is no number counts as not given."""
        try:
            return float(self.options[option])
        except (KeyError, ValueError):
            return otherwise

    def word(self, option: str, otherwise: str) -> str:
        return self.options.get(option, otherwise)

    def document(self) -> dict[str, Any]:
        return asdict(self)


def named(name: str, options: Mapping[str, Any], left: int) -> Fault:
    """Raises UnknownFault."""
    exact = ALIASES.get(name, name)
    if exact not in MOMENTS:
        raise UnknownFault(f"no fault is called {name}; there are {', '.join(sorted(MOMENTS))}")
    return Fault(exact, {key: str(value) for key, value in options.items()}, left)


def in_prompt(prompt: str) -> list[Fault]:
    """The faults that a prompt asks for. Raises UnknownFault."""
    found = []
    for marker in _MARKER.finditer(prompt):
        options = dict(option.split("=", 1) for option in marker["options"].split())
        times = options.pop("times", "")
        exact = ALIASES.get(marker["name"], marker["name"])
        left = int(times) if times.isdigit() else _PASSING.get(exact, ALWAYS)
        found.append(named(marker["name"], options, left))
    return found


def take(queue: Iterable[Fault], moment: Moment) -> Fault | None:
    """The first of this moment that has not been used up; one use of it is gone then."""
    for fault in queue:
        if fault.moment == moment and fault.left != 0:
            if fault.left > 0:
                fault.left -= 1
            return fault
    return None
