"""The strict full decode, in a caged child: what stands between a file and a Video row."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from studio.archive.errors import NotAVideo
from studio.lib import child

SECONDS = 15 * 60
MEMORY = 2 * 1024**3


@dataclass(frozen=True)
class Measured:
    """What a file really holds. Pixels as shown, seconds, frames per second."""

    width: int
    height: int
    seconds: Decimal
    frames: int
    fps: Decimal
    codec: str
    audio: bool


def measure(path: Path) -> Measured:
    """Decode every frame. Raises NotAVideo with a reason in plain words."""
    request = {"source": str(path.absolute())}
    try:
        found = child.run(
            "studio.archive.decoding", request, seconds=SECONDS, memory=MEMORY
        )
    except child.ChildFailed as error:
        raise NotAVideo(str(error)) from error
    if "refused" in found:
        raise NotAVideo(found["refused"])
    return Measured(
        width=found["width"],
        height=found["height"],
        seconds=_rounded(found["seconds"]),
        frames=found["frames"],
        fps=_rounded(found["fps"]),
        codec=found["codec"],
        audio=found["audio"],
    )


def _rounded(fraction: str) -> Decimal:
    value = Fraction(fraction)
    return round(Decimal(value.numerator) / Decimal(value.denominator), 3)
