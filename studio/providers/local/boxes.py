"""Sizes and boxes in pixels, with fractions; pure arithmetic."""

from typing import NamedTuple


class Size(NamedTuple):
    width: int
    height: int

    @property
    def ratio(self) -> float:
        return self.width / self.height


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def scaled(self, factor: float) -> "Box":
        return Box(*(side * factor for side in self))

    def within(self, space: Size) -> "Box":
        """Without the last digit by which arithmetic has left `space`."""
        width, height = space
        left, right = max(0.0, self.left), min(float(width), self.right)
        return Box(left, max(0.0, self.top), right, min(float(height), self.bottom))

    def towards(self, other: "Box", share: float) -> "Box":
        """`share` 0 is this box, 1 the other; on the way there nothing leaves their hull."""
        return Box(*(a + (b - a) * share for a, b in zip(self, other, strict=True)))


def centred(size: tuple[float, float], space: Size) -> Box:
    width, height = size
    left, top = (space.width - width) / 2, (space.height - height) / 2
    return Box(left, top, left + width, top + height)


def cover(picture: Size, frame: Size) -> Box:
    """The middle part of `picture` that has the frame's shape."""
    scale = min(picture.width / frame.width, picture.height / frame.height)
    return centred((frame.width * scale, frame.height * scale), picture).within(picture)


def inside(picture: Size, frame: Size) -> Box:
    """Where the whole of `picture` stands in the middle of the frame."""
    scale = min(frame.width / picture.width, frame.height / picture.height)
    return centred((picture.width * scale, picture.height * scale), frame)


def even(value: float) -> int:
    """The nearest even number: 4:2:0 has no odd sides."""
    return 2 * round(value / 2)
