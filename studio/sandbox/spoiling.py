"""Delivering something else than was asked for: another length, shape, speed, or no sound."""

from dataclasses import replace
from fractions import Fraction

from studio.sandbox.clips import Clip
from studio.sandbox.faults import Fault


def spoilt(clip: Clip, fault: Fault) -> Clip:
    """The clip that arrives instead of `clip`."""
    if fault.name == "other_length":
        seconds = fault.number("seconds", float(clip.seconds) - 1 if clip.seconds > 1 else 2)
        return replace(clip, seconds=Fraction(str(seconds)))
    if fault.name == "other_shape":
        width, _, height = fault.word("size", f"{clip.height}x{clip.width + 64}").partition("x")
        return replace(clip, width=int(width), height=int(height))
    if fault.name == "other_fps":
        return replace(clip, fps=int(fault.number("fps", 16)))
    return replace(clip, sound=not clip.sound)
