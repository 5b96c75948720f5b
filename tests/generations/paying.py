"""Paid jobs against the sandbox, step by step, without waiting for the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import override_settings

from studio.accounts.models import User
from studio.assets.models import Asset
from studio.catalogue import promises
from studio.catalogue.load import model
from studio.catalogue.specs import Mode, Value
from studio.generations import briefs, work
from studio.generations.briefs import Brief
from studio.generations.models import Attempt, Generation, Order, Origin
from studio.generations.orders import place
from studio.generations.states import FINAL, State
from studio.lib import clock, uid
from studio.scheduling import keys
from studio.scheduling.models import ProviderAccount
from studio.spend import books
from studio.spend.models import Kind, LedgerEntry
from tests import clips
from tests.house import wait_for
from tests.sandbox.running import Sandbox

PICTURES = {Mode.TEXT: 0, Mode.IMAGE: 1, Mode.START_END: 2, Mode.REFERENCE: 1}
# Further than any step of a test: whoever is not there by then never will be.
MOST_STEPS = 60


@dataclass
class Desk:
    """One person's paid orders, and the sandbox that they go to."""

    person: User
    sandbox: Sandbox

    def connect(self, provider: str, **fields: Any) -> ProviderAccount:
        """An account whose key is the sandbox's."""
        account = ProviderAccount.objects.create(
            provider=provider,
            name=fields.pop("name", "Main"),
            in_flight_limit=fields.pop("in_flight_limit", 5),
            base_url=fields.pop("base_url", self.sandbox.base(provider)),
            **fields,
        )
        keys.put(account, self.sandbox.key)
        return account

    def brief(self, key: str, mode: Mode | None = None, **parameters: Value) -> Brief:
        spec = model(key)
        mode = mode or spec.modes[0]
        values = promises.complete(spec, mode, parameters)
        pictures = tuple(self.picture() for _ in range(PICTURES[mode]))
        return Brief(spec, mode, "A boat at dawn", values, briefs.cast(mode, pictures))

    def picture(self, width: int = 640, height: int = 360) -> Asset:
        home = self.person.personal_project
        return clips.asset(project=home, person=self.person, width=width, height=height)

    def order(self, brief: Brief, takes: int = 1) -> Order:
        home = self.person.personal_project
        origin = Origin.CREATE
        return place(self.person, home, [brief], takes=takes, form_key=uid.new(), origin=origin)

    def buy(self, key: str, mode: Mode | None = None, **parameters: Value) -> Generation:
        """One ordered clip, waiting in line."""
        return self.order(self.brief(key, mode, **parameters)).generations.get()

    def sent(self, key: str, mode: Mode | None = None, **parameters: Value) -> Generation:
        """One clip whose POST has been made, whatever came of it."""
        return step(self.buy(key, mode, **parameters))

    def faulty(self, fault: str, key: str, **options: Any) -> Generation:
        """One clip whose POST met this fault of the sandbox."""
        self.sandbox.next(key.partition("/")[0], fault, **options)
        return self.sent(key)


def step(generation: Generation) -> Generation:
    """One step of a worker, whenever it is due; as it then stands."""
    Generation.objects.filter(pk=generation.pk).update(due_at=clock.now())
    assert work.step(generation.pk), "somebody else holds it"
    return fresh(generation)


def fresh(generation: Generation) -> Generation:
    return Generation.objects.get(pk=generation.pk)


def follow(generation: Generation, *until: State) -> Generation:
    """Step it until it has ended, or is in one of `until`."""

    def there() -> Generation | None:
        moved = step(generation)
        return moved if moved.state in (until or FINAL) else None

    found: Generation = wait_for(f"{until or 'an end'}", there)
    return found


def attempt(generation: Generation) -> Attempt:
    return generation.attempts.latest("number")


def money(generation: Generation) -> tuple[object, ...]:
    """Its charge, what is still held of it and what was spent on it (seller's currency)."""
    rows = LedgerEntry.objects.filter(generation_uid=generation.uid)
    held = sum((row.amount for row in rows.open_holds()), Decimal(0))
    spent = sum((row.amount for row in rows.spent()), Decimal(0))
    assert books.drift() == []
    return fresh(generation).charge, held, spent


def is_held(generation: Generation) -> bool:
    charge, held, spent = money(generation)
    return (charge, held, spent) == ("held", generation.price, 0) and generation.price > 0


def is_given_back(generation: Generation) -> bool:
    rows = LedgerEntry.objects.filter(generation_uid=generation.uid, kind=Kind.RELEASE)
    return money(generation) == ("released", 0, 0) and rows.count() == 1


@contextmanager
def later(**by: float) -> Iterator[None]:
    """The clock moved on."""
    with clock.shift(timedelta(**by)):
        yield


@contextmanager
def trusting(sandbox: Sandbox) -> Iterator[None]:
    with override_settings(TRUSTED_HOSTS=[sandbox.host]):
        yield
