"""Jiekou: docs.jiekou.ai/docs/models/reference-vidu-2.0-reference2video. One path, one model."""

from decimal import Decimal
from fractions import Fraction

from studio.sandbox.clips import Clip, by_resolution
from studio.sandbox.rules.fields import Field, boolean, integer, prompt, string
from studio.sandbox.rules.model import Model, Values
from studio.sandbox.rules.pictures import Picture, Pictures

_FIELDS = {
    "prompt": prompt(1500, required=True),
    "duration": integer(4, default=4),
    "seed": Field("integer", least=0, most=2_147_483_647),
    "aspect_ratio": string("16:9", "9:16", "1:1", default="16:9"),
    "resolution": string("360p", "720p", default="360p"),
    "movement_amplitude": string("auto", "small", "medium", "large", default="auto"),
    "bgm": boolean(),
}


def _price(values: Values) -> Decimal:
    """Its page names none; the same model costs $0.4 at Z.ai, at either resolution."""
    return Decimal("0.4")


def _clip(values: Values, pictures: tuple[Picture, ...]) -> Clip:
    width, height = by_resolution(values["resolution"], values["aspect_ratio"], pictures)
    return Clip(width, height, 24, Fraction(values["duration"]), values["bgm"] is True)


MODELS = (
    Model(
        provider="jiekou",
        name="vidu-2.0-reference2video",
        endpoint="vidu-2.0-reference2video",
        fields=_FIELDS,
        # Less than 10 MB where the picture itself is sent, and not its address.
        pictures=Pictures("images", "list", 1, 3, 10_000_000, shortest_side=128),
        price=_price,
        clip=_clip,
        unit="USD",
    ),
)
