"""Which clip comes of a request: pixels, frames per second, length, sound."""

from dataclasses import dataclass
from fractions import Fraction

from studio.sandbox.rules.pictures import Picture

_SHORT_SIDES = {"360p": 360, "540p": 540, "720p": 720, "1080p": 1080}


@dataclass(frozen=True)
class Clip:
    """`seconds` may be a fraction, written as "9/2"."""

    width: int
    height: int
    fps: int
    seconds: Fraction
    sound: bool

    @property
    def name(self) -> str:
        length = str(self.seconds).replace("/", "over")
        return f"{self.width}x{self.height}-{self.fps}-{length}{'-sound' if self.sound else ''}"


def by_size(size: str, ratio: str | None, pictures: tuple[Picture, ...]) -> tuple[int, int]:
    """The pixels of a `size` "WxH": turned to `ratio`, or taking the shape of the first picture."""
    width, height = (int(side) for side in size.split("x"))
    if ratio == "9:16":
        return height, width
    if ratio == "1:1":
        return min(width, height), min(width, height)
    if pictures and ratio is None:
        return _shaped(min(width, height), pictures[0]) or (width, height)
    return width, height


def by_resolution(
    resolution: str, ratio: str | None, pictures: tuple[Picture, ...]
) -> tuple[int, int]:
    """The pixels of a `resolution` "720p" at a `ratio`, or in the shape of the first picture."""
    short = _SHORT_SIDES[resolution]
    if ratio is None and pictures:
        found = _shaped(short, pictures[0])
        if found:
            return found
    across, down = (int(part) for part in (ratio or "16:9").split(":"))
    return _even(short, Fraction(across, down))


def _shaped(short: int, picture: Picture) -> tuple[int, int] | None:
    """None where only an address of the picture is known."""
    return _even(short, Fraction(picture.width, picture.height)) if picture.height else None


def _even(short: int, shape: Fraction) -> tuple[int, int]:
    """H.264 wants even sides."""
    long = 2 * round(short * max(shape, 1 / shape) / 2)
    return (long, short) if shape >= 1 else (short, long)
