from decimal import Decimal

import pytest

from studio.catalogue.load import catalogue, model
from studio.catalogue.promises import complete, defaults, promise
from studio.catalogue.rules import check_parameters
from studio.catalogue.specs import Mode, ModelSpec, Value

OLD = "vidu/vidu2.0-img2video"


def test_defaults_are_explicit_and_leave_out_what_has_none() -> None:
    values = defaults(model(OLD), Mode.IMAGE)
    assert values["resolution"] == "360p"
    assert "seed" not in values


@pytest.mark.parametrize("spec", catalogue().models.values(), ids=lambda spec: spec.key)
def test_the_defaults_of_every_mode_may_be_ordered(spec: ModelSpec) -> None:
    for mode in spec.modes:
        assert check_parameters(spec, mode, defaults(spec, mode)) == []


def test_a_default_gives_way_to_what_was_given() -> None:
    values = complete(model(OLD), Mode.IMAGE, {"duration": 8})
    assert (values["duration"], values["resolution"]) == (8, "720p")


def test_what_was_given_never_gives_way() -> None:
    given: dict[str, Value] = {"duration": 8, "resolution": "360p"}
    assert complete(model(OLD), Mode.IMAGE, given)["resolution"] == "360p"


@pytest.mark.parametrize(
    ("key", "mode", "values", "shape"),
    [
        ("bigmodel/viduq1-text", Mode.TEXT, {}, (1920, 1080)),
        ("bigmodel/viduq1-text", Mode.TEXT, {"aspect_ratio": "9:16"}, (1080, 1920)),
        ("bigmodel/viduq1-text", Mode.TEXT, {"aspect_ratio": "1:1"}, (None, None)),
        ("zai/vidu2-reference", Mode.REFERENCE, {}, (1280, 720)),
        ("zai/vidu2-reference", Mode.REFERENCE, {"size": "720x480"}, (None, None)),
        ("zai/vidu2-image", Mode.IMAGE, {}, (None, None)),
        ("jiekou/vidu-2.0-reference2video", Mode.REFERENCE, {}, (640, 360)),
        ("relay/viduq2-pro", Mode.REFERENCE, {}, (None, None)),
        ("local/animatic", Mode.TEXT, {}, (1280, 720)),
        ("local/animatic", Mode.IMAGE, {}, (None, None)),
        ("local/animatic", Mode.IMAGE, {"size": "1080x1920"}, (1080, 1920)),
    ],
)
def test_a_shape_is_promised_only_where_it_is_stated(
    key: str, mode: Mode, values: dict[str, Value], shape: tuple[int | None, int | None]
) -> None:
    found = promise(model(key), mode, values)
    assert (found.width, found.height) == shape


def test_a_clip_from_a_start_frame_takes_its_shape() -> None:
    spec = model("local/animatic")
    assert promise(spec, Mode.IMAGE, {}).follows_picture
    assert not promise(spec, Mode.IMAGE, {"size": "1280x720"}).follows_picture
    assert not promise(spec, Mode.TEXT, {}).follows_picture


def test_frames_a_second_are_the_models_or_what_was_asked_for() -> None:
    assert promise(model("bigmodel/viduq1-text"), Mode.TEXT, {}).fps == Decimal(24)
    cog = model("bigmodel/cogvideox-2")
    assert promise(cog, Mode.TEXT, {}).fps is None
    assert promise(cog, Mode.TEXT, {"fps": 60}).fps == 60


def test_sound_is_promised_only_when_it_was_asked_for() -> None:
    spec = model("vidu/viduq2-reference2video")
    assert not promise(spec, Mode.REFERENCE, {}).audio
    assert promise(spec, Mode.REFERENCE, {"bgm": True}).audio
    assert promise(spec, Mode.REFERENCE, {"audio": True}).audio
