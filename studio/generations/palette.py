"""What briefs are made with and a studio adds to: looks of its own, prompts kept for again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, ProjectRole, User
from studio.lib import clock
from studio.lib.uid import UidField
from studio.storage.models import Blob


class StudioStyleQuerySet(models.QuerySet["StudioStyle"]):
    def offered(self) -> "StudioStyleQuerySet":
        """Not taken away."""
        return self.filter(deleted_at=None)


class StudioStyle(models.Model):
    """A look that an admin added beside the studio's own. Clips keep its key when it is gone."""

    # Of the picture, at its longest; a tile shows it much smaller.
    PICTURE_SIDE = 320

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

    objects = StudioStyleQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """As a brief names it; no style of our own begins with a tilde."""
        return f"~{self.uid}"


class SavedPromptQuerySet(models.QuerySet["SavedPrompt"]):
    def visible_to(self, user: User) -> "SavedPromptQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def kept(self) -> "SavedPromptQuerySet":
        """Not taken away."""
        return self.filter(deleted_at=None)


class SavedPrompt(models.Model):
    """A prompt kept under a name, for everybody in its project. `{field}` is filled in anew."""

    uid = UidField()
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="saved_prompts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_prompts")
    name = models.CharField(max_length=80)
    text = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = SavedPromptQuerySet.as_manager()

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

    def may_be_changed_by(self, user: User, role: str | None) -> bool:
        """By its author and whoever leads the project; `role` is the person's in it."""
        is_author = self.person_id == user.pk and role == ProjectRole.MEMBER
        return role == ProjectRole.LEAD or is_author
