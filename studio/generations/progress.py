"""How far a generation is, and when it will be there, from what was measured."""

from datetime import timedelta
from statistics import median

from studio.catalogue.load import catalogue
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock

# Below this share the rate of the render itself says too little.
ENOUGH = 0.08
# How many finished clips of the same model the expectation is learned from.
SAMPLE = 20
# What proving and filing takes after the render (seconds, measured on clips of 4 s).
FILING = 2


class Usual:
    """What all cards of a page ask of the same models, read once for each model."""

    def __init__(self) -> None:
        self._read: dict[str, float | None] = {}

    def seconds(self, key: str) -> float | None:
        if key not in self._read:
            self._read[key] = usual_seconds(key)
        return self._read[key]


def seconds_left(generation: Generation, usual: Usual) -> int | None:
    """Seconds until the clip should be ready; None while nothing measured allows a guess."""
    if generation.state == State.ARCHIVING:
        return FILING
    if generation.state != State.RUNNING or generation.started_at is None:
        return None
    elapsed = (clock.now() - generation.started_at).total_seconds()
    if generation.progress >= ENOUGH:
        rest = elapsed * (1 - generation.progress) / generation.progress
        return max(1, round(rest)) + FILING
    whole = usual.seconds(generation.model)
    return None if whole is None else max(1, round(whole - elapsed))


def usual_seconds(key: str) -> float | None:
    """Median time from start to ready of this studio's last clips, else the catalogue's."""
    done = Generation.objects.filter(
        model=key, state=State.SUCCEEDED, started_at__isnull=False, finished_at__isnull=False
    )
    recent = done.order_by("-created_at").values_list("started_at", "finished_at")[:SAMPLE]
    times = [
        (finished - started) / timedelta(seconds=1)
        for started, finished in recent
        if started and finished
    ]
    if times:
        return median(times)
    spec = catalogue().models.get(key)
    return spec.usual_seconds if spec else None
