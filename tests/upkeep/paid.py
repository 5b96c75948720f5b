"""Clips that cost something, with the rows that go with their state: what an engine would leave."""

from decimal import Decimal
from itertools import count

from django.db import transaction

from studio.accounts.models import Project, User
from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.states import Charge, State
from studio.generations.transitions import move
from studio.lib import clock
from studio.scheduling.models import ProviderAccount
from studio.spend import ledger
from tests import clips

PRICE = Decimal("0.20")
_numbers = count(1)


def account() -> ProviderAccount:
    return ProviderAccount.objects.get_or_create(
        provider="zai", name="Main", defaults={"in_flight_limit": 5}
    )[0]


@transaction.atomic
def queued(project: Project, person: User) -> Generation:
    made = clips.generation(
        project=project,
        person=person,
        model="zai/vidu2-image",
        price=PRICE,
        studio_price=PRICE,
        price_version="2026-11",
        charge=Charge.HELD,
    )
    hold = ledger.Hold(
        generation_uid=made.uid,
        person=person,
        project=project,
        model=made.model,
        provider="zai",
        amount=PRICE,
        currency="USD",
        studio_amount=PRICE,
        studio_currency="USD",
        rate=Decimal(1),
        price_version="2026-11",
    )
    ledger.hold([hold])
    return made


def submitting(project: Project, person: User) -> Generation:
    """Its POST is on its way."""
    made = queued(project, person)
    move(made, State.QUEUED, State.SUBMITTING)
    Attempt.objects.create(generation=made, account=account(), number=1, state=AttemptState.SENDING)
    return made


def running(project: Project, person: User) -> Generation:
    made = submitting(project, person)
    attempt = made.attempts.filter()
    attempt.update(state=AttemptState.ACCEPTED, remote_id=f"job-{next(_numbers)}-{made.uid}")
    move(made, State.SUBMITTING, State.RUNNING)
    return made


@transaction.atomic
def archiving(project: Project, person: User) -> Generation:
    made = running(project, person)
    move(made, State.RUNNING, State.ARCHIVING, charge=Charge.SETTLED)
    attempt = made.attempts.get()
    ledger.settle(made.uid, attempt_uid=attempt.uid)
    made.attempts.update(seat_given_back_at=clock.now())
    return made


@transaction.atomic
def succeeded(project: Project, person: User, data: bytes = b"") -> Generation:
    made = archiving(project, person)
    video = clips.video(attempt_uid=made.attempts.get().uid, data=data or made.uid.encode())
    move(made, State.ARCHIVING, State.SUCCEEDED, video=video)
    return made


@transaction.atomic
def cancelled(project: Project, person: User) -> Generation:
    made = queued(project, person)
    move(made, State.QUEUED, State.CANCELLED, charge=Charge.RELEASED)
    ledger.release(made.uid, reason="cancelled before it was sent")
    return made
