"""Links die. How near each finished, unarchived file is to that, and who is told."""

import logging
from datetime import datetime

from studio.generations.models import Generation
from studio.generations.spool import current_attempt
from studio.generations.states import State
from studio.generations.transitions import note
from studio.lib import clock

log = logging.getLogger(__name__)

# Shares of a link's life at which somebody is told, the later ones louder.
LEVELS = (0.5, 0.8)


def share_gone(generation: Generation, now: datetime) -> float:
    """How much of the link's life is over: 0 just finished, 1 dead."""
    begun = current_attempt(generation).links_at
    dies = generation.link_dies_at
    if begun is None or dies is None or dies <= begun:
        return 0
    return (now - begun) / (dies - begun)


def warn() -> int:
    """Tell of each file whose link has passed a level since last time. Returns how many."""
    now = clock.now()
    waiting = Generation.objects.filter(state=State.ARCHIVING, link_dies_at__isnull=False)
    return sum(_warn(generation, share_gone(generation, now)) for generation in waiting)


def _warn(generation: Generation, share: float) -> int:
    told = 0
    for level in LEVELS:
        kind = f"link {level:.0%}"
        if share >= level and not generation.events.filter(kind=kind).exists():
            note(generation, kind, dies=str(generation.link_dies_at))
            log.error(
                "Generation %s is not archived and %.0f%% of its link's life is over",
                generation.uid,
                level * 100,
            )
            told += 1
    return told
