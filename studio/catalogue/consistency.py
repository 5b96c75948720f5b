"""What must hold within one model beyond the types of its fields.

Each rule yields (field, problem) for what is wrong.
"""

from collections.abc import Iterable, Iterator

from studio.catalogue.combinations import combinations
from studio.catalogue.prices import NoPrice, deciding, price
from studio.catalogue.promises import defaults
from studio.catalogue.rules import KINDS, check_parameters
from studio.catalogue.specs import ROLES, Mode, ModelSpec, Parameter, PriceList, Value, When

Complaint = tuple[str, str]


def complaints(spec: ModelSpec, *, free: bool) -> Iterator[Complaint]:
    """Everything wrong with `spec`, sold by a provider that is `free` or not."""
    own = list(_key(spec)) + list(_modes(spec)) + list(_price(spec, free))
    own += [c for p in spec.parameters for c in _parameter(spec, p)]
    own += list(_conditions(spec)) + list(_named(spec))
    yield from own
    if not own:
        # These two run the model; on a broken one they would only repeat the same news.
        yield from _default_settings(spec)
        yield from _unpriced(spec)


def _key(spec: ModelSpec) -> Iterator[Complaint]:
    tail = spec.key.removeprefix(f"{spec.provider}/")
    if tail == spec.key:
        yield "key", f"must begin with {spec.provider}/"
    elif tail not in (spec.model, f"{spec.model}-{spec.endpoint}"):
        yield "key", "must be the model's name, with or without the endpoint's"


def _modes(spec: ModelSpec) -> Iterator[Complaint]:
    if not spec.modes or len(set(spec.modes)) != len(spec.modes):
        yield "modes", "must name at least one mode, and each once"
    if set(spec.pictures) != {mode for mode in spec.modes if ROLES[mode]}:
        yield "pictures", "must have one rule for each mode that takes pictures"
    for mode, rule in spec.pictures.items():
        frames = len(ROLES[mode])
        exact = rule.minimum == rule.maximum == frames
        several = mode == Mode.REFERENCE and 1 <= rule.minimum <= rule.maximum
        if not (exact or several):
            yield f"pictures.{mode}", "minimum and maximum do not fit the mode"
    if spec.prompt.limit < 1:
        yield "prompt.limit", "must be at least 1"


def _parameter(spec: ModelSpec, parameter: Parameter) -> Iterator[Complaint]:
    field = f"parameters.{parameter.name}"
    if parameter.kind == "text":
        yield from _text(field, parameter)
        return
    ranged = (parameter.minimum is not None, parameter.maximum is not None)
    if any(ranged) and (parameter.kind != "integer" or parameter.allowed or not all(ranged)):
        yield field, "a range is for a whole number, has both ends, and no list beside it"
    elif not any(ranged) and not parameter.values:
        yield f"{field}.allowed", "missing"
    if any(type(value) is not KINDS[parameter.kind] for value in parameter.allowed):
        yield f"{field}.allowed", f"must hold only values of the kind {parameter.kind}"
    for limit in parameter.limits:
        if not limit.allowed or not _can_be(parameter, limit.allowed):
            yield f"{field}.limits", "must leave some of the allowed values, and add none"
        if not limit.reason:
            yield f"{field}.limits", "must say the reason"
    if not set(parameter.modes) <= set(spec.modes):
        yield f"{field}.modes", "must be modes of the model"


def _text(field: str, parameter: Parameter) -> Iterator[Complaint]:
    if not parameter.maximum or parameter.minimum is not None:
        yield f"{field}.maximum", "a text needs how many characters it may have, and no minimum"
    if parameter.allowed or parameter.limits or parameter.default is not None:
        yield field, "a text is free: no list, no limits, no default"


def _can_be(parameter: Parameter, values: Iterable[Value]) -> bool:
    kind = KINDS[parameter.kind]
    return all(type(value) is kind and value in parameter.values for value in values)


def _named(spec: ModelSpec) -> Iterator[Complaint]:
    """Fields that name a parameter."""
    wanted = [
        ("seconds_from", spec.seconds_from, "integer"),
        ("fps_from", spec.fps_from, "integer"),
    ]
    wanted += [("audio_from", name, "boolean") for name in spec.audio_from]
    for field, name, kind in wanted:
        parameter = spec.parameter(name)
        if name and (parameter is None or parameter.kind != kind):
            yield field, f"{name} is no parameter of the kind {kind}"


def _conditions(spec: ModelSpec) -> Iterator[Complaint]:
    for field, when in _whens(spec):
        for name, values in when.values:
            parameter = spec.parameter(name)
            if parameter is None or not _can_be(parameter, values):
                yield f"{field}.when.{name}", "is no parameter, or cannot have these values"


def _whens(spec: ModelSpec) -> Iterable[tuple[str, When]]:
    for parameter in spec.parameters:
        yield from ((f"parameters.{parameter.name}.limits", x.when) for x in parameter.limits)
    yield from (("shapes", shape.when) for shape in spec.shapes)
    if spec.price:
        yield from (("price.rows", row.when) for row in spec.price.rows)
        yield from (("price.adjustments", a.when) for a in spec.price.adjustments)


def _price(spec: ModelSpec, free: bool) -> Iterator[Complaint]:
    if spec.price is None and not free:
        yield "price", "missing"
    elif spec.price is not None and free:
        yield "price", "a free provider has no prices"
    elif spec.price is not None:
        yield from _price_list(spec.price)


def _price_list(prices: PriceList) -> Iterator[Complaint]:
    # A price of nothing would slip past the ledger: only a free provider is free.
    if not prices.rows or any(row.amount <= 0 or row.per_second < 0 for row in prices.rows):
        yield "price.rows", "must have prices above 0"
    if prices.credit_value is not None and prices.credit_value <= 0:
        yield "price.credit_value", "must be above 0"
    if any(a.add < 0 or a.factor <= 0 for a in prices.adjustments):
        yield "price.adjustments", "must add nothing below 0 and multiply by more than 0"
    if prices.unconfirmed != bool(prices.reasoning):
        yield (
            "price.reasoning",
            "an unconfirmed price needs its reasoning, a confirmed one has none",
        )


def _default_settings(spec: ModelSpec) -> Iterator[Complaint]:
    for mode in spec.modes:
        for fault in check_parameters(spec, mode, defaults(spec, mode)):
            yield f"parameters.{fault.field}.default", str(fault)


def _unpriced(spec: ModelSpec) -> Iterator[Complaint]:
    """Whatever can be ordered must have a price."""
    for mode in spec.modes:
        for values in combinations(spec, mode, deciding(spec)):
            try:
                price(spec, values)
            except NoPrice as error:
                yield "price.rows", str(error)
                return
