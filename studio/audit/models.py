"""Who did what, when, to what. Append-only; people are text, so that a line outlives them."""

from django.db import models

from studio.lib import clock


class AuditLine(models.Model):
    at = models.DateTimeField(default=clock.now, db_index=True)
    actor_uid = models.CharField(max_length=32, blank=True)
    actor_name = models.CharField(max_length=254)
    action = models.CharField(max_length=60, db_index=True)
    object_kind = models.CharField(max_length=30)
    object_uid = models.CharField(max_length=32, blank=True)
    project_uid = models.CharField(max_length=32, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
