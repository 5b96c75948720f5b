"""Pictures on their way into a request, under each channel's limit, with real files."""

import json
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from studio.catalogue.load import model
from studio.catalogue.specs import Mode, PictureRule
from studio.providers.base import Job, Picture
from studio.providers.errors import Refused
from studio.providers.pictures import fitted
from studio.providers.wires import adapter
from tests.providers import jobs
from tests.providers.jobs import ACCESS

RULE = PictureRule(1, 7, ("png", "jpeg", "webp"), 10**9, min_side=128)


def noise(path: Path, size: tuple[int, int]) -> Path:
    """As heavy as a picture of its size can be."""
    grain = np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(grain).save(path, "PNG", compress_level=1)
    return path


def grainy(path: Path, size: tuple[int, int]) -> Path:
    """A soft picture with the grain of a camera: heavy without loss, light with a little."""
    across, down = np.meshgrid(np.linspace(0, 9, size[0]), np.linspace(0, 7, size[1]))
    soft = np.stack([100 * np.sin(across), 100 * np.cos(down), 50 * np.sin(across + down)], 2) + 120
    grain = np.random.default_rng(5).normal(0, 4, soft.shape)
    pixels = (soft + grain).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, "PNG", compress_level=1)
    return path


def order(key: str, mode: Mode, *files: Path) -> Job:
    roles = ("start", "end") if mode is Mode.START_END else ("reference",) * 7
    bare = jobs.job(key, files[0].parent, mode=mode, number=0)
    return replace(bare, pictures=tuple(map(Picture, roles, files)))


def sent(order: Job) -> tuple[int, list[tuple[str, bytes]]]:
    """The whole body's bytes, and each picture's format with its own."""
    request = adapter(order.spec.provider).submit(order, ACCESS)
    body = json.loads(request.body)
    images = body.get("image_url", body.get("images"))
    pairs = [uri.split(";base64,") for uri in ([images] if isinstance(images, str) else images)]
    return len(request.body), [
        (head.removeprefix("data:image/"), b64decode(d)) for head, d in pairs
    ]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_file_that_fits_is_sent_byte_for_byte(tmp_path: Path, format: str) -> None:
    path = tmp_path / "kept-by-its-content"
    Image.new("RGB", (200, 200), (10, 90, 200)).save(path, format)
    file = fitted(path, RULE, path.stat().st_size)
    assert (file.format, file.data) == (format.lower(), path.read_bytes())


@pytest.mark.parametrize(
    ("key", "mode", "limit", "size"),
    [
        ("bigmodel/cogvideox-2", Mode.IMAGE, 5_000_000, (2000, 1500)),
        ("jiekou/vidu-2.0-reference2video", Mode.REFERENCE, 9_999_999, (2800, 2100)),
    ],
)
def test_a_heavy_picture_is_made_just_light_enough(
    tmp_path: Path, key: str, mode: Mode, limit: int, size: tuple[int, int]
) -> None:
    heavy = grainy(tmp_path / "heavy", size)
    assert heavy.stat().st_size > limit
    _, [(format, data)] = sent(order(key, mode, heavy))
    assert format == "jpeg"
    assert len(data) <= limit
    with Image.open(BytesIO(data)) as image:
        assert image.size == size
        with Image.open(heavy) as original:
            difference = np.asarray(ImageChops.difference(image, original))
    assert difference.mean() < 3


def test_no_better_quality_would_have_fitted(tmp_path: Path) -> None:
    heavy, limit = grainy(tmp_path / "heavy", (800, 600)), 250_000
    data = fitted(heavy, RULE, limit).data
    with Image.open(heavy) as original:
        sizes = {quality: _jpeg(original, quality) for quality in range(70, 99)}
    assert len(data) == max(size for size in sizes.values() if size <= limit)


def _jpeg(image: Image.Image, quality: int) -> int:
    target = BytesIO()
    image.convert("RGB").save(target, "JPEG", quality=quality, subsampling="4:4:4")
    return target.tell()


