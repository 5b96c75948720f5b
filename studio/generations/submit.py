"""From queued to running: choose a seat, write the attempt, send the job."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from studio.generations import cancel
from studio.generations.leases import Lease
from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.states import HOLDS_SEAT, State
from studio.generations.transitions import move
from studio.lib import clock, failpoints
from studio.scheduling import seats
from studio.scheduling.models import ProviderAccount

# How soon a row that found no seat looks again; a seat given back wakes it earlier.
WAIT = timedelta(seconds=2)


def submit(lease: Lease) -> None:
    """Start the generation if a seat is free and it is first in line; else wait.

    Local jobs have no wire: the attempt is accepted in the transaction that takes the seat.
    """
    failpoints.reach("submit.before_cas")
    generation = lease.generation
    if not generation.person.is_active:
        cancel.withdraw(generation, gettext_noop("The person was switched off."))
        return
    with transaction.atomic():
        account = _free_account(generation)
        started = account is not None and _start(lease, account)
    if not started:
        lease.drop(clock.now() + WAIT)
    failpoints.reach("submit.after_claim")


def _free_account(generation: Generation) -> ProviderAccount | None:
    """The account whose seat this generation may take now. Locks it until the commit."""
    account = seats.lock_account(generation.provider)
    if account is None:
        return None
    if Attempt.objects.in_seat(account).count() >= account.in_flight_limit:
        return None
    return account if first_in_line(generation.provider) == generation.pk else None


def first_in_line(provider: str) -> int | None:
    """Whose turn it is: the oldest of those whose person has the fewest in flight."""
    seated = Count("person__generations", filter=Q(person__generations__state__in=HOLDS_SEAT))
    waiting = Generation.objects.filter(state=State.QUEUED, model__startswith=f"{provider}/")
    turn = waiting.annotate(seated=seated).order_by("seated", "created_at", "pk")
    return turn.values_list("pk", flat=True).first()


def _start(lease: Lease, account: ProviderAccount) -> bool:
    generation = lease.generation
    if not move(generation, State.QUEUED, State.SUBMITTING, lease=lease.token):
        return False
    number = generation.attempts.count() + 1
    attempt = Attempt.objects.create(
        generation=generation, account=account, number=number, state=AttemptState.ACCEPTED
    )
    detail = {"attempt": attempt.uid, "account": account.name}
    return move(generation, State.SUBMITTING, State.RUNNING, detail=detail, started_at=clock.now())
