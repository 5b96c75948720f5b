"""Who is next at a provider. A seat that comes free wakes one row, not everybody in line."""

from collections import Counter

from django.db.models import Count, Min, Q

from studio.generations.models import Attempt, Generation, GenerationQuerySet
from studio.generations.states import HOLDS_SEAT, State
from studio.lib import clock


def first_in_line(provider: str, *, off_peak: bool = False) -> int | None:
    """Whose turn it is: the person with the fewest seats there, and then who waits longest.

    Of that person's jobs the most urgent, oldest. Who was told to wait is not in line, so that
    nobody waits behind them. Reads the line and the seats once, however long both are.
    """
    waiting = in_line(provider, off_peak=off_peak)
    people = waiting.order_by().values_list("person").annotate(since=Min("created_at"))
    seated = _seated(provider, off_peak=off_peak)
    turn = min(people, key=lambda row: (seated[row[0]], row[1], row[0]), default=None)
    if turn is None:
        return None
    mine = waiting.filter(person=turn[0]).order_by("-priority", "created_at", "pk")
    return mine.values_list("pk", flat=True).first()


def in_line(provider: str, *, off_peak: bool) -> GenerationQuerySet:
    patient = Q(waits_until=None) | Q(waits_until__lte=clock.now())
    return Generation.objects.filter(
        patient, state=State.QUEUED, model__startswith=f"{provider}/", is_off_peak=off_peak
    )


def _seated(provider: str, *, off_peak: bool) -> Counter[int]:
    """How many seats each person has in this lane."""
    taken = Attempt.objects.filter(
        account__provider=provider,
        is_off_peak=off_peak,
        seat_given_back_at=None,
        generation__state__in=HOLDS_SEAT,
    )
    counted = taken.order_by().values_list("generation__person").annotate(count=Count("pk"))
    return Counter(dict(counted))


def wake_next(generation: Generation) -> None:
    """Whoever is first in this generation's line looks for a seat at once."""
    first = first_in_line(generation.provider, off_peak=generation.is_off_peak)
    if first is not None:
        Generation.objects.filter(pk=first, lease_token="").update(due_at=clock.now())


def give_seat_back(generation: Generation) -> None:
    """Free the seat and let the next in line look."""
    now = clock.now()
    if generation.attempts.filter(seat_given_back_at=None).update(seat_given_back_at=now):
        wake_next(generation)


def wake_archive(provider: str) -> int:
    """The files that wait for a host of this provider are fetched at once."""
    waiting = Generation.objects.filter(
        state=State.ARCHIVING, model__startswith=f"{provider}/", lease_token=""
    )
    return waiting.update(due_at=clock.now())
