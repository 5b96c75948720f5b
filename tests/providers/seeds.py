"""The calls that the sellers' own pages show, each written down field by field.

An SDK call (`client.videos.generations(…)`) is a POST of its arguments to the SDK's address with
the key as a Bearer. Pictures are kept as the addresses that the pages give.
"""

from dataclasses import dataclass
from typing import Any

_ZAI = "https://api.z.ai/api/paas/v4/videos/generations"
_BIGMODEL = "https://open.bigmodel.cn/api/paas/v4/videos/generations"
_JSON = "application/json"

_RABBIT = "Peter Rabbit drives a small car along the road, his face filled with joy and happiness."
_CRUISING = (
    "Peter Rabbit is driving a small car, cruising on the road, with a face full of happiness and "
    "joy."
)
_WANDERING = (
    "Peter Rabbit driving a car, wandering on the road, with a happy and joyful expression on his "
    "face."
)
_HARE = "比得兔开小汽车，游走在马路上，脸上的表情充满开心喜悦。"
_CAT = "一只可爱的小猫在花园里玩耍"
_ASTRONAUT = "The astronaut waved and the camera moved up."
_ONE = "https://example.com/path/to/your/image.jpg"
_FIRST = (
    "https://gd-hbimg.huaban.com/ccee58d77afe8f5e17a572246b1994f7e027657fe9e6-qD66In_fw1200webp"
)
_LAST = (
    "https://gd-hbimg.huaban.com/cc2601d568a72d18d90b2cc7f1065b16b2d693f7fa3f7-hDAwNq_fw1200webp"
)
_SPACE = (
    "https://prod-ss-images.s3.cn-northwest-1.amazonaws.com.cn/vidu-maas/template/image2video.png"
)


@dataclass(frozen=True)
class Seed:
    """`model` is our key; `authorization` has {key} where the page has the reader's own."""

    name: str
    model: str
    url: str
    body: dict[str, Any]
    authorization: str = "Bearer {key}"
    content_type: str = _JSON
    method: str = "POST"

    @property
    def images(self) -> list[str]:
        given = self.body.get("image_url", self.body.get("images", []))
        return [given] if isinstance(given, str) else given


def _places(*numbers: str) -> list[str]:
    return [f"https://example.com/path/to/your/image{number}.jpg" for number in numbers]


_MOVES = {"movement_amplitude": "auto"}
_ZAI_CURL = {"prompt": _RABBIT, "duration": 4, "size": "720x480", **_MOVES}
_ZAI_SDK = {"duration": 4, "size": "1280x720", **_MOVES}
_Q1 = {"duration": 5, "size": "1920x1080", **_MOVES}
# BigModel's cURLs send the bare key; its reference and its SDK send a Bearer, as we do.
_BARE = "{key}"

