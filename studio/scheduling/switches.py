"""Models that are switched off: for everybody, or for one person."""

from django.db import transaction
from django.db.models import Q

from studio.accounts.models import User
from studio.audit.record import record
from studio.scheduling.models import ModelSwitch


def off_for(person: User) -> frozenset[str]:
    """The keys of all models that this person may not order now."""
    mine = ModelSwitch.objects.filter(Q(person=None) | Q(person=person))
    return frozenset(mine.values_list("model", flat=True))


def is_off(model_key: str, person: User) -> bool:
    return model_key in off_for(person)


@transaction.atomic
def switch_off(model_key: str, person: User | None = None, *, actor: User) -> None:
    """Nobody (or this person) orders it any more; what is ordered is made. Twice is once."""
    _row, is_new = ModelSwitch.objects.get_or_create(
        model=model_key, person=person, defaults={"actor": actor}
    )
    if is_new:
        _record(actor, "model.switch_off", model_key, person)


@transaction.atomic
def switch_on(model_key: str, person: User | None = None, *, actor: User) -> None:
    """Takes back that very switch: what is off for all stays off for each of them."""
    gone, _by_table = ModelSwitch.objects.filter(model=model_key, person=person).delete()
    if gone:
        _record(actor, "model.switch_on", model_key, person)


def _record(actor: User, action: str, model_key: str, person: User | None) -> None:
    whose = {"person": person.email} if person else {}
    record(actor, action, kind="model", after={"model": model_key, **whose})
