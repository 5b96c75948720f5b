"""From files to plain tables: one whole table per model, nothing understood yet.

A row may say `like = "name"`: it then begins as the [shared.name] table, or as the model of that
key, and its own fields are laid over it, table by table.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

Table = dict[str, Any]


class BrokenCatalogue(Exception):
    """Names the file, the model and the field where there is one, and what is wrong."""

    def __init__(self, path: Path, model: str, field: str, problem: str) -> None:
        self.path, self.model, self.field, self.problem = path, model, field, problem
        super().__init__(": ".join(filter(None, [path.name, model, field, problem])))


@dataclass
class Shop:
    """What all files together say about one provider."""

    path: Path
    head: Table = field(default_factory=dict)
    shared: Table = field(default_factory=dict)
    rows: dict[str, tuple[Path, Table]] = field(default_factory=dict)

    def take(self, path: Path, table: Table) -> Table:
        """Add the models and the shared tables of a file; returns the rest of it."""
        rows, shared = table.pop("model", []), table.pop("shared", {})
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BrokenCatalogue(path, "", "model", "must be [[model]] tables")
        if not isinstance(shared, dict):
            raise BrokenCatalogue(path, "", "shared", "must be [shared.name] tables")
        if again := sorted(shared.keys() & self.shared.keys()):
            raise BrokenCatalogue(path, "", f"shared.{again[0]}", "is already taken")
        self.shared |= shared
        for row in rows:
            self._add(path, row)
        return table

    def models(self) -> Iterator[tuple[Path, str, Table]]:
        """The file, the key and the whole table of each model."""
        for key, (path, row) in self.rows.items():
            yield path, key, self._whole(key, self._unfolded(path, key, row, ()))

    def _add(self, path: Path, row: Table) -> None:
        key = row.get("key")
        if not isinstance(key, str):
            raise BrokenCatalogue(path, "", "model.key", "every model needs its key")
        if key in self.rows:
            raise BrokenCatalogue(path, key, "key", "is already taken")
        self.rows[key] = (path, row)

    def _unfolded(self, path: Path, key: str, row: Table, seen: tuple[str, ...]) -> Table:
        own = {name: value for name, value in row.items() if name != "like"}
        like = row.get("like")
        if like is None:
            return own
        named = {name: other for name, (_, other) in self.rows.items()} | self.shared
        base = named.get(like) if isinstance(like, str) and like not in seen else None
        if not isinstance(base, dict):
            raise BrokenCatalogue(path, key, "like", f"there is no {like} to begin with")
        return lay_over(self._unfolded(path, key, base, (*seen, like)), own)

    def _whole(self, key: str, row: Table) -> Table:
        """With what the file says once for all its models, and what follows from the key."""
        provider, endpoint = self.head.get("key"), row.get("endpoint")
        tail = key.removeprefix(f"{provider}/")
        whole = {"provider": provider, "model": tail.removesuffix(f"-{endpoint}")} | row
        if isinstance(row.get("price"), dict):
            whole["price"] = {"currency": self.head.get("currency")} | row["price"]
        if isinstance(row.get("parameters"), dict):
            whole["parameters"] = [_named(*pair) for pair in row["parameters"].items()]
        if isinstance(row.get("pictures"), dict) and isinstance(row.get("modes"), list):
            # One shared set of picture rules serves models of different modes.
            whole["pictures"] = {k: v for k, v in row["pictures"].items() if k in row["modes"]}
        return whole


def read_shops(own: Iterable[Path], extra: Iterable[Path]) -> list[Shop]:
    """One shop per file of `own`; files of `extra` add to the shop whose key they name."""
    shops: dict[str, Shop] = {}
    for path in own:
        shop = Shop(path)
        shop.head = shop.take(path, _table(path))
        shops[str(shop.head.get("key"))] = shop
    for path in extra:
        table = _table(path)
        key = str(table.pop("key", ""))
        if key not in shops:
            raise BrokenCatalogue(path, "", "key", f"must be one of {', '.join(shops)}")
        if unknown := list(shops[key].take(path, table)):
            raise BrokenCatalogue(path, "", unknown[0], "an extra file only adds models")
    return list(shops.values())


def lay_over(base: Table, over: Table) -> Table:
    """`base` with the fields of `over`; where both have a table, its fields one by one."""
    merged = dict(base)
    for name, value in over.items():
        below = base.get(name)
        if isinstance(below, dict) and isinstance(value, dict):
            value = lay_over(below, value)
        merged[name] = value
    return merged


def _table(path: Path) -> Table:
    try:
        # Decimal: 0.1 in the file is exactly 0.1, for it may be money.
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise BrokenCatalogue(path, "", "", f"cannot be read: {error}") from error


def _named(name: str, table: Any) -> Any:
    return {"name": name, **table} if isinstance(table, dict) else table
