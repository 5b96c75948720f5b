"""The ledger, the limits and what counts against them; what admins say of prices and rates."""

from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.lib import clock
from studio.lib.amounts import AmountField, literal
from studio.lib.money import Money, digits, quantise
from studio.lib.uid import UidField


class Kind(models.TextChoices):
    HOLD = "hold", _("Reserved")
    SETTLE = "settle", _("Charged")
    RELEASE = "release", _("Given back")
    ADJUST = "adjust", _("Corrected")


# A hold ends in one of these, once.
ENDS = frozenset({Kind.SETTLE, Kind.RELEASE})
# What was really spent.
SPENT = frozenset({Kind.SETTLE, Kind.ADJUST})


class AppendOnly(Exception):
    """The ledger is never rewritten: a correction is another entry."""


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def hold_of(self, generation_uid: str) -> "LedgerQuerySet":
        held = self.filter(generation_uid=generation_uid, kind=Kind.HOLD)
        return held.select_related("person", "project")

    def end_of(self, generation_uid: str | OuterRef) -> "LedgerQuerySet":
        """The one entry by which the hold was settled or released."""
        return self.filter(generation_uid=generation_uid, kind__in=ENDS)

    def open_holds(self) -> "LedgerQuerySet":
        """Reserved, and neither settled nor released yet; one step in an index for each hold."""
        ends = LedgerEntry.objects.end_of(OuterRef("generation_uid"))
        return self.filter(~Exists(ends), kind=Kind.HOLD)

    def booked_in(self, first: date, after: date) -> "LedgerQuerySet":
        """From the studio's day `first` on, up to and without `after`."""
        return self.filter(booked_on__gte=first, booked_on__lt=after)

    def spent(self) -> "LedgerQuerySet":
        return self.filter(kind__in=SPENT)

    def update(self, **fields: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly


class LedgerEntry(models.Model):
    """Money reserved, spent, given back or corrected. Written once, never changed.

    The generation and the attempt are labels, not rows: the books stand by themselves.
    """

    uid = UidField()
    kind = models.CharField(max_length=10, choices=Kind)
    # An adjustment's own unique key; the others are unique by generation and kind.
    key = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=clock.now)
    # The studio's date of the hold (budgets count by it) and of this entry (spend does).
    held_on = models.DateField()
    booked_on = models.DateField()

    # Labels.
    generation_uid = models.CharField(max_length=32)
    attempt_uid = models.CharField(max_length=32, blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=80)
    provider = models.CharField(max_length=20)

    # In the seller's currency, and in the studio's by the rate that the quote froze.
    amount = AmountField()
    currency = models.CharField(max_length=3)
    studio_amount = AmountField()
    studio_currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=15, decimal_places=9)
    price_version = models.CharField(max_length=80, blank=True)
    # How much a settle went above its hold, in the studio's currency.
    overrun = AmountField(default=Decimal(0))

    note = models.TextField(blank=True)
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="known_entry"),
            models.CheckConstraint(
                condition=Q(kind=Kind.ADJUST) | Q(amount__gte=0, studio_amount__gte=0),
                name="only_a_correction_is_negative",
            ),
            models.CheckConstraint(
                condition=Q(Exact(Length("currency"), 3)) & Q(Exact(Length("studio_currency"), 3)),
                name="entry_has_currencies",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="entry_has_a_rate"),
            models.CheckConstraint(
                condition=Q(~Q(key=""), kind=Kind.ADJUST) | Q(~Q(kind=Kind.ADJUST), key=""),
                name="corrections_have_a_key",
            ),
            models.UniqueConstraint(
                fields=["generation_uid"], condition=Q(kind=Kind.HOLD), name="one_hold_each"
            ),
            models.UniqueConstraint(
                fields=["generation_uid"],
                condition=Q(kind__in=sorted(ENDS)),
                name="a_hold_ends_once",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(kind=Kind.ADJUST), name="one_correction_per_key"
            ),
        ]
        indexes = [
            models.Index(fields=["generation_uid"], name="entries_of_one"),
            models.Index(fields=["booked_on"], name="entries_of_a_month"),
        ]

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(**options | {"force_insert": True})

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly


class Scope(models.TextChoices):
    """In the order in which their windows are locked."""

    STUDIO = "studio", _("Studio")
    PROJECT = "project", _("Project")
    PERSON = "person", _("Person")


