from django.db import models

from studio.lib import clock


class Blob(models.Model):
    """A file that never changes, named by its content. Rows point here; deletion is per row."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "size"], name="one_blob_each")]
