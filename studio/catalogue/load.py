"""The catalogue, read from its files once per process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from studio.catalogue.build import Misfit, build
from studio.catalogue.consistency import complaints
from studio.catalogue.files import BrokenCatalogue, Shop, read_shops
from studio.catalogue.specs import ModelSpec, ProviderSpec

OWN = Path(__file__).parent / "data"
_extra: list[Path] = []


class UnknownModel(LookupError):
    """No model has this key."""


@dataclass(frozen=True)
class Catalogue:
    providers: tuple[ProviderSpec, ...]
    models: Mapping[str, ModelSpec]


def also_read(folder: Path) -> None:
    """From now on the files of `folder` too, if there are any. Said once, at the start."""
    _extra[:] = [folder]
    catalogue.cache_clear()


@cache
def catalogue() -> Catalogue:
    """Raises BrokenCatalogue."""
    return read(_files(OWN), [path for folder in _extra for path in _files(folder)])


def provider(key: str) -> ProviderSpec | None:
    """Who sells under this key; None for one that has left the catalogue."""
    return next((each for each in catalogue().providers if each.key == key), None)


def model(key: str) -> ModelSpec:
    """Raises UnknownModel."""
    found = catalogue().models.get(key)
    if found is None:
        raise UnknownModel(key)
    return found


def read(own: Iterable[Path], extra: Iterable[Path] = ()) -> Catalogue:
    """`own` files introduce providers, `extra` files add models to them.

    Raises BrokenCatalogue.
    """
    providers = tuple(_provider(shop) for shop in read_shops(own, extra))
    models = {spec.key: spec for provider in providers for spec in provider.models}
    return Catalogue(providers, MappingProxyType(models))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _provider(shop: Shop) -> ProviderSpec:
    try:
        provider: ProviderSpec = build(ProviderSpec, shop.head | {"models": []})
    except Misfit as misfit:
        raise BrokenCatalogue(shop.path, "", misfit.field, misfit.problem) from misfit
    models = (_model(*found, free=provider.free) for found in shop.models())
    return replace(provider, models=tuple(models))


def _model(path: Path, key: str, table: dict[str, object], *, free: bool) -> ModelSpec:
    try:
        spec: ModelSpec = build(ModelSpec, table)
    except Misfit as misfit:
        raise BrokenCatalogue(path, key, misfit.field, misfit.problem) from misfit
    for field, problem in complaints(spec, free=free):
        raise BrokenCatalogue(path, key, field, problem)
    return spec