def test_only_where_no_quality_helps_it_is_made_smaller(tmp_path: Path) -> None:
    heavy = noise(tmp_path / "heavy", (1600, 900))
    with Image.open(heavy) as original:
        least = _jpeg(original, 70)
    assert Image.open(BytesIO(fitted(heavy, RULE, least).data)).size == (1600, 900)
    smaller = Image.open(BytesIO(fitted(heavy, RULE, least - 1).data))
    assert smaller.width < 1600
    assert smaller.width / smaller.height == pytest.approx(16 / 9, rel=0.01)


def test_cogvideox_gets_no_webp(tmp_path: Path) -> None:
    path = tmp_path / "still"
    Image.new("RGB", (300, 300), (200, 30, 30)).save(path, "WEBP", lossless=True)
    _, [(format, _data)] = sent(order("bigmodel/cogvideox-2", Mode.IMAGE, path))
    assert format == "jpeg"
    _, [(format, data)] = sent(order("zai/vidu2-image", Mode.IMAGE, path))
    assert (format, data) == ("webp", path.read_bytes())


def test_a_format_that_nobody_takes_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "still"
    Image.new("RGB", (300, 300), (200, 30, 30)).save(path, "GIF")
    assert fitted(path, RULE, 10**6).format == "jpeg"


@pytest.mark.parametrize("key", ["vidu/viduq2-reference2video", "relay/viduq2-pro"])
def test_seven_heavy_references_share_one_body(tmp_path: Path, key: str) -> None:
    heavy = [noise(tmp_path / f"heavy-{n}", (1500, 1000)) for n in range(6)]
    light = Path(tmp_path / "light")
    Image.new("RGB", (500, 500), (7, 7, 7)).save(light, "PNG")
    whole, images = sent(order(key, Mode.REFERENCE, *heavy, light))
    assert 15_000_000 < whole <= 20_000_000
    assert images[-1] == ("png", light.read_bytes())
    assert {format for format, _ in images[:-1]} == {"jpeg"}
    for _, data in images[:-1]:
        assert min(Image.open(BytesIO(data)).size) >= 128


def test_zai_takes_what_others_would_not(tmp_path: Path) -> None:
    heavy = noise(tmp_path / "heavy", (2400, 1800))
    assert heavy.stat().st_size > 10_000_000
    _, [(format, data)] = sent(order("zai/vidu2-image", Mode.IMAGE, heavy))
    assert (format, len(data)) == ("png", heavy.stat().st_size)


def test_what_can_be_seen_through_is_placed_on_white(tmp_path: Path) -> None:
    path = tmp_path / "logo"
    logo = Image.new("RGBA", (400, 400), (255, 0, 0, 0))
    logo.paste((0, 0, 255, 255), (100, 100, 300, 300))
    logo.save(path, "PNG")
    assert fitted(path, RULE, 10**6).format == "png"
    image = Image.open(BytesIO(fitted(path, replace(RULE, formats=("jpeg",)), 10**6).data))
    assert min(image.getpixel((5, 5))) > 250  # type: ignore[arg-type]
    assert image.getpixel((200, 200))[2] > 240  # type: ignore[index]


def test_what_cannot_be_made_light_enough_is_refused(tmp_path: Path) -> None:
    heavy = noise(tmp_path / "heavy", (600, 400))
    with pytest.raises(Refused) as caught:
        fitted(heavy, RULE, 2000)
    assert (caught.value.kind, caught.value.code) == ("picture", "picture_too_heavy")


def test_a_missing_or_broken_file_is_not_the_providers_fault(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\x00" * 500)
    for name in ("broken", "missing"):
        with pytest.raises(OSError, match=name if name == "missing" else "identify"):
            fitted(tmp_path / name, RULE, 10**6)


def test_the_limits_are_the_catalogues() -> None:
    limits = {
        "bigmodel/cogvideox-2": (Mode.IMAGE, 5_000_000, None),
        "jiekou/vidu-2.0-reference2video": (Mode.REFERENCE, 9_999_999, None),
        "zai/vidu2-reference": (Mode.REFERENCE, 50_000_000, None),
        "vidu/viduq1-img2video": (Mode.IMAGE, 50_000_000, 20_000_000),
        "relay/viduq2-pro": (Mode.REFERENCE, 50_000_000, 20_000_000),
    }
    for key, (mode, picture, whole) in limits.items():
        rule = model(key).pictures[mode]
        assert (rule.max_bytes, rule.max_body_bytes) == (picture, whole)
