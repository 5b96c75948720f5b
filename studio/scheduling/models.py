from django.db import models

from studio.lib import clock
from studio.lib.uid import UidField


class ProviderAccount(models.Model):
    """One key at a provider, and how many jobs it may have in flight. Local needs no key."""

    uid = UidField()
    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    in_flight_limit = models.PositiveSmallIntegerField()
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.CharField(max_length=255, blank=True)
    # Written by whoever is choosing a seat: the row's lock makes choosers take turns.
    chosen_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "name"], name="one_account_per_name")
        ]
