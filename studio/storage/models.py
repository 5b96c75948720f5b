from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from studio.lib import clock


class Fault(models.TextChoices):
    """What the last look at a file found wrong."""

    NONE = "", _("Whole")
    MISSING = "missing", _("Missing")
    DAMAGED = "damaged", _("Damaged")


class BlobQuerySet(models.QuerySet["Blob"]):
    def faulty(self) -> "BlobQuerySet":
        return self.exclude(fault=Fault.NONE)

    def used(self) -> "BlobQuerySet":
        """Those that a row of any kind points at, whatever kinds there will be."""
        return self.filter(_pointed_at())

    def unused(self) -> "BlobQuerySet":
        return self.filter(~_pointed_at())


class Blob(models.Model):
    """A file that never changes, named by its content. Rows point here; deletion is per row."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=clock.now)
    # When its bytes were last hashed, and what was wrong then; a new one is hashed on its way in.
    checked_at = models.DateTimeField(default=clock.now, db_index=True)
    fault = models.CharField(max_length=10, choices=Fault, default=Fault.NONE, blank=True)
    # When it was first seen that no row points here; None: one does, or nobody has looked.
    unused_since = models.DateTimeField(null=True, blank=True)

    objects = BlobQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "size"], name="one_blob_each")]
        indexes = [models.Index(fields=["fault"], condition=~Q(fault=""), name="faulty")]


class OrphanFile(models.Model):
    """A kept file of which no row knows, and when it was first seen so."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    found_at = models.DateTimeField(default=clock.now)


def _pointed_at() -> Q:
    condition = Q(pk__in=[])
    for relation in Blob._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            rows = relation.related_model._base_manager.all()
            condition |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return condition
