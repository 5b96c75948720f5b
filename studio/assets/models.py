from django.db import models
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.lib import clock
from studio.lib.uid import UidField
from studio.storage.models import Blob


class AssetKind(models.TextChoices):
    PICTURE = "picture", _("Picture")
    LOGO = "logo", _("Logo")
    SOUND = "sound", _("Sound")


class Rights(models.TextChoices):
    OWN = "own", _("Own work")
    LICENSED = "licensed", _("Licensed")
    CLIENT = "client", _("From the client")


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, user: User) -> "AssetQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def shelved(self) -> "AssetQuerySet":
        """What is on the shelf: not in the trash."""
        return self.filter(deleted_at=None)


class Asset(models.Model):
    """Something uploaded, decoded, stripped and kept as a clean master."""

    uid = UidField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assets")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=10, choices=AssetKind, default=AssetKind.PICTURE)
    name = models.CharField(max_length=255)
    rights = models.CharField(max_length=10, choices=Rights, default=Rights.OWN)
    rights_note = models.CharField(max_length=255, blank=True)
    # Over the upright sRGB pixels: the same picture saved twice is the same asset.
    pixel_hash = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_as = models.CharField(max_length=10)
    note = models.CharField(max_length=255, blank=True)
    colour = models.CharField(max_length=7, default="#808080")
    master = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    thumb = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "pixel_hash"], name="one_asset_per_picture"
            )
        ]

    def __str__(self) -> str:
        return self.name
