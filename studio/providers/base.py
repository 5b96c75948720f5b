"""What every provider speaks of, as frozen values. Pure Python: no Django, no Celery.

An adapter turns a job into a `Request` and a `Reply` into a `Ticket` or `Progress`; it opens
nothing. Whoever carries requests is `studio.providers.door`; who decides when is the engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from studio.catalogue.specs import Mode, ModelSpec, Value


@dataclass(frozen=True)
class Picture:
    """A clean picture on this machine. `role` is start, end or reference."""

    role: str
    path: Path


@dataclass(frozen=True)
class Job:
    """One clip to be made, complete: `parameters` in the vendor's own spelling.

    `uid` is our own reference (of the attempt; 32 hexadecimal digits), never used twice;
    `person` an opaque one of who ordered. `callback_url` empty: we are not to be called.
    """

    uid: str
    spec: ModelSpec
    mode: Mode
    prompt: str
    parameters: Mapping[str, Value]
    pictures: tuple[Picture, ...] = ()
    person: str = ""
    callback_url: str = ""


@dataclass(frozen=True)
class Access:
    """How to be let in: the address before every path, the key, and what a relay may change.

    `options` holds a relay's own words ("scheme", "submit_path", "poll_path"); empty elsewhere.
    """

    base_url: str
    key: str
    options: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Access({self.base_url!r})"


@dataclass(frozen=True)
class Request:
    """One call: `url` is whole. `headers` carry the key, so they are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Reply:
    """What came back, whole and within the door's byte cap. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Ticket:
    """The provider took the job; `remote_id` is how it calls it, as a string.

    `quoted` is what it says the job costs, in `unit` (a currency or `CREDITS`); None: unsaid.
    """

    remote_id: str
    quoted: Decimal | None = None
    unit: str = ""


class Stage(StrEnum):
    WAITING = "waiting"  # in the provider's own line
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"  # cancelled there, by us or by hand
    # A word that we do not know: nothing follows from it.
    MYSTERY = "mystery"


@dataclass(frozen=True)
class Complaint:
    """Why the provider says that a job failed; `code` in its own words, "" where it has none."""

    code: str
    message: str
    kind: "Kind"


class Kind(StrEnum):
    """What a fault is about, which is what a person reads of it (`generations.complaints`)."""

    PARAMETER = "parameter"
    PICTURE = "picture"
    CONTENT = "content"
    KEY = "key"
    BALANCE = "balance"
    PERMISSION = "permission"
    MODEL = "model"
    BUSY = "busy"
    QUOTA = "quota"
    PROVIDER = "provider"
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Progress:
    """What a poll says.

    `share` 0..1 or None. `links` are the finished files' addresses, the first is shown; DONE
    without any is a provider that has finished and not yet told where. `link_seconds` is how
    long they live from now; None: not stated here (the catalogue says). `charged` in `unit`
    where it is stated; `charge_unclear` where a charge is stated that cannot be one.
    """

    stage: Stage
    share: float | None = None
    links: tuple[str, ...] = ()
    link_seconds: int | None = None
    charged: Decimal | None = None
    unit: str = ""
    charge_unclear: bool = False
    complaint: Complaint | None = None
    word: str = ""


@dataclass(frozen=True)
class Found:
    """One page of a provider's list of jobs: ours, or where to read on ("" at the end)."""

    remote_id: str = ""
    next_page: str = ""


@dataclass(frozen=True)
class Balance:
    """What is left, in `unit`, and how many jobs may be in flight where that is told."""

    left: Decimal
    unit: str
    in_flight_limit: int | None = None


@dataclass(frozen=True)
class Traits:
    """What can be relied on at a provider. Everything is False until it was measured."""

    # Costs nothing: no hold, no ledger row, no approval.
    free: bool = False
    # May simply be done again when its maker dies: the outcome is never unknown.
    repeatable: bool = False
    # Can stop what is under way.
    can_cancel: bool = False
    # Can say whether it took a job whose reply was lost.
    lookup: bool = False
    # States that a failed job costs nothing.
    failed_is_free: bool = False
    # Can be told to call us.
    calls_back: bool = False
    # Tells what is left on the account.
    tells_balance: bool = False


class Adapter(Protocol):
    """One provider's wire: pure encode and decode.

    Every `read_…` raises one of the branches of `studio.providers.errors`, nothing else.
    """

    def submit(self, job: Job, access: Access) -> Request:
        """Writes the pictures into the body, which takes a while and memory for large ones.

        Raises `Refused` where a picture cannot be made light enough, OSError where its file is
        not there or no picture: nothing has been sent then.
        """
        ...

    def read_submit(self, reply: Reply) -> Ticket: ...

    def poll(self, remote_id: str, access: Access) -> Request: ...

    def read_poll(self, reply: Reply) -> Progress: ...

    def cancel(self, remote_id: str, access: Access) -> Request:
        """Only where `Traits.can_cancel`."""
        ...

    def read_cancel(self, reply: Reply) -> bool:
        """True: it will be stopped. False: the provider says that it is too late."""
        ...

    def find(self, uid: str, access: Access, page: str = "") -> Request:
        """Only where `Traits.lookup`: a page of the list in which the job `uid` would stand."""
        ...

    def read_find(self, reply: Reply, uid: str) -> Found: ...

    def balance(self, access: Access) -> Request:
        """Only where `Traits.tells_balance`. Free, so it also proves a key."""
        ...

    def read_balance(self, reply: Reply) -> Balance: ...
