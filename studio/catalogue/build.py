"""From the tables of a file to the frozen values of `specs`, strictly.

The classes are the schema: an unknown name, a missing one and a wrong type are errors that say
where they are. Nothing is converted that a reader of the file would not convert as well.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from studio.catalogue.specs import When

_WORDS = {str: "text", int: "a whole number", bool: "true or false", date: "a date"}


class Misfit(Exception):
    """`field` (a path such as "price.rows[2].amount") does not fit; `problem` says why."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}: {problem}")


def build(kind: Any, data: object, field: str = "") -> Any:
    """`data` as a value of the type `kind`. Raises Misfit."""
    if kind is When:
        return _when(data, field)
    if is_dataclass(kind):
        return _record(kind, data, field)
    origin = get_origin(kind)
    if origin is tuple:
        return _items(get_args(kind)[0], data, field)
    if origin is Mapping:
        key, value = get_args(kind)
        return _mapping(key, value, _table(data, field), field)
    if origin is UnionType:
        return _union([k for k in get_args(kind) if k is not NoneType], data, field)
    if origin is Literal:
        return _one_of(get_args(kind), data, field)
    return _scalar(kind, data, field)


def _record(kind: Any, data: object, field: str) -> Any:
    table = _table(data, field)
    known = {f.name: f for f in fields(kind)}
    for name in table:
        if name not in known:
            raise Misfit(_path(field, name), "unknown field")
    for name, spec in known.items():
        if name not in table and spec.default is MISSING and spec.default_factory is MISSING:
            raise Misfit(_path(field, name), "missing")
    hints = _hints(kind)
    return kind(**{n: build(hints[n], value, _path(field, n)) for n, value in table.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _when(data: object, field: str) -> When:
    """A table of names, each with one value or a list of them."""
    pairs = []
    for name, value in _table(data, field).items():
        values = value if isinstance(value, list) else [value]
        pairs.append((name, build(tuple[str | int | bool, ...], values, _path(field, name))))
    return When(tuple(pairs))


def _items(kind: Any, data: object, field: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise Misfit(field, "must be a list")
    return tuple(build(kind, item, f"{field}[{i}]") for i, item in enumerate(data, 1))


def _mapping(key: Any, value: Any, table: dict[str, Any], field: str) -> dict[Any, Any]:
    pairs = ((build(key, k, field), build(value, v, _path(field, k))) for k, v in table.items())
    return dict(pairs)


def _union(kinds: list[Any], data: object, field: str) -> Any:
    if len(kinds) == 1:
        return build(kinds[0], data, field)
    if type(data) not in kinds:
        raise Misfit(field, "must be " + " or ".join(_WORDS[kind] for kind in kinds))
    return data


def _one_of(allowed: tuple[str, ...], data: object, field: str) -> Any:
    if data not in allowed:
        raise Misfit(field, f"must be one of {', '.join(allowed)}")
    return data


def _scalar(kind: Any, data: object, field: str) -> Any:
    if issubclass(kind, StrEnum):
        return kind(_one_of(tuple(kind), data, field))
    if kind in (Decimal, float):
        is_number = type(data) is int or (type(data) is Decimal and data.is_finite())
        if not is_number:
            raise Misfit(field, "must be a number")
        return kind(data)
    # By exact type: True is no whole number, a date with a time is no date.
    if type(data) is not kind:
        raise Misfit(field, f"must be {_WORDS[kind]}")
    return data


def _table(data: object, field: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Misfit(field, "must be a table")
    return data


def _path(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name
