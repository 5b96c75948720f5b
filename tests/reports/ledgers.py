"""Clips with their money, for the pages that add it up."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from studio.accounts.models import Project, User
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from studio.lib import money
from studio.spend import ledger
from tests import clips, people
from tests.spend.purses import at


@dataclass
class Ledger:
    """A studio in dollars and Tokyo's time, in which persons order clips at named moments."""

    project: Project = field(default_factory=lambda: people.project(name="Autumn spots"))

    def __post_init__(self) -> None:
        people.studio(currency="USD", time_zone="Asia/Tokyo")

    def ordered(
        self,
        person: User,
        amount: str,
        when: datetime,
        *,
        currency: str = "USD",
        rate: str = "1",
        state: State = State.RUNNING,
        charge: Charge = Charge.HELD,
        model: str = "zai/vidu2-image",
        prompt: str = "A boat at dawn",
    ) -> Generation:
        """One clip with its hold; its later money is written by `settled` and `released`."""
        with at(when), transaction.atomic():
            made = clips.generation(
                project=self.project,
                person=person,
                state=state,
                charge=charge,
                model=model,
                prompt=prompt,
                price=Decimal(amount),
            )
            wanted = ledger.Hold(
                generation_uid=made.uid,
                person=person,
                project=self.project,
                model=model,
                provider=model.partition("/")[0],
                amount=Decimal(amount),
                currency=currency,
                studio_amount=money.convert(Decimal(amount), Decimal(rate)),
                studio_currency="USD",
                rate=Decimal(rate),
                price_version="2026-11",
            )
            ledger.hold([wanted])
        return made

    def settled(self, made: Generation, when: datetime, amount: str = "") -> None:
        with at(when):
            ledger.settle(made.uid, Decimal(amount) if amount else None)
        Generation.objects.filter(pk=made.pk).update(charge=Charge.SETTLED)

    def released(self, made: Generation, when: datetime) -> None:
        with at(when):
            ledger.release(made.uid, reason="never sent")
        Generation.objects.filter(pk=made.pk).update(charge=Charge.RELEASED)

    def adjusted(self, made: Generation, when: datetime, amount: str, admin: User) -> None:
        with at(when):
            ledger.adjust(made.uid, Decimal(amount), key=made.uid, reason="the bill", actor=admin)
