"""How pictures are made smaller."""

from PIL import Image

# A decoder of JPEGs leaves out what a picture of half, a quarter or an eighth would not show.
_ON_THE_WAY = (8, 4, 2)
# To scale by less than this blurs; so there is either that much left to do, or nothing.
_GAP = 1.25
_NEAR = 15 / 16


def within(image: Image.Image, side: int) -> Image.Image:
    """Scaled down, never up, so that no side is longer than `side` pixels."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=_GAP)


def reduction(size: tuple[int, int], side: int) -> int:
    """By how much a JPEG is to be reduced while it is decoded, for a picture within `side`.

    An eighth of a telephone's 4,000 or 4,032 pixels is so near to 512 that it is the thumb.
    """
    for by in _ON_THE_WAY:
        left = max(size) / by
        if _NEAR * side <= left <= side or left >= _GAP * side:
            return by
    return 1
