"""Z.ai and BigModel: docs.z.ai (Vidu 2), docs.bigmodel.cn (Vidu Q1, CogVideoX-2)."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from studio.sandbox.clips import Clip, by_size
from studio.sandbox.rules.fields import Field, boolean, integer, prompt, string
from studio.sandbox.rules.model import Conflict, Model, Values
from studio.sandbox.rules.pictures import Picture, Pictures

GENERATIONS = "videos/generations"
_FIFTY_MB = 50_000_000

_COMMON = {
    # One SDK refuses an empty prompt always, so a call without one is refused here too.
    "prompt": prompt(512, required=True),
    "request_id": Field("string", shortest=6, longest=64),
    "user_id": Field("string", shortest=6, longest=128),
}
_MOVEMENT = {"movement_amplitude": string("auto", "small", "medium", "large", default="auto")}
_RATIO = {"aspect_ratio": string("16:9", "9:16", "1:1", default="16:9")}
_SOUND = {"with_audio": boolean()}

# The reference lists 1280x720 alone; the guide's own calls ask for 720x480 as well.
_VIDU2 = {
    **_COMMON,
    **_MOVEMENT,
    **_SOUND,
    "duration": integer(4, default=4),
    "size": string("1280x720", "720x480", default="1280x720"),
}
_VIDUQ1 = {
    **_COMMON,
    **_MOVEMENT,
    "duration": integer(5, default=5),
    "size": string("1920x1080", default="1920x1080"),
}
_COGVIDEOX2 = {
    **_COMMON,
    **_SOUND,
    "quality": string("speed", "quality", default="speed"),
    "size": string(
        *("720x480", "1024x1024", "1280x960", "960x1280"),
        *("1920x1080", "1080x1920", "2048x1080", "3840x2160"),
    ),
    # In no schema; resellers pass it on.
    "duration": integer(5, 10),
    "fps": integer(30, 60),
    "watermark_enabled": boolean(None),
}

_ONE = Pictures("image_url", "string", 1, 1, _FIFTY_MB)
_PAIR = Pictures("image_url", "list", 2, 2, _FIFTY_MB, is_pair=True)
_REFERENCES = Pictures("image_url", "list", 1, 3, _FIFTY_MB, shortest_side=128)
_COG = Pictures(
    *("image_url", "string", 1, 1, 5_000_001), formats=frozenset({"PNG", "JPEG"}), widest=0
)


def _costs(amount: str) -> Callable[[Values], Decimal]:
    return lambda values: Decimal(amount)


def _vidu(values: Values, pictures: tuple[Picture, ...]) -> Clip:
    """24 frames a second: said of Q1, taken for 2 as well."""
    width, height = by_size(values["size"], values.get("aspect_ratio"), pictures)
    sound = values.get("with_audio") is True
    return Clip(width, height, 24, Fraction(values["duration"]), sound)


def _cog(values: Values, pictures: tuple[Picture, ...]) -> Clip:
    width, height = by_size(values["size"] or "1920x1080", None, pictures)
    seconds = Fraction(values["duration"] or 5)
    return Clip(width, height, values["fps"] or 30, seconds, values["with_audio"] is True)


_WATERMARK = Conflict(
    lambda values: values["watermark_enabled"] is False,
    "watermark_enabled: false needs a signed waiver",
)


def _zai(name: str, fields: dict[str, Field], pictures: Pictures, price: str) -> Model:
    return Model("zai", name, GENERATIONS, fields, pictures, _costs(price), _vidu, "USD")


def _q1(name: str, extra: dict[str, Field], pictures: Pictures | None) -> Model:
    fields = _VIDUQ1 | extra
    return Model("bigmodel", name, GENERATIONS, fields, pictures, _costs("2.5"), _vidu, "CNY")


MODELS = (
    _zai("vidu2-image", _VIDU2, _ONE, "0.2"),
    _zai("vidu2-start-end", _VIDU2, _PAIR, "0.2"),
    _zai("vidu2-reference", _VIDU2 | _RATIO, _REFERENCES, "0.4"),
    _q1("viduq1-text", _RATIO | {"style": string("general", "anime", default="general")}, None),
    # "Only when the result lasts 4 s", says BigModel of sound from one picture; this lasts 5.
    _q1("viduq1-image", {}, _ONE),
    _q1("viduq1-start-end", _SOUND, _PAIR),
    Model(
        *("bigmodel", "cogvideox-2", GENERATIONS, _COGVIDEOX2, _COG, _costs("0.5"), _cog, "CNY"),
        conflicts=(_WATERMARK,),
        may_lack_pictures=True,
    ),
)
