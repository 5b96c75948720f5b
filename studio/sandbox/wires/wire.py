"""What every wire can do; one subclass per vendor."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from studio.sandbox.answers import Answer
from studio.sandbox.calls import Call
from studio.sandbox.house import House
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.refusals import Why


@dataclass(frozen=True)
class Shown:
    """What a poll tells of a job, after its faults: `word` stands instead of the stage's own.

    `cost` is written as it is, whatever it is; None leaves it out.
    """

    stage: Stage
    addresses: tuple[str, ...] = ()
    word: str = ""
    code: str = ""
    message: str = ""
    cost: Any = None
    share: int = 0
    charged: Decimal = Decimal(0)


@dataclass(frozen=True)
class Route:
    """What a path means: "submit" at an endpoint, "poll", "cancel" of an id, "list", "credits"."""

    verb: str
    what: str = ""


class Wire(ABC):
    prefix: str
    provider: str

    def __init__(self, house: House) -> None:
        self.house = house

    @abstractmethod
    def route(self, call: Call) -> Route | None:
        """None where the vendor has no such path."""

    @abstractmethod
    def key(self, headers: Mapping[str, str]) -> str | None:
        """The key in a call; None where there is none in this vendor's scheme."""

    @abstractmethod
    def error(self, why: Why, message: str, code: str = "", status: int = 0) -> Answer:
        """A refusal in the vendor's shape; `code` and `status` over what it would say by itself."""

    @abstractmethod
    def new_id(self) -> str: ...

    @abstractmethod
    def accepted(self, job: Job) -> dict[str, Any]:
        """The answer to a submit that was taken."""

    @abstractmethod
    def progress(self, job: Job, shown: Shown) -> dict[str, Any]:
        """The answer to a poll."""

    @property
    @abstractmethod
    def id_field(self) -> str:
        """Where the id stands in `accepted`."""

    @property
    @abstractmethod
    def address_place(self) -> str:
        """The base address that a client is given, behind the host."""

    def body(self, call: Call) -> dict[str, Any]:
        """The call's object, as this vendor reads it. Raises Refused."""
        return call.document()

    def model_name(self, route: Route, body: Mapping[str, Any]) -> object:
        return body.get("model")

    def other(self, route: Route, call: Call, account: str) -> Answer | None:
        """A path that only this vendor has."""
        return None
