"""Files that are not taken: each is told why, and nothing of it stays."""

from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from studio.assets.models import Asset
from studio.storage.models import Blob
from tests.assets import hostile
from tests.assets.bench import Bench, kept_files

ACCEPTED = "Not a JPEG, PNG or WebP picture"


def assert_refused(response: Any, message: str, *, status: int = 400) -> None:
    """The answer names the reason; no row, no file, no temporary rest."""
    assert response.status_code == status
    assert message in response.json()["message"]
    assert not Asset.objects.exists() and not Blob.objects.exists()
    assert kept_files() == []


@pytest.mark.row("A001")
@pytest.mark.parametrize("name", ["", ".."])
def test_no_file_or_one_that_django_drops_is_said_to_be_missing(door: Bench, name: str) -> None:
    boundary = "frontier"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="project"\r\n\r\n{door.project.uid}',
        f'--{boundary}\r\nContent-Disposition: form-data; name="rights_note"\r\n\r\nfrom Mei',
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: image/png\r\n\r\nbytes",
    ]
    body = "\r\n".join(parts) + f"\r\n--{boundary}--\r\n"
    content = f"multipart/form-data; boundary={boundary}"
    response = door.client.generic("POST", reverse("upload"), body, content_type=content)
    assert response.status_code == 400
    assert "No file was received" in response.text
    assert 'value="from Mei"' in response.text  # what was typed is still there
    assert not Asset.objects.exists()


@pytest.mark.row("A001")
def test_a_form_without_a_file_is_said_to_lack_one(door: Bench) -> None:
    headers = {"accept": "application/json"}
    response = door.client.post(reverse("upload"), {"project": door.project.uid}, headers=headers)
    assert_refused(response, "No file was received")


@pytest.mark.row("A002")
def test_an_empty_file_is_refused(door: Bench) -> None:
    assert_refused(door.send(b""), "The file is empty")


@pytest.mark.row("A007")
def test_text_named_png_is_refused(door: Bench) -> None:
    assert_refused(door.send(b"hello, I am a picture", "cat.png"), ACCEPTED)


@pytest.mark.row("A009")
def test_an_svg_is_refused(door: Bench) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert_refused(door.send(svg, "logo.svg"), ACCEPTED)
    assert_refused(door.send(svg, "logo.svg", kind="logo"), ACCEPTED)


# Pillow would open most of these; the ones it cannot write are told by their first bytes.
OTHERS = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n",
    "psd": b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x64\0\0\0\x64\0\x08\0\3" + bytes(64),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64),
    "tiff": hostile.saved(hostile.picture(), "TIFF"),
    "lab.tiff": hostile.saved(Image.new("LAB", (64, 64), (120, 128, 128)), "TIFF"),
    "avif": hostile.saved(hostile.picture(), "AVIF"),
    "bmp": hostile.saved(hostile.picture(), "BMP"),
    "jp2": hostile.saved(hostile.picture(), "JPEG2000"),
}


@pytest.mark.row("A010")
@pytest.mark.parametrize("ending", OTHERS)
def test_other_kinds_of_file_are_refused_whatever_they_are_called(door: Bench, ending: str) -> None:
    assert_refused(door.send(OTHERS[ending], f"file.{ending}"), ACCEPTED)
    assert_refused(door.send(OTHERS[ending], "file.png"), ACCEPTED)


@pytest.mark.row("A012")
def test_a_gif_that_is_a_script_as_well_is_refused(door: Bench) -> None:
    polyglot = b"GIF89a/*" + bytes(20) + b"*/=1;alert(document.cookie);//"
    assert_refused(door.send(polyglot, "cat.gif"), ACCEPTED)


@pytest.mark.row("A013")
def test_a_small_file_with_169_megapixels_is_refused_by_its_header(door: Bench) -> None:
    bomb = hostile.flat_png(13_000, 13_000)
    assert len(bomb) < 25_000
    assert_refused(door.send(bomb), "169 megapixels; the limit is 40")


@pytest.mark.row("A013")
def test_the_pixel_limit_holds_for_each_format_and_not_below_it(door: Bench) -> None:
    flat = Image.new("1", (8000, 5001))
    assert_refused(door.send(hostile.saved(flat, "PNG")), "40.1 megapixels; the limit is 40")
    assert_refused(door.send(hostile.jpeg(flat.convert("L"), quality=1)), "40.1 megapixels")
    wide = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x3f\x1f\0" + b"\x88\x13\0" + bytes(8)
    assert_refused(door.send(wide), "40.1 megapixels")


@pytest.mark.row("A014")
def test_a_picture_of_1_by_60000_is_refused(door: Bench) -> None:
    assert_refused(door.send(hostile.flat_png(1, 60_000)), "sides must be between 64 and 8192")


@pytest.mark.row("A015")
@pytest.mark.parametrize("size", [(1, 1), (63, 200), (8193, 64)])
def test_a_picture_with_a_side_out_of_range_is_refused(door: Bench, size: tuple[int, int]) -> None:
    assert_refused(door.send(hostile.flat_png(*size)), "sides must be between 64 and 8192")
    assert_refused(door.send(hostile.flat_png(*size)), f"{size[0]} × {size[1]} pixels")


@pytest.mark.row("A016")
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_png_with_a_hundred_megabytes_in_a_text_chunk_is_refused(
    door: Bench, kind: bytes
) -> None:
    assert_refused(door.send(hostile.text_bomb(kind)), "damaged or hostile")


@pytest.mark.row("A016")
def test_a_jpeg_with_thousands_of_scans_is_refused(door: Bench) -> None:
    body = hostile.jpeg(progressive=True)
    scan = body[body.index(b"\xff\xda") : -2]
    assert_refused(door.send(body[:-2] + scan * 200 + b"\xff\xd9"), "damaged or hostile")


@pytest.mark.row("A017")
@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused_with_the_reason(door: Bench, format: str) -> None:
    assert_refused(door.send(hostile.animated(format)), "Animated pictures are not accepted")


@pytest.mark.row("A017")
def test_a_gif_is_refused_with_the_reason(door: Bench) -> None:
    assert_refused(door.send(hostile.animated("GIF")), "animated pictures are not accepted")


@pytest.mark.row("A017")
def test_ten_thousand_frames_are_refused_without_decoding_any(door: Bench) -> None:
    # Not one of them can be decoded: whoever tried would call the file damaged.
    assert_refused(door.send(hostile.many_frames(10_000)), "Animated pictures are not accepted")


@pytest.mark.row("A018")
@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.95])
@pytest.mark.parametrize("write", [hostile.jpeg, hostile.png, hostile.webp])
def test_a_picture_cut_short_is_refused(door: Bench, write: Any, share: float) -> None:
    whole = write(hostile.grainy())
    assert_refused(door.send(whole[: int(len(whole) * share)]), "The file is incomplete")


@pytest.mark.row("A025")
def test_an_icon_with_several_pictures_is_refused(door: Bench) -> None:
    icon = hostile.saved(hostile.picture(256, 256), "ICO", sizes=[(64, 64), (128, 128)])
    assert_refused(door.send(icon, "icon.ico"), ACCEPTED)
