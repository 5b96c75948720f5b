"""One thing that a vendor sells: what it takes, what it costs, what it delivers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from studio.sandbox.clips import Clip
from studio.sandbox.refusals import Refused, Why
from studio.sandbox.rules.fields import Field
from studio.sandbox.rules.pictures import Picture, Pictures

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Conflict:
    """Values that are each allowed and not sold together."""

    holds: Callable[[Values], bool]
    message: str


@dataclass(frozen=True)
class Model:
    """`pictures` is None for words alone; `may_lack_pictures` where both are sold."""

    provider: str
    name: str
    endpoint: str
    fields: Mapping[str, Field]
    pictures: Pictures | None
    price: Callable[[Values], Decimal]
    clip: Callable[[Values, tuple[Picture, ...]], Clip]
    unit: str
    conflicts: tuple[Conflict, ...] = ()
    may_lack_pictures: bool = False

    def read(self, body: Mapping[str, Any]) -> "Wish":
        """The wish of a body, every field checked. Raises Refused at the first fault."""
        known = set(self.fields) | {"model"} | ({self.pictures.field} if self.pictures else set())
        for name in body:
            if name not in known:
                raise Refused(Why.UNWANTED, f"{name} is no field of {self.name}")
        for name, rule in self.fields.items():
            if name in body:
                rule.check(name, body[name])
            elif rule.required:
                raise Refused(Why.LACKING, f"{name} is required")
        pictures = self._pictures(body)
        values = {name: rule.default for name, rule in self.fields.items()} | dict(body)
        for conflict in self.conflicts:
            if conflict.holds(values):
                raise Refused(Why.CONFLICT, conflict.message)
        return Wish(self, values, pictures)

    def _pictures(self, body: Mapping[str, Any]) -> tuple[Picture, ...]:
        if self.pictures is None:
            return ()
        if self.pictures.field not in body:
            if self.may_lack_pictures:
                return ()
            raise Refused(Why.LACKING, f"{self.pictures.field} is required")
        return self.pictures.read(body[self.pictures.field])


@dataclass(frozen=True)
class Wish:
    """A request that the vendor would take."""

    model: Model
    values: Values
    pictures: tuple[Picture, ...]

    @property
    def price(self) -> Decimal:
        return self.model.price(self.values)

    @property
    def clip(self) -> Clip:
        return self.model.clip(self.values, self.pictures)
