"""What a Prometheus reads: the queue, the archive, the accounts, the room. Counted from rows.

Every web process would answer the same, so it is enough to ask one. No name of a person or of a
project and no word of a prompt is ever a label.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min

import studio
from studio.catalogue.load import catalogue
from studio.generations.models import Attempt, Generation, GenerationEvent
from studio.generations.states import FINAL, HOLDS_SEAT, State
from studio.scheduling import pulse
from studio.scheduling.models import ProviderAccount
from studio.storage import space
from studio.vitals.gauges import Gauge, Sample

# A clip that is kept may still wait for its poster.
WAITING = (*(state for state in State if state not in FINAL), State.SUCCEEDED)


def gauges(now: datetime) -> Iterator[Gauge]:
    """Ages are in seconds."""
    version = Sample(1, {"version": studio.VERSION})
    yield Gauge("studio_build_info", "1, with the version.", (version,))
    yield Gauge("studio_jobs", "Jobs that are not at their end.", tuple(_jobs()))
    yield Gauge(
        "studio_oldest_due_seconds",
        "For how long the oldest due job has not been taken; of running: the lag of the polls.",
        tuple(_oldest_due(now)),
    )
    yield Gauge(
        "studio_oldest_unarchived_seconds",
        "How long the oldest finished file has waited for the archive.",
        (Sample(_oldest_unarchived(now)),),
    )
    yield Gauge(
        "studio_link_life_left_seconds",
        "Until the first link of a finished, unarchived file dies; no sample while none waits.",
        tuple(_link_life_left(now)),
    )
    yield from _of_accounts(now)
    yield Gauge("studio_disk_free_bytes", "Room where the media lie.", (Sample(space.free()),))
    beat = Sample(_age(pulse.last(), now, never=-1))
    yield Gauge("studio_beat_age_seconds", "Since the last tick; -1: there was none.", (beat,))


def _jobs() -> Iterator[Sample]:
    """Of each state and provider, 0 too: an alarm needs something to look at."""
    counted: Counter[tuple[str, str]] = Counter()
    rows = Generation.objects.under_way().order_by().values_list("state", "model")
    for state, model, count in rows.annotate(count=Count("pk")):
        counted[state, model.partition("/")[0]] += count
    for state in State:
        if state not in FINAL:
            for provider in catalogue().providers:
                labels = {"state": str(state), "provider": provider.key}
                yield Sample(counted[state, provider.key], labels)


def _oldest_due(now: datetime) -> Iterator[Sample]:
    due = Generation.objects.filter(due_at__lte=now).order_by().values_list("state")
    oldest = dict(due.annotate(oldest=Min("due_at")))
    for state in WAITING:
        yield Sample(_age(oldest.get(state), now, never=0), {"state": str(state)})


def _oldest_unarchived(now: datetime) -> float:
    waiting = GenerationEvent.objects.filter(
        generation__state=State.ARCHIVING, to_state=State.ARCHIVING
    )
    return _age(waiting.aggregate(oldest=Min("at"))["oldest"], now, never=0)


def _link_life_left(now: datetime) -> Iterator[Sample]:
    waiting = Generation.objects.filter(state=State.ARCHIVING)
    first = waiting.aggregate(first=Min("link_dies_at"))["first"]
    if first is not None:
        yield Sample((first - now).total_seconds())


def _of_accounts(now: datetime) -> Iterator[Gauge]:
    accounts = list(ProviderAccount.objects.filter(removed_at=None).order_by("provider", "name"))
    labels = [{"provider": each.provider, "account": each.name} for each in accounts]
    in_flight = _in_flight()

    def gauge(name: str, words: str, values: Iterator[float]) -> Gauge:
        return Gauge(name, words, tuple(map(Sample, values, labels)))

    yield gauge(
        "studio_account_paused",
        "1 while nothing is sent through the account.",
        (float(each.paused_at is not None) for each in accounts),
    )
    yield gauge(
        "studio_account_in_flight",
        "Jobs that the provider has, or may have.",
        (in_flight[each.pk] for each in accounts),
    )
    yield gauge(
        "studio_account_limit",
        "How many it may have, as set or as learned.",
        (each.ceiling or each.in_flight_limit for each in accounts),
    )
    yield gauge(
        "studio_account_error_age_seconds",
        "Since its last error; -1: there was none.",
        (_age(each.last_error_at, now, never=-1) for each in accounts),
    )


def _in_flight() -> Counter[int]:
    seated = Attempt.objects.filter(seat_given_back_at=None, generation__state__in=HOLDS_SEAT)
    counted = seated.order_by().values_list("account").annotate(count=Count("pk"))
    return Counter(dict(counted))


def _age(since: datetime | None, now: datetime, *, never: float) -> float:
    return never if since is None else max(0.0, round((now - since).total_seconds(), 3))
