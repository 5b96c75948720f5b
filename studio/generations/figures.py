"""What was ordered beside what was measured."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from studio.archive.models import Video
from studio.generations.models import Generation


@dataclass(frozen=True)
class Figure:
    """`ordered` empty: the maker promised nothing. `measured` empty: there is no clip yet."""

    word: str
    ordered: str
    measured: str
    differs: bool


def compare(generation: Generation) -> tuple[Figure, ...]:
    promised, video = generation.promised, generation.video
    width, height = promised.get("width"), promised.get("height")
    return tuple(
        Figure(word, ordered, _measured(video, read), name in generation.differs)
        for name, word, ordered, read in (
            ("seconds", _("Length"), _unit(promised.get("seconds"), _("s")), _length),
            ("size", _("Size"), f"{width} × {height}" if width else "", _size),
            ("fps", _("Rate"), _unit(promised.get("fps"), _("fps")), _rate),
            ("audio", _("Sound"), _yes(bool(promised.get("audio"))), _sound),
        )
    )


def _measured(video: Video | None, read: Callable[[Video], str]) -> str:
    return read(video) if video else ""


def _length(video: Video) -> str:
    return " · ".join((_unit(video.seconds, _("s")), _unit(video.frames, _("frames"))))


def _size(video: Video) -> str:
    return f"{video.width} × {video.height}"


def _rate(video: Video) -> str:
    return _unit(video.fps, _("fps"))


def _sound(video: Video) -> str:
    return _yes(video.audio)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _unit(number: object, unit: str) -> str:
    """The number without idle zeros and its unit; empty where there is no number."""
    if number is None:
        return ""
    return f"{format(Decimal(str(number)).normalize(), 'f')} {unit}"
