from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.accounts.models import User
from studio.lib import clock
from studio.lib.amounts import AmountField
from studio.lib.uid import UidField
from studio.scheduling import addresses


class ProviderAccountQuerySet(models.QuerySet["ProviderAccount"]):
    def connected(self) -> "ProviderAccountQuerySet":
        """Not disconnected, with a key to be had and an address to send it to."""
        alive = self.filter(removed_at=None)
        return alive.exclude(_without_key()).exclude(_without_address())

    def sending(self, now: datetime) -> "ProviderAccountQuerySet":
        """Connected, and neither paused nor asked for patience: new jobs may go there."""
        idle = Q(busy_until=None) | Q(busy_until__lte=now)
        return self.connected().filter(idle, paused_at=None)

    def hold_still(self, account: "ProviderAccount") -> bool:
        """Lock its row until the transaction ends, as whoever chooses a seat does.

        False: it is disconnected. The update is the lock on both engines.
        """
        there = self.filter(pk=account.pk, removed_at=None)
        return bool(there.update(chosen_at=clock.now()))


def _without_key() -> Q:
    """Its key stood in the environment and stands there no more."""
    given = [provider for provider, key in settings.PROVIDER_KEYS.items() if key]
    return Q(from_environment=True) & ~Q(provider__in=given)


def _without_address() -> Q:
    """A relay's that names none."""
    needy = [p for p in settings.PROVIDER_KEYS if not addresses.standing(p)]
    return Q(base_url="", provider__in=needy)


class ProviderAccount(models.Model):
    """A customer of a provider, and how many jobs it may have in flight. Local needs no key."""

    uid = UidField()
    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    # The customer's level where the provider has levels, and what follows from it or was entered.
    level = models.CharField(max_length=20, blank=True)
    in_flight_limit = models.PositiveSmallIntegerField()
    # Off-peak jobs have seats of their own: they may lie for two days.
    off_peak_limit = models.PositiveSmallIntegerField(default=20)
    # Learned from being turned away, below the limit; None: the limit holds.
    ceiling = models.PositiveSmallIntegerField(null=True, blank=True)
    ceiling_at = models.DateTimeField(null=True, blank=True)
    # What stands before every path; empty: the provider's own. `options` are a relay's words.
    base_url = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=dict)
    # Its key is in the environment, not in the database.
    from_environment = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True, blank=True)
    # Why: a `providers.base.Kind`; empty where a person paused it.
    paused_kind = models.CharField(max_length=20, blank=True)
    paused_reason = models.CharField(max_length=255, blank=True)
    # Nothing is sent before then: the provider asked for patience.
    busy_until = models.DateTimeField(null=True, blank=True)
    # Looks at jobs have been spent up to then: `scheduling.budget`.
    looks_until = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=255, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    # When its key last did something that only a good key can.
    proved_at = models.DateTimeField(null=True, blank=True)
    # What was left when it last told; it has told nothing while `balance_at` is None.
    balance = AmountField(default=Decimal(0))
    balance_unit = models.CharField(max_length=10, blank=True)
    balance_at = models.DateTimeField(null=True, blank=True)
    # Disconnected: kept for what was made through it.
    removed_at = models.DateTimeField(null=True, blank=True)
    # Written by whoever is choosing a seat: the row's lock makes choosers take turns.
    chosen_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)

    objects = ProviderAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "name"],
                condition=Q(removed_at=None),
                name="one_account_per_name",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """What stands before every path; empty where nobody has named it yet."""
        return self.base_url or addresses.standing(self.provider)

    @property
    def may_have_in_flight(self) -> int:
        """Jobs at a time: the limit, or less where being turned away has taught so."""
        if self.ceiling is None:
            return self.in_flight_limit
        return min(self.in_flight_limit, self.ceiling)

    @property
    def standing_error(self) -> str:
        """The last error, unless the key has done its work since."""
        if self.last_error_at and self.proved_at and self.proved_at > self.last_error_at:
            return ""
        return self.last_error


class ProviderKey(models.Model):
    """A key of an account, sealed. A replaced one stays readable for the jobs sent with it."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="keys")
    sealed = models.TextField()
    # Its last characters, which is all that is ever shown.
    tail = models.CharField(max_length=4, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(retired_at=None), name="one_key_in_use"
            )
        ]


class MediaHost(models.Model):
    """A host from which a provider's files come. A new one is refused until an admin allows it."""

    provider = models.CharField(max_length=20)
    host = models.CharField(max_length=255)
    is_allowed = models.BooleanField(default=False)
    seen_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["provider", "host"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "host"], name="one_row_per_host")
        ]


class TopUp(models.Model):
    """Money that somebody paid in at a provider which does not tell what is left."""

    uid = UidField()
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="top_ups")
    amount = AmountField(default=Decimal(0))
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(default=clock.now)
    note = models.CharField(max_length=255, blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class ModelSwitch(models.Model):
    """A model that is switched off: for one person, or (person None) for everybody."""

    model = models.CharField(max_length=80)
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "person"], name="one_switch_each"),
            models.UniqueConstraint(
                fields=["model"], condition=Q(person=None), name="one_switch_for_all"
            ),
        ]


class Pulse(models.Model):
    """When the beat last ticked, as the workers saw it: one row."""

    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_pulse")]
