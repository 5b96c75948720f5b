"""Camera moves: what the camera sees first and last, and how it goes from one to the other."""

from dataclasses import dataclass

from studio.providers.local.boxes import Box, Size, centred, cover

# A picture at least this much longer than the frame is looked along, not at.
_LONG = 1.2
_MONTAGE = ("push-in", "pan-right", "pull-out", "pan-left")
_DIRECTIONS = {"pan-left": (-1, 0), "pan-right": (1, 0), "pan-up": (0, -1), "pan-down": (0, 1)}


@dataclass(frozen=True)
class Stage:
    """A canvas at least as large as the frame's shape needs, and the frame seen in it."""

    canvas: Size
    frame: Size

    @property
    def whole(self) -> Box:
        return cover(self.canvas, self.frame)

    @property
    def spare(self) -> tuple[float, float]:
        """How many frames wide and high the canvas is beyond the one in its middle."""
        whole = self.whole
        return self.canvas.width / whole.width - 1, self.canvas.height / whole.height - 1

    def view(self, x: float, y: float, zoom: float) -> Box:
        """`zoom` 1 is the whole frame; x and y go from -1 to 1 as far as the canvas reaches."""
        whole = self.whole
        box = centred((whole.width / zoom, whole.height / zoom), self.canvas)
        right, down = box.left * x, box.top * y
        return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


@dataclass(frozen=True)
class Move:
    first: Box
    last: Box

    def at(self, share: float) -> Box:
        return self.first.towards(self.last, share)


def ease(t: float) -> float:
    """From 0 to 1, leaving and arriving gently."""
    t = min(max(t, 0.0), 1.0)
    return t * t * (3 - 2 * t)


def there_and_back(t: float) -> float:
    """0 at both ends, 1 in the middle, at rest at all three."""
    return ease(2 * t) if t < 0.5 else ease(2 - 2 * t)


def resolve(motion: str, picture: Size, frame: Size, number: int = 0) -> str:
    """What "auto" means for this picture, the `number`th of a montage."""
    if motion != "auto":
        return motion
    if picture.ratio > frame.ratio * _LONG:
        return "pan-right"
    if picture.ratio * _LONG < frame.ratio:
        return "pan-up"
    return _MONTAGE[number % len(_MONTAGE)]


def move(motion: str, stage: Stage, seconds: float) -> Move:
    """A move of that name, as far as is comfortable in that time."""
    near = 1 + _push(seconds)
    if motion == "push-in":
        return Move(stage.view(0, 0, 1), stage.view(0, 0, near))
    if motion == "pull-out":
        return Move(stage.view(0, 0, near), stage.view(0, 0, 1))
    if motion == "drift":
        return Move(stage.view(-0.8, 0.6, 1 + _push(seconds) / 2), stage.view(0.8, -0.6, near))
    return _pan(_DIRECTIONS[motion], stage, seconds)


def _push(seconds: float) -> float:
    return min(0.06 + 0.02 * seconds, 0.22)


def _pan(direction: tuple[int, int], stage: Stage, seconds: float) -> Move:
    """Along the picture where it is longer than the frame; else a little closer, to have room."""
    x, y = direction
    spare = stage.spare[0] if x else stage.spare[1]
    wanted = min(0.04 + 0.02 * seconds, 0.18)
    if spare >= wanted:
        zoom, reach = 1.0, min(1.0, 0.1 * seconds / spare)
    else:
        zoom, reach = 1 / (1 + spare - wanted), 1.0
    return Move(stage.view(-x * reach, -y * reach, zoom), stage.view(x * reach, y * reach, zoom))
