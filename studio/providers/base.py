"""What every provider speaks of, as frozen values. Pure Python: no Django, no Celery."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Value = str | int | bool


@dataclass(frozen=True)
class Picture:
    """A clean picture on this machine. `role` is start, end or reference."""

    role: str
    path: Path


@dataclass(frozen=True)
class Job:
    """One clip to be made, complete: `parameters` in the vendor's own spelling."""

    uid: str
    model: str
    mode: str
    prompt: str
    parameters: Mapping[str, Value]
    pictures: tuple[Picture, ...] = ()


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
