"""Setting limits, and how much they leave."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from studio.accounts.models import Project, Studio, User
from studio.audit.record import record
from studio.lib import clock, money
from studio.lib.money import Money
from studio.spend import windows
from studio.spend.models import Budget, Period, Scope


@dataclass(frozen=True)
class Room:
    """What one budget leaves now, and would leave after an amount; may be below zero."""

    scope: Scope
    period: Period
    limit: Money
    left: Money
    after: Money


def tightest(person: User, project: Project, amount: Decimal) -> Room | None:
    """The budget that would leave least after `amount` (studio's currency); None without any."""
    studio = Studio.get()
    today = clock.now().astimezone(studio.zone).date()
    limits = windows.budgets(windows.of(project=project.uid, person=person.uid, day=today))
    rooms = [_room(window, budget, studio, amount) for window, budget in limits.items()]
    return min(rooms, key=lambda room: room.left.amount, default=None)


def _room(window: windows.Window, budget: Budget, studio: Studio, amount: Decimal) -> Room:
    row = window.row().first()
    used = Money(row.used if row else Decimal(0), studio.currency)
    left = budget.money - used
    after = left - Money(amount, studio.currency)
    return Room(window.scope, window.period, budget.money, left, after)


@transaction.atomic
def set_limit(
    whose: Project | User | None,
    period: Period,
    limit: Decimal,
    *,
    actor: User,
    hard: bool = True,
    reason: str = "",
) -> Budget:
    """Limit a project, a person or (None) the studio, in the studio's currency.

    What is held already stays held. Raises `money.InexactAmount` for a limit that is not a
    number, too large or finer than the currency's coins, ValueError for a negative one.
    """
    currency = Studio.get().currency
    limit = money.exact(limit, places=money.digits(currency))
    if limit < 0:
        raise ValueError("a limit is not negative")
    scope, subject = _scope(whose)
    named = Budget.objects.filter(scope=scope, subject=subject, period=period)
    before = named.select_for_update().first()
    budget, _ = Budget.objects.update_or_create(
        scope=scope,
        subject=subject,
        period=period,
        defaults={"limit": limit, "currency": currency, "hard": hard},
    )
    was = before.as_audited() if before else {}
    # Pressed twice, it is said once.
    if was != budget.as_audited():
        _remember(actor, "budget.set", budget, reason, before=was, after=budget.as_audited())
    return budget


@transaction.atomic
def remove_limit(
    whose: Project | User | None, period: Period, *, actor: User, reason: str = ""
) -> bool:
    """Nothing limits it any more; what was counted stays counted. False where nothing did."""
    scope, subject = _scope(whose)
    named = Budget.objects.filter(scope=scope, subject=subject, period=period)
    budget = named.select_for_update().first()
    if budget is None:
        return False
    _remember(actor, "budget.remove", budget, reason, before=budget.as_audited(), after={})
    budget.delete()
    return True


def _remember(
    actor: User,
    action: str,
    budget: Budget,
    reason: str,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    record(
        actor,
        action,
        kind="budget",
        uid=budget.uid,
        project_uid=budget.subject if budget.scope == Scope.PROJECT else "",
        before=before,
        after=after,
        reason=reason,
    )


def _scope(whose: Project | User | None) -> tuple[Scope, str]:
    if whose is None:
        return Scope.STUDIO, ""
    return (Scope.PROJECT if isinstance(whose, Project) else Scope.PERSON), whose.uid
