"""The shape of a clip: asked for where the model has a field for it, else that of the picture."""

from studio.catalogue.specs import Mode, ModelSpec

# The vendors' name for the field; the form asks for the shape instead.
FIELD = "aspect_ratio"
# What a picture may be cropped to where the clip takes its shape.
COMMON = ("16:9", "9:16", "1:1")
# A shape that differs by less is the same to the eye: 1366 × 768 is 16:9.
_TOLERANCE = 0.01


def asked(spec: ModelSpec, mode: Mode) -> tuple[str, ...]:
    """The shapes that the model can be asked for by a field of its own."""
    parameter = spec.parameter(FIELD)
    if parameter is None or parameter not in spec.parameters_in(mode):
        return ()
    return tuple(str(value) for value in parameter.allowed)


def ratio(shape: str) -> float:
    """Width divided by height: 16:9 is 1.777…"""
    width, _colon, height = shape.partition(":")
    return int(width) / int(height)


def is_of(shape: str, width: int, height: int) -> bool:
    """Whether so many pixels are of this shape, as nearly as whole pixels can be."""
    wanted = ratio(shape)
    across, down = abs(width - height * wanted), abs(height - width / wanted)
    return across <= max(1, width * _TOLERANCE) or down <= max(1, height * _TOLERANCE)
