"""The free renderer: how fast it is, how smoothly it moves, how near its in-between comes."""

import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from studio.catalogue.load import model
from studio.catalogue.specs import Mode
from studio.providers.base import Job, Picture
from studio.providers.local.moves import ease
from studio.providers.local.render import render
from tests.bench import crops, ffmpeg, table
from tests.bench.crops import SIZE, Luma, Pair
from tests.bench.table import Row
from tests.providers.looking import jitter, look, planes

SECONDS = 5
FRAMES = SECONDS * ffmpeg.FPS
# As far as our own push-in goes in that time.
NEARER = 0.16
SHARES = (0.25, 0.5, 0.75)
# Interpolating takes it a second a frame: a few are enough, and it is asked once.
INTERPOLATED = 12


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows(Path(folder))


def _rows(folder: Path) -> Iterator[Row]:
    pairs = {Path(name).stem: crops.pair(name) for name in crops.PHOTOS}
    for name, pair in pairs.items():
        pair.photo.save(folder / f"{name}.png")
        for share in (0, 1):
            pair.at(share).save(folder / f"{name}-{share}.png")
    photo, start, end = (folder / f"coffee{n}.png" for n in ("", "-0", "-1"))
    move, pan, morph = folder / "move.mp4", folder / "zoompan.mp4", folder / "coffee.mp4"
    moved, panned, morphed = table.medians(
        partial(_render, "image", move, photo, motion="push-in"),
        partial(ffmpeg.zoompan, photo, pan, SIZE, SECONDS, NEARER),
        partial(_render, "start-end", morph, start, end),
        times=5,
    )
    yield _real_time("Camera move, 5 s of 1280×720", moved, 2.0)
    yield Row("The same by zoompan", _pace(moved), _pace(panned), panned / moved, "", True)
    yield _jitter(move, pan)
    yield _real_time("Morph, 5 s of 1280×720", morphed, 1.0)
    yield _interpolated(start, end, folder / "minterpolate.mp4", morphed / FRAMES)
    for name, pair in pairs.items():
        clip = folder / f"{name}.mp4"
        if not clip.exists():
            _render("start-end", clip, *(folder / f"{name}-{n}.png" for n in (0, 1)))
        yield from _marks(name, pair, clip)


def _render(mode: str, target: Path, *paths: Path, **parameters: str) -> None:
    roles = ("start", "end")
    pictures = tuple(Picture(role, path) for role, path in zip(roles, paths, strict=False))
    size = f"{SIZE.width}x{SIZE.height}"
    job = Job(
        "b" * 32,
        model("local/animatic"),
        Mode(mode),
        "",
        {"duration": SECONDS, "size": size, **parameters},
        pictures,
    )
    render(job, target, lambda progress: True)


def _real_time(name: str, seconds: float, goal: float) -> Row:
    pace = SECONDS / seconds
    return Row(name, _pace(seconds), "real time", pace, f"at least {goal}", pace >= goal)


def _pace(seconds: float) -> str:
    return f"{seconds:.2f} s, {SECONDS / seconds:.2f} × real time"


def _jitter(ours: Path, theirs: Path) -> Row:
    mine, other = (jitter(look(path).frames) for path in (ours, theirs))
    met = mine <= other / 20 and mine <= 0.05
    goal = "at most 1/20, and 0.05 px"
    return Row(
        "Jitter of the move", f"{mine:.3f} px", f"zoompan {other:.3f} px", mine / other, goal, met
    )


def _interpolated(start: Path, end: Path, target: Path, ours: float) -> Row:
    began = time.perf_counter()
    ffmpeg.minterpolate(start, end, target, SIZE, INTERPOLATED)
    theirs = (time.perf_counter() - began) / INTERPOLATED
    return Row(
        "Morph, a frame",
        f"{1000 * ours:.0f} ms",
        f"minterpolate {1000 * theirs:.0f} ms",
        theirs / ours,
        "at least 20 times as fast",
        theirs >= 20 * ours,
    )


def _marks(name: str, pair: Pair, clip: Path) -> Iterator[Row]:
    frames = look(clip).frames
    ends = crops.luma(pair.at(0)), crops.luma(pair.at(1))
    for share in SHARES:
        shown: Luma = planes(frames[_number(share)])[0]
        faded = ends[0] * (1 - share) + ends[1] * share
        ours, theirs = pair.marks(share, shown, faded)
        yield Row(
            f"In-between of {name} at {share:.0%}",
            f"{ours:.1f} dB",
            f"cross-fade {theirs:.1f} dB",
            ours - theirs,
            "at least 8 dB more",
            ours - theirs >= 8,
        )


def _number(share: float) -> int:
    """The frame that has gone this share of the way."""
    gone = [ease(number / (FRAMES - 1)) for number in range(FRAMES)]
    return int(np.abs(np.array(gone) - share).argmin())


if __name__ == "__main__":
    sys.stdout.write("\n".join([table.machine(), "", *table.lines(rows())]) + "\n")