class Period(models.TextChoices):
    """In the order in which their windows are locked."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")

    def start(self, day: date) -> date:
        """The first day of the window in which `day` lies."""
        return day if self is Period.DAY else day.replace(day=1)


class Budget(models.Model):
    """A limit for the studio, a project or a person, for each day or each month."""

    uid = UidField()
    scope = models.CharField(max_length=10, choices=Scope)
    # The uid of the project or the person; empty for the studio.
    subject = models.CharField(max_length=32, blank=True)
    period = models.CharField(max_length=10, choices=Period)
    limit = AmountField()
    currency = models.CharField(max_length=3)
    # A hard budget refuses, another one only counts.
    hard = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "subject", "period"], name="one_budget_per_period"
            ),
            models.CheckConstraint(condition=Q(limit__gte=0), name="limit_is_not_negative"),
            models.CheckConstraint(
                condition=Q(scope=Scope.STUDIO, subject="")
                | Q(~Q(subject=""), scope__in=[Scope.PROJECT, Scope.PERSON]),
                name="budget_has_its_subject",
            ),
        ]

    @property
    def money(self) -> Money:
        return Money(self.limit, self.currency)

    def as_audited(self) -> dict[str, Any]:
        return {
            "scope": self.scope,
            "subject": self.subject,
            "period": self.period,
            "limit": str(quantise(self.limit, places=digits(self.currency))),
            "currency": self.currency,
            "hard": self.hard,
        }


class WindowQuerySet(models.QuerySet["BudgetWindow"]):
    def with_room(self, amount: Decimal, limit: Decimal) -> "WindowQuerySet":
        """Those in which `amount` more stays within `limit`, decided by the database."""
        return self.filter(held__lte=literal(limit - amount) - F("spent"))

    def add(self, *, held: Decimal = Decimal(0), spent: Decimal = Decimal(0)) -> int:
        return self.update(held=F("held") + literal(held), spent=F("spent") + literal(spent))


class BudgetWindow(models.Model):
    """What is held and spent in one day or month: figures cached from the ledger.

    Counted for every scope, limited or not, so that a limit set in mid-month knows what has
    been spent before it.
    """

    scope = models.CharField(max_length=10, choices=Scope)
    subject = models.CharField(max_length=32, blank=True)
    period = models.CharField(max_length=10, choices=Period)
    starts_on = models.DateField()
    held = AmountField(default=Decimal(0))
    spent = AmountField(default=Decimal(0))

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "subject", "period", "starts_on"], name="one_window_each"
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="held_is_not_negative"),
        ]

    @property
    def used(self) -> Decimal:
        return self.held + self.spent


# ── What admins say of prices and rates ───────────────────────────────────────────────────────


class PriceRow(models.Model):
    """One clip's price as an admin entered it: dated, explained, never changed afterwards.

    `values` are the parameters that it is for, each with one value; empty: every clip of the
    model. `amount` is in `currency`, or in credits worth `credit_value` of it.
    """

    uid = UidField()
    model = models.CharField(max_length=80)
    values = models.JSONField(default=dict, blank=True)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    # 0: the amount is in the currency itself.
    credit_value = AmountField(default=Decimal(0))
    # The studio's first day on which it is in force.
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_price_is_something"),
            models.CheckConstraint(condition=Q(credit_value__gte=0), name="credits_have_worth"),
        ]
        indexes = [models.Index(fields=["model", "-valid_from", "-id"], name="prices_of_a_model")]

    def as_audited(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "values": self.values,
            "amount": str(self.amount),
            "currency": self.currency,
            "credit_value": str(self.credit_value),
            "valid_from": self.valid_from.isoformat(),
            "source": self.source,
            "note": self.note,
        }


class Rate(models.Model):
    """On the day `on`, one `base` was worth `rate` of `quote`. A correction is another row."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=15, decimal_places=9)
    on = models.DateField()
    source = models.CharField(max_length=200)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="a_rate_is_above_zero"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="a_rate_has_two_currencies"),
        ]
        indexes = [models.Index(fields=["base", "quote", "-on", "-id"], name="rates_of_a_pair")]

    def as_audited(self) -> dict[str, Any]:
        return {
            "base": self.base,
            "quote": self.quote,
            "rate": str(self.rate),
            "on": self.on.isoformat(),
            "source": self.source,
        }
