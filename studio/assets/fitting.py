"""Carry out a plan on a picture's pixels: a new asset, and the original stays as it was."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Protocol

from PIL import Image, ImageFilter, ImageStat

from studio.accounts.models import User
from studio.assets import pictures, uploads
from studio.assets.models import Asset, AssetKind, Edit
from studio.assets.sizes import File
from studio.storage import store

Size = tuple[int, int]
Colour = tuple[int, ...]

_PNG, _JPEG, _WEBP = "png", "jpeg", "webp"
# From a loss that nobody sees to one that is seen on a second look; below that, rather smaller.
_QUALITIES = (95, 91, 86, 80, 72)
# What a border may vary and still be one colour: the trembling of a JPEG around it.
_PLAIN = 12
# Small enough that only the light of the picture is left of it.
_ECHO, _BLUR, _CALM = 96, 9, 0.3


_RUN_LENGTHS = 3
# Packing a PNG with patience gains a part of it, never half.
_WORTH = 2


class TooHeavy(Exception):
    """No size and no quality makes the file light enough."""


class Plan(Protocol):
    """What is to be done, in the pixels of the picture that `source` names.

    `sizes`: the one wanted, then smaller ones that would do.
    """

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width, height."""

    @property
    def sizes(self) -> Iterator[Size]: ...

    @property
    def formats(self) -> tuple[str, ...]: ...

    @property
    def max_bytes(self) -> int: ...


def source(asset: Asset, how: Edit) -> Asset:
    """The picture whose pixels such an edit starts from, so that no loss is added to another.

    A new crop is made from the original. Padding keeps a crop, and what only changes the file
    keeps crop and padding: those are what a person chose.
    """
    chosen = {Edit.CROP: (), Edit.PAD: (Edit.CROP,)}.get(how, (Edit.CROP, Edit.PAD))
    while asset.made_from and asset.made_by not in chosen:
        asset = asset.made_from
    return asset


def fit(source: Asset, person: User, plan: Plan, how: Edit) -> Asset:
    """The asset that comes of the plan, in the project of its source; twice, it is the same one.

    Raises `TooHeavy`. Opening pictures takes much memory: `receive_made` does one at a time.
    """
    return uploads.receive_made(source, person, lambda: _made(source, plan, how), how)


def _made(source: Asset, plan: Plan, how: Edit) -> File:
    with store.open(source.master) as file:
        picture = pictures.decode(file.read(), keep_alpha=source.kind == AssetKind.LOGO)
    draw = _padded if how == Edit.PAD else _filled
    box = plan.box
    return _written(picture, plan, lambda size: draw(picture.image, box, size))


# ── Pixels ────────────────────────────────────────────────────────────────────────────────────


def _filled(image: Image.Image, box: tuple[int, int, int, int], size: Size) -> Image.Image:
    left, top, width, height = box
    edges = (left, top, left + width, top + height)
    if (width, height) == size:
        return image.crop(edges)
    return image.resize(size, Image.Resampling.LANCZOS, box=edges)


