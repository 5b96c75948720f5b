"""What will be sent, and what the maker says will come of it."""

from decimal import Decimal

from studio.catalogue.specs import Mode, ModelSpec, Promise, Shape, Value, Values


def defaults(spec: ModelSpec, mode: Mode) -> dict[str, Value]:
    """The model's stated defaults, made explicit; what has none is left out."""
    return {p.name: p.default for p in spec.parameters_in(mode) if p.default is not None}


def complete(spec: ModelSpec, mode: Mode, given: Values) -> dict[str, Value]:
    """`given` and, for what is missing, the default; where `given` forbids it, the first allowed.

    So 8 seconds on a model that has them only at 720p means 720p, not a refusal.
    """
    values = defaults(spec, mode) | dict(given)
    for parameter in spec.parameters_in(mode):
        choices = parameter.choices(values)
        is_free = parameter.name in values and parameter.name not in given
        if is_free and choices and values[parameter.name] not in choices:
            values[parameter.name] = choices[0]
    return values


def promise(spec: ModelSpec, mode: Mode, values: Values) -> Promise:
    """What will arrive when the brief says `values`; None where the maker does not state it."""
    given = complete(spec, mode, values)
    shape = _shape(spec, mode, given)
    return Promise(
        seconds=_number(given.get(spec.seconds_from), spec.seconds),
        width=shape.width if shape else None,
        height=shape.height if shape else None,
        fps=_number(given.get(spec.fps_from), spec.fps),
        audio=any(given.get(name) is True for name in spec.audio_from),
        follows_picture=shape is None and mode in spec.shape_follows_picture,
    )


def _shape(spec: ModelSpec, mode: Mode, given: Values) -> Shape | None:
    fitting = (s for s in spec.shapes if s.when.holds(given) and (not s.modes or mode in s.modes))
    return next(fitting, None)


def _number(value: Value | None, otherwise: Decimal | None) -> Decimal | None:
    return otherwise if value is None else Decimal(value)
