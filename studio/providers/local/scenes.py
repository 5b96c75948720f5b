"""What each frame of a clip shows, for each mode: a function of the frame's number."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from studio.providers.local import morph, title
from studio.providers.local.boxes import Size
from studio.providers.local.moves import Move, Stage, ease, move, resolve, there_and_back
from studio.providers.local.planes import Planes, convert, cropped, load, padded
from studio.providers.local.sizes import canvas_size

FPS = 24
Draw = Callable[[int], Planes]

# Cross-fade between two pictures of a montage, in frames at most.
_FADE = 14


@dataclass(frozen=True)
class Film:
    """What is to be drawn: `frames` of `size`, `fit` naming the rule for other shapes."""

    size: Size
    frames: int
    motion: str
    fit: str

    @property
    def seconds(self) -> float:
        return self.frames / FPS


@dataclass(frozen=True)
class _Shot:
    """One picture under its move, seen from frame `first` until frame `end`."""

    planes: Planes
    move: Move
    first: float
    end: float

    def view(self, number: int, size: Size) -> Planes:
        share = (number - self.first) / max(1, self.end - 1 - self.first)
        return self.planes.view(self.move.at(ease(share)), size)


def montage(film: Film, paths: Sequence[Path]) -> Draw:
    """Each picture for its share of the time, with a move of its own and a short cross-fade."""
    slot = film.frames / len(paths)
    fade = min(_FADE, slot / 3)
    shots = [
        _shot(film, path, number, (number * slot - (fade if number else 0), (number + 1) * slot))
        for number, path in enumerate(paths)
    ]

    def draw(number: int) -> Planes:
        first, *later = (s for s in shots if s.first <= number < s.end)
        picture = first.view(number, film.size)
        for shot in later:
            share = ease((number - shot.first) / fade)
            picture = picture.mixed(shot.view(number, film.size), share)
        return picture

    return draw


def _shot(film: Film, path: Path, number: int, span: tuple[float, float]) -> _Shot:
    picture = load(path)
    shape = Size(*picture.size)
    motion = _motion(film, shape, number)
    canvas = canvas_size(shape, film.size, along=film.fit == "crop" and motion.startswith("pan"))
    planes = convert(_fitted(picture, canvas, film.fit))
    first, end = span
    path_taken = move(motion, Stage(canvas, film.size), (end - first) / FPS)
    return _Shot(planes, path_taken, first, end)


def _motion(film: Film, shape: Size, number: int) -> str:
    if film.motion == "auto" and film.fit == "pad":
        # Who asked for the whole picture gets to see it whole in the end.
        return "pull-out"
    return resolve(film.motion, shape, film.size, number)


def _fitted(picture: Image.Image, canvas: Size, fit: str) -> Image.Image:
    return padded(picture, canvas) if fit == "pad" else cropped(picture, canvas)


def crossing(film: Film, start: Path, end: Path) -> Draw:
    """From one picture to the other. Frame one is the first, the last frame is the second."""
    canvas = canvas_size(film.size, film.size)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(
            lambda path: convert(_fitted(load(path), canvas, film.fit)), (start, end)
        )
    stage = Stage(canvas, film.size)
    found = morph.between(one, other)
    motion = resolve(film.motion, film.size, film.size)
    shared = move(motion, stage, film.seconds)
    far = shared.first if motion == "pull-out" else shared.last
    if found and film.motion == "auto":
        # The camera goes where the two pictures say.
        far = stage.whole

    def draw(number: int) -> Planes:
        t = number / (film.frames - 1)
        box = stage.whole.towards(far, there_and_back(t))
        if found:
            return found.frame(ease(t), box, film.size)
        # Both ends stand for a moment before anything mixes.
        return one.mixed(other, ease((t - 0.12) / 0.76)).view(box, film.size)

    return draw


def card(film: Film, words: str) -> Draw:
    """The words on a dark ground, fading up under the slowest of moves."""
    canvas = canvas_size(film.size, film.size)
    empty, full = (convert(picture) for picture in title.draw(words, canvas))
    motion = "push-in" if film.motion == "auto" else film.motion
    slow = move(motion, Stage(canvas, film.size), film.seconds / 3)
    rise = min(FPS * 0.6, film.frames / 8)

    def draw(number: int) -> Planes:
        box = slow.at(ease(number / (film.frames - 1)))
        return empty.mixed(full, ease(number / rise)).view(box, film.size)

    return draw
