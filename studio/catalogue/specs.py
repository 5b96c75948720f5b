"""What a model can do and costs, as frozen values. Read from TOML by `load`; no tables.

Everything that shows, checks, prices or sends a brief reads these same values. The fields of
these classes are also the fields of the files: whoever adds one here may write it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Value = str | int | bool

# In what a charge is stated when a seller counts in its own credits, not in a currency.
CREDITS = "credits"
Values = Mapping[str, Value]

UNSTATED_LINK_HOURS = 1


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

    A string lists what is `allowed`; an integer lists it or has `minimum` and `maximum`; a text
    is free and has `maximum` characters. `default` None means that the field is left out unless
    it is set. `modes` empty means all of the model's.
    """

    name: str
    kind: Literal["integer", "string", "boolean", "text"]
    default: Value | None = None
    allowed: tuple[Value, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    modes: tuple[Mode, ...] = ()
    limits: tuple[Limit, ...] = ()
    note: str = ""

    @property
    def values(self) -> tuple[Value, ...]:
        """Every allowed value; empty where only the range counts, as for a seed."""
        return (False, True) if self.kind == "boolean" else self.allowed

    def broken_limit(self, value: Value, given: Values) -> Limit | None:
        """The limit that forbids `value` while the other parameters have these values."""
        broken = (x for x in self.limits if x.when.holds(given) and value not in x.allowed)
        return next(broken, None)

    def choices(self, given: Values) -> tuple[Value, ...]:
        """What of `values` is allowed now that the other parameters have these values."""
        return tuple(v for v in self.values if self.broken_limit(v, given) is None)


@dataclass(frozen=True)
class PictureRule:
    """What the pictures of one mode must be. Bytes, pixels; ratios are width / height.

    None where the seller states no limit.
    """

    minimum: int
    maximum: int
    formats: tuple[str, ...]
    max_bytes: int
    # Of the whole request, with the pictures written out in it.
    max_body_bytes: int | None = None
    min_side: int = 1
    ratio_low: float | None = None
    ratio_high: float | None = None
    # The start frame's ratio divided by the end frame's.
    pair_low: float | None = None
    pair_high: float | None = None


@dataclass(frozen=True)
class PromptRule:
    """`limit` in characters. `styled`: a style without a field of its own adds words to it."""

    limit: int
    required_in: tuple[Mode, ...]
    source: str = ""
    styled: bool = True


@dataclass(frozen=True)
class PriceRow:
    """While `when` holds: `amount` covers `included` seconds, each further one `per_second`."""

    amount: Decimal
    when: When = When()
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
    """Rows are tried in order, the first that holds is the price; then each adjustment that holds.

    Amounts are in `currency`, or in credits worth `credit_value` of it. `date` is the day on
    which `source` was read.
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
    """What the maker says will arrive. None where it is not stated.

    `follows_picture`: no size is stated because the clip takes the start frame's shape.
    """

    seconds: Decimal | None = None
    width: int | None = None
    height: int | None = None
    fps: Decimal | None = None
    audio: bool = False
    follows_picture: bool = False


@dataclass(frozen=True)
class Shape:
    """While `when` holds, the result is promised to be this large. `modes` empty means all."""

    when: When
    width: int
    height: int
    modes: tuple[Mode, ...] = ()


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
    # None only at a provider that is free.
    price: PriceList | None = None
    # The vendor's endpoint where one model serves several ("img2video").
    endpoint: str = ""
    # Name of the parameter that sets the length, or the fixed length, or neither: not stated.
    seconds_from: str = ""
    seconds: Decimal | None = None
    seconds_note: str = ""
    shapes: tuple[Shape, ...] = ()
    # Where no shape is promised: the modes in which the clip takes the start frame's shape.
    shape_follows_picture: tuple[Mode, ...] = ()
    fps_from: str = ""
    fps: Decimal | None = None
    # Names of the boolean parameters that ask for sound.
    audio_from: tuple[str, ...] = ()
    # How long the result's link lives; None: not stated, which counts as one hour.
    link_hours: int | None = None
    usual_seconds: int | None = None
    good_for: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_free(self) -> bool:
        return self.price is None

    @property
    def link_life_hours(self) -> int:
        return UNSTATED_LINK_HOURS if self.link_hours is None else self.link_hours

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def parameters_in(self, mode: Mode) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if not p.modes or mode in p.modes)


@dataclass(frozen=True)
class ProviderSpec:
    """One TOML file: who sells, and what. `levels`: jobs in flight by customer level.

    `api` stands before every path of a call; empty where it must be entered, as for a relay.
    """

    key: str
    name: str
    url: str
    currency: str
    models: tuple[ModelSpec, ...]
    free: bool = False
    api: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)
    good_to_know: str = ""
