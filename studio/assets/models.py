from mimetypes import guess_extension
from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.assets.words import FORMATS, NOTES
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


class Edit(models.TextChoices):
    """How a picture was made from another one."""

    CROP = "crop", _("Cropped")
    PAD = "pad", _("Padded")
    ENLARGE = "enlarge", _("Enlarged")
    RECOMPRESS = "recompress", _("Recompressed")


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, user: User) -> "AssetQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def shelved(self) -> "AssetQuerySet":
        """What is on the shelf: not in the trash."""
        return self.filter(deleted_at=None)

    def trashed(self) -> "AssetQuerySet":
        return self.exclude(deleted_at=None)

    def after(self, asset: "Asset") -> "AssetQuerySet":
        """The ones below `asset` in a list of the newest first."""
        same_moment = models.Q(created_at=asset.created_at, pk__lt=asset.pk)
        return self.filter(models.Q(created_at__lt=asset.created_at) | same_moment)


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
    # What was changed on its way in: names in `words.NOTES`, with spaces between.
    note = models.CharField(max_length=255, blank=True)
    colour = models.CharField(max_length=7, default="#808080")
    master = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    thumb = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    # The picture that this one was made from here; the original stays as it was.
    made_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="made_into"
    )
    made_by = models.CharField(max_length=10, choices=Edit, blank=True)
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
        indexes = [models.Index(fields=["project", "-created_at", "-id"], name="asset_shelf")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_trashed(self) -> bool:
        return self.deleted_at is not None

    @property
    def was(self) -> str:
        """What the uploaded file was, as people write it."""
        return FORMATS.get(self.uploaded_as, self.uploaded_as)

    @property
    def remarks(self) -> list[str]:
        """What was changed on its way in, in the reader's language."""
        return [str(NOTES[name]) % {"format": self.was} for name in self.note.split()]

    def filename(self, blob: Blob) -> str:
        """The name to save `blob` under: ours, with the ending that its bytes deserve."""
        return f"{PurePath(self.name).stem}{guess_extension(blob.media_type)}"
