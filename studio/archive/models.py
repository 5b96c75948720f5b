from django.db import models

from studio.lib import clock
from studio.lib.uid import UidField
from studio.storage.models import Blob


class Video(models.Model):
    """A file we keep: decoded whole before this row was written. Figures are measured."""

    uid = UidField()
    attempt_uid = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField(default=0)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    seconds = models.DecimalField(max_digits=9, decimal_places=3)
    frames = models.PositiveIntegerField()
    fps = models.DecimalField(max_digits=7, decimal_places=3)
    codec = models.CharField(max_length=20)
    audio = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt_uid", "number"], name="one_video_per_result")
        ]

    @property
    def poster(self) -> "Rendition | None":
        return self._rendition(RenditionKind.POSTER)

    @property
    def preview(self) -> "Rendition | None":
        return self._rendition(RenditionKind.PREVIEW)

    def _rendition(self, kind: str) -> "Rendition | None":
        return next((made for made in self.renditions.all() if made.kind == kind), None)


class RenditionKind(models.TextChoices):
    POSTER = "poster"
    PREVIEW = "preview"


class Rendition(models.Model):
    """A file derived from a video here: its poster, its small muted hover preview."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=10, choices=RenditionKind)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "kind"], name="one_rendition_per_kind")
        ]
