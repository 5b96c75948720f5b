"""What briefs are made with and a studio adds to: looks of its own, prompts kept for again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.lib import clock
from studio.lib.uid import UidField
from studio.storage.models import Blob


class StudioStyle(models.Model):
    """A look that an admin added beside the studio's own. Clips keep its key when it is gone."""

    uid = UidField()
    name = models.CharField(_("Name"), max_length=40)
    words_en = models.CharField(_("Words in English"), max_length=200)
    words_zh = models.CharField(_("Words in Chinese"), max_length=200, blank=True)
    words_ja = models.CharField(_("Words in Japanese"), max_length=200, blank=True)
    picture = models.ForeignKey(
        Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """As a brief names it; no style of our own begins with a tilde."""
        return f"~{self.uid}"


class SavedPrompt(models.Model):
    """A prompt kept under a name, for everybody in its project. `{field}` is filled in anew."""

    uid = UidField()
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="saved_prompts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_prompts")
    name = models.CharField(max_length=80)
    text = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                condition=models.Q(deleted_at=None),
                name="one_saved_prompt_per_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
