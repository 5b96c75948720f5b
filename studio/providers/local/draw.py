"""The renderer's child: `python -m studio.providers.local.draw` under `studio.lib.child`."""

import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from studio.lib import cage
from studio.lib.cage import Tell
from studio.lib.h264 import writer
from studio.providers.local import scenes
from studio.providers.local.planes import measure
from studio.providers.local.scenes import FPS, Draw, Film
from studio.providers.local.sizes import frame_size
from studio.providers.local.slate import slate

# Progress is told this often, in seconds.
_BEAT = 0.1
_HANDS = min(4, os.cpu_count() or 1)


def draw(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    cv2.setNumThreads(_HANDS)
    with _pulse(tell) as pulse:
        paths = [Path(path) for path in request["pictures"]]
        film = _film(request["parameters"], paths)
        scene = _slated(film, request, paths)
        # From here on each hand draws a frame of its own; before, they looked at one together.
        cv2.setNumThreads(1)
        frames = _ahead(scene, film.frames)
        with writer(Path(request["target"]), film.size, FPS, _options(film.frames)) as put:
            for number, frame in enumerate(frames):
                put(VideoFrame.from_numpy_buffer(frame, format="yuv420p"), number)
                pulse.progress = (number + 1) / film.frames
    return {"frames": film.frames}


class _Pulse(threading.Thread):
    """Tells the progress steadily, also while nothing moves: each line is a chance to stop us."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(daemon=True)
        self.tell, self.progress, self.ended = tell, 0.0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(_BEAT):
            self.tell({"progress": self.progress})


@contextmanager
def _pulse(tell: Tell) -> Iterator[_Pulse]:
    pulse = _Pulse(tell)
    pulse.start()
    try:
        yield pulse
    finally:
        pulse.ended.set()
        pulse.join()


def _options(frames: int) -> dict[str, str]:
    # The first and last frame get six times the bits: they are to be the pictures themselves,
    # and the next clip may begin with them.
    zones = f"0,0,b=6/{frames - 1},{frames - 1},b=6"
    return {
        "preset": "veryfast",
        "crf": "18",
        "g": str(2 * FPS),
        # No B-frames: in between two frames, a slow pan would tremble. A block that moves is
        # never parted: all of a picture moves as one, and the search for more takes a third of
        # the time. The coarsest search to a quarter of a pixel (subme=1) leaves nothing to be
        # seen that a finer one finds, trembles no more, and takes two thirds of its time.
        "x264-params": f"chromaloc=1:bframes=0:subme=1:partitions=i4x4:zones={zones}",
    }


def _film(parameters: dict[str, Any], paths: list[Path]) -> Film:
    shape = measure(paths[0]) if paths else None
    return Film(
        size=frame_size(parameters["size"], shape),
        frames=parameters["duration"] * FPS,
        motion=parameters["motion"],
        fit=parameters["fit"],
    )


def _slated(film: Film, request: dict[str, Any], paths: list[Path]) -> Draw:
    scene = _scene(film, request, paths)
    burnt_in = slate(request["parameters"].get("slate", ""), film.size)
    return (lambda number: burnt_in.over(scene(number))) if burnt_in else scene


def _scene(film: Film, request: dict[str, Any], paths: list[Path]) -> Draw:
    match request["mode"]:
        case "text":
            return scenes.card(film, request["prompt"])
        case "start-end":
            return scenes.crossing(film, *paths)
        case _:
            return scenes.montage(film, paths)


def _ahead(scene: Draw, count: int) -> Iterator[NDArray[np.uint8]]:
    """The frames in order, a few drawn in advance: Pillow lets the other cores work."""
    drawing: deque[Future[NDArray[np.uint8]]] = deque()
    with ThreadPoolExecutor(_HANDS) as pool:
        for number in range(count):
            drawing.append(pool.submit(lambda n: scene(n).frame(), number))
            if len(drawing) > 2 * _HANDS:
                yield drawing.popleft().result()
        while drawing:
            yield drawing.popleft().result()


if __name__ == "__main__":
    cage.main(draw)
