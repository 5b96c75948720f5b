"""How large a clip is, and how large the canvas it is looked at on."""

from studio.providers.local.boxes import Size, even

_LONG_SIDE = 1280
_SHORTEST = 64
# Pixels of canvas per pixel of frame, so that a close view is still sharp.
_DETAIL = 1.25
# A canvas is at most this many frames long: a panorama is not kept whole for a short look.
_LONGEST = 2.5


def frame_size(size: str, picture: Size | None) -> Size:
    """The clip's size: the named one, or the picture's own shape with 1280 on its long side."""
    if size != "picture":
        return Size(*map(int, size.split("x")))
    if picture is None:
        return Size(1280, 720)
    scale = _LONG_SIDE / max(picture)
    width, height = (max(_SHORTEST, even(side * scale)) for side in picture)
    return Size(width, height)


def canvas_size(picture: Size, frame: Size, *, along: bool = False) -> Size:
    """A canvas of the frame's shape; `along`: as long as the picture, to be looked along."""
    width, height = frame.width * _DETAIL, frame.height * _DETAIL
    if along:
        width *= min(max(picture.ratio / frame.ratio, 1), _LONGEST)
        height *= min(max(frame.ratio / picture.ratio, 1), _LONGEST)
    return Size(even(width), even(height))
