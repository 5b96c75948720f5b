"""On the one-machine install nobody fetches while the computer sleeps: which jobs need it awake."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from studio.catalogue.load import catalogue
from studio.generations.models import Generation
from studio.generations.plan import DEFAULT_LINK_HOURS
from studio.generations.progress import usual_seconds
from studio.generations.states import State

# With an answer at the provider, or about to be.
THERE = (State.SUBMITTING, State.RUNNING, State.ARCHIVING)


@dataclass(frozen=True)
class Vigil:
    """`count` paid jobs are under way; the first result must be fetched `by` then."""

    count: int
    by: datetime


def vigil(mine: Q | None = None) -> Vigil | None:
    """None where nothing paid is under way, or where servers do not sleep."""
    if not settings.EMBEDDED:
        return None
    paid = list(Generation.objects.filter(mine or Q(), state__in=THERE, price__gt=0))
    if not paid:
        return None
    usual = {model: usual_seconds(model) or 0 for model in {each.model for each in paid}}
    return Vigil(len(paid), min(_fetched_by(each, usual[each.model]) for each in paid))


def _fetched_by(generation: Generation, usual: float) -> datetime:
    """When its file goes away: as told, else what it usually takes and how long links live."""
    if generation.link_dies_at:
        return generation.link_dies_at
    spec = catalogue().models.get(generation.model)
    hours = spec.link_life_hours if spec else DEFAULT_LINK_HOURS
    begun = generation.started_at or generation.created_at
    return begun + timedelta(seconds=usual, hours=hours)
