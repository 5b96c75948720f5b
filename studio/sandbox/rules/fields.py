"""One field of a body: its type, its allowed values, its length."""

from dataclasses import dataclass
from typing import Any

from studio.sandbox.refusals import Refused, Why

_TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict}


@dataclass(frozen=True)
class Field:
    """`default` is what the vendor takes when the field is left out; None: it does not say."""

    kind: str
    allowed: tuple[str | int | bool, ...] = ()
    default: str | int | bool | None = None
    least: int | None = None
    most: int | None = None
    shortest: int = 0
    longest: int | None = None
    required: bool = False

    def check(self, name: str, value: Any) -> None:
        """Raises Refused. A boolean is no integer here, as in JSON."""
        wanted = _TYPES[self.kind]
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise Refused(Why.INVALID, f"{name} must be of type {self.kind}")
        if self.allowed and value not in self.allowed:
            choices = ", ".join(str(choice) for choice in self.allowed)
            raise Refused(Why.INVALID, f"{name} must be one of {choices}")
        if isinstance(value, str):
            self._check_length(name, value)
        elif isinstance(value, int) and not isinstance(value, bool):
            self._check_range(name, value)

    def _check_length(self, name: str, value: str) -> None:
        if len(value) < self.shortest:
            raise Refused(Why.INVALID, f"{name} must have {self.shortest} characters or more")
        if self.longest is not None and len(value) > self.longest:
            why = Why.PROMPT_LONG if name == "prompt" else Why.INVALID
            raise Refused(why, f"{name} must have {self.longest} characters or fewer")

    def _check_range(self, name: str, value: int) -> None:
        if self.least is not None and value < self.least:
            raise Refused(Why.INVALID, f"{name} must be {self.least} or more")
        if self.most is not None and value > self.most:
            raise Refused(Why.INVALID, f"{name} must be {self.most} or less")


def string(*allowed: str, default: str | None = None, required: bool = False) -> Field:
    return Field("string", allowed, default, required=required)


def integer(*allowed: int, default: int | None = None, required: bool = False) -> Field:
    return Field("integer", allowed, default, required=required)


def boolean(default: bool | None = False, *, required: bool = False) -> Field:
    return Field("boolean", (), default, required=required)


def prompt(longest: int, *, required: bool) -> Field:
    return Field("string", shortest=1 if required else 0, longest=longest, required=required)
