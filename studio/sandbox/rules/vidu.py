"""Vidu (platform.vidu.com/docs) and a relay that takes its body (POST /vidu/v2/reference2video)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from studio.sandbox.clips import Clip, by_resolution
from studio.sandbox.rules.fields import Field, boolean, integer, prompt, string
from studio.sandbox.rules.model import Conflict, Model, Values
from studio.sandbox.rules.pictures import Picture, Pictures
from studio.sandbox.rules.tariff import by_length, flat, steps, tariff, two_first

Fields = Mapping[str, Field]
Price = Callable[[Values], Decimal]

IMAGE, PAIR, TEXT, REFERENCE = "img2video", "start-end2video", "text2video", "reference2video"
BODY_BYTES = 20_000_000

_COMMON = {
    "seed": Field("integer", least=0, most=2_147_483_647, default=0),
    "movement_amplitude": string("auto", "small", "medium", "large", default="auto"),
    "bgm": boolean(),
    "off_peak": boolean(),
    "payload": Field("string", longest=1_048_576),
    "watermark": boolean(),
    "wm_url": Field("string"),
    "wm_position": integer(1, 2, 3, 4, default=3),
    "meta_data": Field("string"),
    "callback_url": Field("string", shortest=8),
}
_BY_ENDPOINT: dict[str, Fields] = {
    IMAGE: {"prompt": prompt(5000, required=False), "is_rec": boolean()},
    PAIR: {"prompt": prompt(5000, required=False), "is_rec": boolean()},
    TEXT: {"prompt": prompt(5000, required=True)},
    REFERENCE: {"prompt": prompt(5000, required=True)},
}
_PICTURES = {
    IMAGE: Pictures("images", "list", 1, 1, 50_000_001),
    PAIR: Pictures("images", "list", 2, 2, 50_000_001, is_pair=True),
    TEXT: None,
    REFERENCE: Pictures("images", "list", 1, 7, 50_000_001, shortest_side=128),
}
_THREE = Pictures("images", "list", 1, 3, 50_000_001, shortest_side=128)

_Q1_RATIOS = string("16:9", "9:16", "1:1", default="16:9")
_Q2_RATIOS = string("16:9", "9:16", "1:1", "3:4", "4:3", default="16:9")
_Q1 = {"duration": integer(5, default=5), "resolution": string("1080p", default="1080p")}
_STYLE = {"style": string("general", "anime", default="general")}
_AUDIO = {
    "audio": boolean(),
    "audio_type": string("all", "speech_only", "sound_effect_only"),
}


def _q2(longest: int, *resolutions: str) -> dict[str, Field]:
    return {
        "duration": integer(*range(1, longest + 1), default=5),
        "resolution": string(*(resolutions or ("540p", "720p", "1080p")), default="720p"),
    }


_V2 = {
    "duration": integer(4, 8, default=4),
    "resolution": string("360p", "720p", "1080p", default="360p"),
}
_V2_REFERENCE = {
    "duration": integer(4, default=4),
    "resolution": string("360p", "720p", default="360p"),
}

_NO_MUSIC = Conflict(
    lambda values: values.get("bgm") is True and values["duration"] >= 9,
    "bgm has no effect on 9 and 10 seconds",
)
_NO_SOUND_OFF_PEAK = Conflict(
    lambda values: values.get("audio") is True and values.get("off_peak") is True,
    "audio cannot be combined with off_peak",
)
_TYPE_OF_SOUND = Conflict(
    lambda values: values.get("audio_type") is not None and values.get("audio") is not True,
    "audio_type goes with audio: true",
)
_EIGHT_SECONDS = Conflict(
    lambda values: values["duration"] == 8 and values["resolution"] != "720p",
    "8 seconds are made at 720p only",
)
_PRO = tariff(p540=two_first(8, 10, 5), p720=steps(15, 10), p1080=steps(55, 15))
_TURBO = tariff(p540=steps(6, 2), p720=two_first(8, 10, 10), p1080=steps(35, 10))
_FAST = tariff(p720=steps(8, 2), p1080=steps(16, 4))
_Q2_TEXT = tariff(p540=steps(10, 2), p720=steps(15, 5), p1080=steps(20, 10))
_Q2_REFERENCE = tariff(p540=steps(15, 5), p720=steps(25, 5), p1080=steps(75, 10))
_Q1_PRICE = tariff(p1080=flat(80))
_V2_PRICE = tariff(p360=by_length(s4=20), p720=by_length(s4=40, s8=100), p1080=by_length(s4=100))
_V2_REFERENCE_PRICE = tariff(p360=flat(80), p720=flat(80))


def _clip(values: Values, pictures: tuple[Picture, ...]) -> Clip:
    """From one picture or two, the clip takes their shape; 24 frames a second."""
    ratio = values.get("aspect_ratio")
    width, height = by_resolution(values["resolution"], ratio, pictures)
    sound = values.get("bgm") is True or values.get("audio") is True
    return Clip(width, height, 24, Fraction(values["duration"]), sound)


def _vidu(name: str, endpoint: str, extra: Fields, price: Price, *conflicts: Conflict) -> Model:
    fields = {**_COMMON, **_BY_ENDPOINT[endpoint], **extra}
    pictures = _THREE if (name, endpoint) == ("vidu2.0", REFERENCE) else _PICTURES[endpoint]
    return Model("vidu", name, endpoint, fields, pictures, price, _clip, "credits", conflicts)


_VIDU = (
    _vidu("viduq2-pro", IMAGE, _q2(10), _PRO, _NO_MUSIC),
    _vidu("viduq2-pro", PAIR, _q2(8), _PRO),
    _vidu("viduq2-turbo", IMAGE, _q2(10), _TURBO, _NO_MUSIC),
    _vidu("viduq2-turbo", PAIR, _q2(8), _TURBO),
    _vidu("viduq2-pro-fast", IMAGE, _q2(10, "720p", "1080p"), _FAST, _NO_MUSIC),
    _vidu("viduq2-pro-fast", PAIR, _q2(8, "720p", "1080p"), _FAST),
    _vidu("viduq2", TEXT, {**_q2(10), "aspect_ratio": _Q2_RATIOS}, _Q2_TEXT, _NO_MUSIC),
    *(
        _vidu(
            *(name, REFERENCE, {**_q2(10), **_AUDIO, "aspect_ratio": _Q2_RATIOS}, price),
            *(_NO_MUSIC, _NO_SOUND_OFF_PEAK, _TYPE_OF_SOUND),
        )
        # No list prices Q2 Pro from references; the only bill known is that of pictures.
        for name, price in (("viduq2", _Q2_REFERENCE), ("viduq2-pro", _PRO))
    ),
    _vidu("viduq1", IMAGE, _Q1, _Q1_PRICE),
    _vidu("viduq1", PAIR, _Q1, _Q1_PRICE),
    _vidu("viduq1", TEXT, {**_Q1, **_STYLE, "aspect_ratio": _Q1_RATIOS}, _Q1_PRICE),
    _vidu("viduq1", REFERENCE, {**_Q1, "aspect_ratio": _Q1_RATIOS}, _Q1_PRICE),
    _vidu("viduq1-classic", IMAGE, _Q1, _Q1_PRICE),
    _vidu("viduq1-classic", PAIR, _Q1, _Q1_PRICE),
    _vidu("vidu2.0", IMAGE, _V2, _V2_PRICE, _EIGHT_SECONDS),
    _vidu("vidu2.0", PAIR, _V2, _V2_PRICE, _EIGHT_SECONDS),
    _vidu(
        *("vidu2.0", REFERENCE, {**_V2_REFERENCE, "aspect_ratio": _Q1_RATIOS}),
        _V2_REFERENCE_PRICE,
    ),
)

# All eight are marked as required on the relay's page; for the rest it points to Vidu's.
_RELAY = Model(
    provider="relay",
    name="viduq2-pro",
    endpoint=REFERENCE,
    fields={
        "prompt": prompt(5000, required=True),
        "duration": integer(*range(1, 11), required=True),
        "seed": Field("integer", least=0, most=2_147_483_647, required=True),
        "resolution": string("540p", "720p", "1080p", required=True),
        "movement_amplitude": string("auto", "small", "medium", "large", required=True),
        "off_peak": boolean(required=True),
        "aspect_ratio": _Q2_RATIOS,
        "payload": Field("string", longest=1_048_576),
        "callback_url": Field("string", shortest=8),
    },
    pictures=_PICTURES[REFERENCE],
    price=_PRO,
    clip=_clip,
    unit="credits",
)

MODELS = (*_VIDU, _RELAY)
