"""Every way in which some parameters of a model can be set together."""

from collections.abc import Iterable, Iterator
from itertools import product

from studio.catalogue.specs import Mode, ModelSpec, Parameter, Value


def combinations(spec: ModelSpec, mode: Mode, names: Iterable[str]) -> Iterator[dict[str, Value]]:
    """The allowed settings of `names`, each exactly as it would be sent.

    A parameter without a default may also be left out. One that only has a range is never
    varied: nothing depends on a single value of it.
    """
    wanted = set(names)
    varied = [p for p in spec.parameters_in(mode) if p.name in wanted and p.values]
    for setting in product(*(_settings(parameter) for parameter in varied)):
        pairs = zip(varied, setting, strict=True)
        given = {p.name: value for p, value in pairs if value is not None}
        if all(given[p.name] in p.choices(given) for p in varied if p.name in given):
            yield given


def _settings(parameter: Parameter) -> tuple[Value | None, ...]:
    return parameter.values if parameter.default is not None else (None, *parameter.values)
