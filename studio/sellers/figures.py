"""What is under way and what was paid at an account, counted from the rows of the jobs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Count, Sum

from studio.generations.models import Attempt, AttemptQuerySet, AttemptState
from studio.generations.states import FINAL, HOLDS_SEAT
from studio.scheduling.models import ProviderAccount
from studio.spend.models import LedgerEntry


def in_flight(accounts: Iterable[ProviderAccount]) -> Mapping[int, int]:
    """How many jobs hold a seat of each account, by its primary key; nothing where none does."""
    seated = Attempt.objects.filter(
        account__in=list(accounts), seat_given_back_at=None, generation__state__in=HOLDS_SEAT
    )
    return dict(seated.values_list("account").annotate(Count("pk")))


def open_attempts(account: ProviderAccount) -> AttemptQuerySet:
    """Those for which the provider may still have to be asked with the key that sent them."""
    known = account.attempts.exclude(state=AttemptState.REJECTED)
    return known.exclude(generation__state__in=FINAL)


def open_jobs(account: ProviderAccount) -> int:
    return open_attempts(account).count()


def keys_in_use(account: ProviderAccount) -> set[int]:
    """The keys, by primary key, that open attempts were sent with."""
    sent_with = open_attempts(account).exclude(key=None)
    return set(sent_with.values_list("key", flat=True))


def settled(account: ProviderAccount) -> Mapping[str, Decimal]:
    """What was paid for the jobs that this account took, by the seller's currency."""
    taken = account.attempts.filter(state=AttemptState.ACCEPTED)
    spent = LedgerEntry.objects.spent().filter(generation_uid__in=taken.values("generation__uid"))
    sums = spent.order_by("currency").values_list("currency").annotate(Sum("amount"))
    return dict(sums)