def _padded(image: Image.Image, box: tuple[int, int, int, int], size: Size) -> Image.Image:
    """The picture on a ground that goes on from its borders, in the middle of it.

    Where one border is of a single colour and the other is not (a product on white that the
    lower edge cuts off), all of the ground is on the plain side: nothing hangs in the air.
    """
    scale = min(size[0] / box[2], size[1] / box[3])
    inner = (min(size[0], round(box[2] * scale)), min(size[1], round(box[3] * scale)))
    is_beside = inner[0] < size[0]
    first, last = _border_colours(image, is_beside=is_beside)
    ground = _ground(image, size, first, last, is_beside=is_beside)
    across, down = size[0] - inner[0], size[1] - inner[1]
    share = 2 if (first is None) == (last is None) else 1
    at = (0, 0) if last and not first else (across // share, down // share)
    ground.paste(_filled(image, box, inner), at)
    return ground


def _border_colours(image: Image.Image, *, is_beside: bool) -> list[Colour | None]:
    """Of the two borders at which something is added; None where it has more than one."""
    width, height = image.size
    deep = max(1, (width if is_beside else height) // 100)
    if is_beside:
        edges = [(0, 0, deep, height), (width - deep, 0, width, height)]
    else:
        edges = [(0, 0, width, deep), (0, height - deep, width, height)]
    return [_one_colour(image.crop(edge)) for edge in edges]


def _one_colour(border: Image.Image) -> Colour | None:
    stat = ImageStat.Stat(border)
    if any(high - low > _PLAIN for low, high in stat.extrema):
        return None
    return tuple(round(level) for level in stat.median)


def _ground(
    image: Image.Image, size: Size, first: Colour | None, last: Colour | None, *, is_beside: bool
) -> Image.Image:
    """The borders' colours, where they have one; else a soft echo of the picture's light."""
    one = first or last
    if one is None:
        return _echo(image, size)
    ground = Image.new(image.mode, size, one)
    if first and last:
        half = (size[0] // 2, 0) if is_beside else (0, size[1] // 2)
        ground.paste(last, (*half, *size))
    return ground


def _echo(image: Image.Image, size: Size) -> Image.Image:
    scale = _ECHO / max(size)
    small = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    light = image.resize(small, Image.Resampling.BOX, box=_cover(image.size, small))
    soft = light.filter(ImageFilter.GaussianBlur(_BLUR))
    mean = tuple(round(level) for level in ImageStat.Stat(soft).mean)
    calm = Image.blend(soft, Image.new(image.mode, small, mean), _CALM)
    return calm.resize(size, Image.Resampling.BICUBIC)


def _cover(whole: Size, shape: Size) -> tuple[float, float, float, float]:
    """The largest part of `whole` that has the shape, from its middle."""
    scale = min(whole[0] / shape[0], whole[1] / shape[1])
    width, height = shape[0] * scale, shape[1] * scale
    left, top = (whole[0] - width) / 2, (whole[1] - height) / 2
    return left, top, left + width, top + height


# ── The file ──────────────────────────────────────────────────────────────────────────────────


def _written(picture: pictures.Picture, plan: Plan, draw: Callable[[Size], Image.Image]) -> File:
    """In the largest size, and there with the least loss, in which it is light enough."""
    most = float("inf")
    for size in plan.sizes:
        # Bytes go with pixels: sizes that would be far too heavy are not even tried.
        if size[0] * size[1] > most:
            continue
        image = draw(size)
        lightest = 0
        for lightest, file in _files(image, plan, picture.lossless):
            if lightest <= plan.max_bytes:
                return file
        most = size[0] * size[1] * plan.max_bytes / lightest * 1.2
    raise TooHeavy


def _files(image: Image.Image, plan: Plan, lossless: bool) -> Iterator[tuple[int, File]]:
    """The ways to write it, the truest first, each with its bytes."""
    can = set(plan.formats)
    if _PNG in can and (lossless or image.mode == "RGBA" or not can & {_JPEG, _WEBP}):
        quick = _file(image, _PNG, compress_level=1, compress_type=_RUN_LENGTHS)
        yield quick
        if quick[0] <= plan.max_bytes * _WORTH:
            yield _file(image, _PNG, compress_level=6)
    for quality in _QUALITIES:
        if _JPEG in can:
            yield _file(_on_white(image), _JPEG, quality=quality, subsampling="4:4:4")
        elif _WEBP in can:
            yield _file(image, _WEBP, quality=quality, method=4)


def _file(image: Image.Image, format: str, **options: object) -> tuple[int, File]:
    target = BytesIO()
    image.save(target, format, **options)
    return target.tell(), File(target.getvalue(), f"image/{format}")


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG has no transparency."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, mask=image.getchannel("A"))
    return ground
