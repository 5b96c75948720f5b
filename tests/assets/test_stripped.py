"""Nothing but pixels stays: what was planted in or behind a picture is in none of its files."""

from collections.abc import Callable

import pytest

from tests.assets import hostile
from tests.assets.bench import Bench, files_of

# What a file with something besides pixels in it would hold.
CARRIERS = (
    b"Exif", b"EXIF", b"eXIf", b"JFXX", b"Photoshop", b"8BIM", b"xmp", b"XMP", b"acsp", b"ICCP",
    b"iCCP", b"tEXt", b"zTXt", b"iTXt", b"GPS", b"tIME", b"pHYs",
)  # fmt: skip


def assert_only_pixels(door: Bench, data: bytes) -> None:
    """The planted marker was there, and is in no file and no answer any more."""
    assert hostile.MARK in data
    asset = door.keep(data, "camera.jpg", kind="picture")
    answers = [door.fetch(asset, size) for size in ("master", "preview", "thumb")]
    assert answers == files_of(asset)
    for kept in answers:
        assert hostile.MARK not in kept
        assert not [carrier for carrier in CARRIERS if carrier in kept]
        assert ends_with_its_picture(kept)


def ends_with_its_picture(data: bytes) -> bool:
    """Nothing stands behind the end that the format itself declares."""
    if data.startswith(b"\xff\xd8"):
        return data.endswith(b"\xff\xd9") and b"\xff\xfe" not in data[: data.index(b"\xff\xda")]
    if data.startswith(b"\x89PNG"):
        return data.endswith(hostile.chunk(b"IEND", b""))
    return len(data) == int.from_bytes(data[4:8], "little") + 8


@pytest.mark.row("A023")
@pytest.mark.parametrize(
    "write", [hostile.talkative_jpeg, hostile.talkative_png, hostile.talkative_webp]
)
def test_no_trace_of_camera_place_or_editor_stays(door: Bench, write: Callable[[], bytes]) -> None:
    assert_only_pixels(door, write())


@pytest.mark.row("A011")
def test_what_is_appended_to_a_picture_is_gone(door: Bench) -> None:
    assert_only_pixels(door, hostile.polyglot())
    assert_only_pixels(door, hostile.png() + b"<script>" + hostile.MARK + b"</script>")


@pytest.mark.row("A030")
def test_a_malware_test_file_inside_a_picture_does_not_survive(door: Bench) -> None:
    # The harmless file that every scanner knows, put together here so that none finds this one.
    eicar = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    asset = door.keep(hostile.jpeg(comment=eicar) + eicar)
    assert not any(b"EICAR" in kept for kept in files_of(asset))
    assert b"EICAR" not in door.fetch(asset)
