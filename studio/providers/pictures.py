"""Pictures as they travel: inside the request, as data addresses, as true as the limits allow.

1. the file's own bytes, where their format is taken and they are light enough
2. else a JPEG of the highest quality that is
3. else, in smaller and smaller sizes, the same again

How light is enough follows from the model's rule: per picture, and of the whole request.
"""

from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from studio.catalogue.pictures import lightest_share
from studio.catalogue.specs import PictureRule, Role
from studio.providers.base import Job, Kind
from studio.providers.errors import Refused

_JPEG = "jpeg"
_HEADS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": _JPEG}
# From a loss that nobody measures to one that is seen on a second look; then rather smaller.
_BEST, _WORST = 98, 70
# Each size has about 70 % of the pixels before it.
_SMALLER, _STEPS = 0.84, 24


class File(NamedTuple):
    """`format` as the catalogue names it: png, jpeg, webp, or "" for another."""

    format: str
    data: bytes


def uris(job: Job) -> list[str]:
    """The job's pictures in the vendor's order, start before end.

    Raises `Refused` where a picture cannot be made light enough, OSError where it is not there
    or no picture.
    """
    rule = job.spec.pictures.get(job.mode)
    if rule is None:
        return []
    ordered = sorted(job.pictures, key=lambda picture: picture.role == Role.END)
    share = lightest_share(rule, [picture.path.stat().st_size for picture in ordered])
    return [_uri(fitted(picture.path, rule, share)) for picture in ordered]


def fitted(path: Path, rule: PictureRule, most: int) -> File:
    """The picture in at most `most` bytes and a format that the rule takes, with the least loss."""
    own = _own(path)
    if own.format in rule.formats and len(own.data) <= most:
        return own
    with Image.open(BytesIO(own.data)) as picture:
        picture.load()
        image = _on_white(picture)
    for smaller in _sizes(image, rule):
        if found := _best(smaller, most):
            return File(_JPEG, found)
    raise Refused(Kind.PICTURE, "picture_too_heavy")


def _own(path: Path) -> File:
    data = path.read_bytes()
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return File("webp", data)
    found = (name for head, name in _HEADS.items() if data.startswith(head))
    return File(next(found, ""), data)


def _uri(file: File) -> str:
    return f"data:image/{file.format};base64,{b64encode(file.data).decode()}"


def _sizes(image: Image.Image, rule: PictureRule) -> Iterator[Image.Image]:
    """The picture itself, then smaller ones of it, down to the rule's shortest side."""
    yield image
    for step in range(1, _STEPS):
        scale = _SMALLER**step
        size = (round(image.width * scale), round(image.height * scale))
        if min(size) < rule.min_side:
            return
        yield image.resize(size, Image.Resampling.LANCZOS)


def _best(image: Image.Image, most: int) -> bytes | None:
    """The JPEG of the highest quality that is light enough; None where the lowest is not."""
    found = _light_jpeg(image, _WORST, most)
    low, high = _WORST, _BEST
    while found and low < high:
        middle = (low + high + 1) // 2
        better = _light_jpeg(image, middle, most)
        low, high, found = (middle, high, better) if better else (low, middle - 1, found)
    return found


def _light_jpeg(image: Image.Image, quality: int, most: int) -> bytes | None:
    target = BytesIO()
    image.save(target, _JPEG, quality=quality, subsampling="4:4:4")
    return target.getvalue() if target.tell() <= most else None


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG has no transparency."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, mask=image.getchannel("A"))
    return ground