ZAI = [
    Seed(
        "zai image, curl",
        "zai/vidu2-image",
        _ZAI,
        {"model": "vidu2-image", "image_url": _ONE, **_ZAI_CURL},
    ),
    Seed(
        "zai image, python",
        "zai/vidu2-image",
        _ZAI,
        {"model": "vidu2-image", "image_url": _ONE, "prompt": _CRUISING, **_ZAI_SDK},
    ),
    Seed(
        "zai image, java",
        "zai/vidu2-image",
        _ZAI,
        {
            "model": "vidu2-image",
            "image_url": _ONE,
            "prompt": _CRUISING,
            "duration": 4,
            "size": "1280x720",
        },
    ),
    Seed(
        "zai start-end, curl",
        "zai/vidu2-start-end",
        _ZAI,
        {"model": "vidu2-start-end", "image_url": _places("1", "2"), **_ZAI_CURL},
    ),
    Seed(
        "zai start-end, python",
        "zai/vidu2-start-end",
        _ZAI,
        {
            "model": "vidu2-start-end",
            "image_url": [_FIRST, _LAST],
            "prompt": _WANDERING,
            **_ZAI_SDK,
        },
    ),
    Seed(
        "zai reference, curl",
        "zai/vidu2-reference",
        _ZAI,
        {
            "model": "vidu2-reference",
            "image_url": _places("1", "2", "3"),
            "aspect_ratio": "16:9",
            "with_audio": True,
            **_ZAI_CURL,
        },
    ),
    Seed(
        "zai reference, python",
        "zai/vidu2-reference",
        _ZAI,
        {
            "model": "vidu2-reference",
            "image_url": [_FIRST, _LAST, _LAST],
            "prompt": _WANDERING,
            "aspect_ratio": "16:9",
            "with_audio": True,
            **_ZAI_SDK,
        },
    ),
]
BIGMODEL = [
    Seed(
        "q1 text, curl",
        "bigmodel/viduq1-text",
        _BIGMODEL,
        {
            "model": "viduq1-text",
            "style": "anime",
            "prompt": _HARE,
            "aspect_ratio": "16:9",
            **_Q1,
        },
        _BARE,
    ),
    Seed(
        "q1 text, python",
        "bigmodel/viduq1-text",
        _BIGMODEL,
        {
            "model": "viduq1-text",
            "style": "general",
            "prompt": _WANDERING,
            "aspect_ratio": "16:9",
            **_Q1,
        },
    ),
    Seed(
        "q1 image, curl",
        "bigmodel/viduq1-image",
        _BIGMODEL,
        {"model": "viduq1-image", "image_url": _ONE, "prompt": _HARE, **_Q1},
        _BARE,
    ),
    Seed(
        "q1 image, python",
        "bigmodel/viduq1-image",
        _BIGMODEL,
        {"model": "viduq1-image", "image_url": _ONE, "prompt": _WANDERING, **_Q1},
    ),
    Seed(
        "q1 start-end, curl",
        "bigmodel/viduq1-start-end",
        _BIGMODEL,
        {"model": "viduq1-start-end", "image_url": _places("", "1"), "prompt": _HARE, **_Q1},
        _BARE,
    ),
    Seed(
        "q1 start-end, python",
        "bigmodel/viduq1-start-end",
        _BIGMODEL,
        {
            "model": "viduq1-start-end",
            "image_url": ["sample_first_frame", "sample_last_frame"],
            "prompt": _WANDERING,
            **_Q1,
        },
    ),
    *(
        Seed(
            f"cogvideox-2, {language}",
            "bigmodel/cogvideox-2",
            _BIGMODEL,
            {"model": "cogvideox-2", "prompt": _CAT},
        )
        for language in ("python", "older python", "java")
    ),
]
RELAY = [
    Seed(
        f"relay, {where}",
        "relay/viduq2-pro",
        "/vidu/v2/reference2video",
        {
            "model": "viduq2-pro",
            "images": [_SPACE],
            "prompt": _ASTRONAUT,
            "duration": 5,
            "seed": 0,
            "resolution": "720p",
            "off_peak": False,
            **_MOVES,
        },
    )
    for where in ("example body", "curl")
]
# Jiekou's page has a table and no call: every field of it, at its default and at another value.
_JIEKOU = "https://api.jiekou.ai/v3/async/vidu-2.0-reference2video"
JIEKOU = [
    Seed(
        "jiekou, least",
        "jiekou/vidu-2.0-reference2video",
        _JIEKOU,
        {"images": _places("1"), "prompt": _RABBIT},
    ),
    Seed(
        "jiekou, all fields",
        "jiekou/vidu-2.0-reference2video",
        _JIEKOU,
        {
            "images": _places("1", "2", "3"),
            "prompt": _RABBIT,
            "duration": 4,
            "seed": 42,
            "aspect_ratio": "9:16",
            "resolution": "720p",
            "movement_amplitude": "large",
            "bgm": True,
        },
    ),
]
SEEDS = [*ZAI, *BIGMODEL, *JIEKOU, *RELAY]

# What the relay's page shows as the answer to its call.
RELAY_ANSWER: dict[str, Any] = {
    "task_id": "885482446060003328",
    "type": "img2video",
    "state": "created",
    "model": "viduq2-pro",
    "style": "general",
    "prompt": _ASTRONAUT,
    "images": [_SPACE],
    "duration": 5,
    "seed": 1283649749,
    "aspect_ratio": "",
    "resolution": "720p",
    "movement_amplitude": "auto",
    "created_at": "2025-11-10T15:03:01.749836088Z",
    "credits": 55,
    "payload": "",
    "cus_priority": 0,
    "off_peak": False,
    "watermark": False,
    "is_rec": False,
    "wm_position": "unspecified",
    "wm_url": "",
    "meta_data": "",
}
