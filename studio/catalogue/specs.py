"""What a model can do and costs, as frozen values. Read from TOML by `load`; no tables.

Everything that shows, checks, prices or sends a brief reads these same values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Value = str | int | bool
Values = Mapping[str, Value]


class Mode(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    START_END = "start-end"
    REFERENCE = "reference"


class Role(StrEnum):
    START = "start"
    END = "end"
    REFERENCE = "reference"


ROLES: dict[Mode, tuple[Role, ...]] = {
    Mode.TEXT: (),
    Mode.IMAGE: (Role.START,),
    Mode.START_END: (Role.START, Role.END),
    Mode.REFERENCE: (Role.REFERENCE,),
}


@dataclass(frozen=True)
class When:
    """True when each named parameter has one of the listed values. Empty: always."""

    values: tuple[tuple[str, tuple[Value, ...]], ...] = ()

    def holds(self, given: Values) -> bool:
        return all(given.get(name) in allowed for name, allowed in self.values)


@dataclass(frozen=True)
class Limit:
    """While `when` holds, the parameter takes only `allowed`; `reason` says why to a person."""

    when: When
    allowed: tuple[Value, ...]
    reason: str = ""


@dataclass(frozen=True)
class Parameter:
    """One field of the request, in the vendor's own spelling.

    `allowed` empty means any value of the kind within `minimum`..`maximum`. `default` None
    means that the field is left out unless it is set. `modes` empty means all of the model's.
    """

    name: str
    kind: Literal["integer", "string", "boolean"]
    default: Value | None
    allowed: tuple[Value, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    modes: tuple[Mode, ...] = ()
    limits: tuple[Limit, ...] = ()
    note: str = ""

    def choices(self, given: Values) -> tuple[Value, ...]:
        """What is allowed now that the other parameters have these values."""
        allowed = self.allowed
        for limit in self.limits:
            if limit.when.holds(given):
                allowed = tuple(v for v in allowed if v in limit.allowed)
        return allowed


@dataclass(frozen=True)
class PictureRule:
    """What the pictures of one mode must be. Bytes, pixels; ratios are width / height."""

    minimum: int
    maximum: int
    formats: tuple[str, ...]
    max_bytes: int
    min_side: int = 1
    ratio_low: float = 0.25
    ratio_high: float = 4.0
    # The start frame's ratio divided by the end frame's.
    pair_low: float | None = None
    pair_high: float | None = None


@dataclass(frozen=True)
class PromptRule:
    limit: int
    required_in: tuple[Mode, ...]


@dataclass(frozen=True)
class PriceRow:
    """While `when` holds: `amount` covers `included` seconds, each further one `per_second`."""

    when: When
    amount: Decimal
    included: int = 0
    per_second: Decimal = Decimal(0)


@dataclass(frozen=True)
class Adjustment:
    """While `when` holds: add `add`, then multiply by `factor`."""

    when: When
    add: Decimal = Decimal(0)
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class PriceList:
    """Rows are tried in order, the first that holds is the price. Amounts in `unit`s.

    `unit` is a currency, or "credit" worth `credit_value` of `currency`.
    """

    currency: str
    rows: tuple[PriceRow, ...]
    source: str
    date: date
    adjustments: tuple[Adjustment, ...] = ()
    credit_value: Decimal | None = None
    unconfirmed: bool = False
    reasoning: str = ""


@dataclass(frozen=True)
class Promise:
    """What the maker says will arrive. None where it is not stated."""

    seconds: Decimal | None = None
    width: int | None = None
    height: int | None = None
    fps: Decimal | None = None
    audio: bool = False


@dataclass(frozen=True)
class Shape:
    """While `when` holds, the result is promised to be this large."""

    when: When
    width: int
    height: int


@dataclass(frozen=True)
class ModelSpec:
    key: str
    provider: str
    model: str
    name: str
    modes: tuple[Mode, ...]
    parameters: tuple[Parameter, ...]
    pictures: Mapping[Mode, PictureRule]
    prompt: PromptRule
    price: PriceList | None
    # The vendor's endpoint where one model serves several ("img2video").
    endpoint: str = ""
    # Name of the parameter that sets the length, or the fixed length, or neither: not stated.
    seconds_from: str = ""
    seconds: Decimal | None = None
    seconds_note: str = ""
    shapes: tuple[Shape, ...] = ()
    fps: Decimal | None = None
    # Name of the boolean parameter that asks for sound.
    audio_from: str = ""
    link_life_hours: int = 1
    usual_seconds: int | None = None
    good_for: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_free(self) -> bool:
        return self.price is None

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def parameters_in(self, mode: Mode) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if not p.modes or mode in p.modes)


@dataclass(frozen=True)
class ProviderSpec:
    """One TOML file: who sells, and what."""

    key: str
    name: str
    url: str
    currency: str
    models: tuple[ModelSpec, ...]
    free: bool = False
    levels: tuple[tuple[str, int], ...] = ()
    good_to_know: str = ""
