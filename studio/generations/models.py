"""Orders, generations and their history. Only `transitions.move` writes a state."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.archive.models import Video
from studio.assets.models import Asset
from studio.catalogue.prompts import joined
from studio.generations.states import FINAL, HOLDS_SEAT, Charge, State
from studio.lib import clock
from studio.lib.amounts import AmountField
from studio.lib.uid import UidField
from studio.scheduling.models import ProviderAccount

# What is shown of a clip that nobody has promised a shape for.
NO_SHAPE = (16, 9)


class Draft(models.Model):
    """An unsaved brief, kept per person and form, so that nothing typed is ever lost."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="one_draft_each")]


class Origin(models.TextChoices):
    CREATE = "create", _("Create screen")
    # The same brief once more, on purpose.
    ANOTHER = "another", _("Another take")
    ANIMATIC = "animatic", _("Animatic")
    SHELL = "shell", _("Command line")


class Order(models.Model):
    """One press of the button: 1..N generations, held all or nothing."""

    uid = UidField()
    form_key = models.CharField(max_length=64)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="orders")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="orders")
    origin = models.CharField(max_length=10, choices=Origin)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            # Double click, Enter and click, two tabs: the same form key is the same order.
            models.UniqueConstraint(fields=["person", "form_key"], name="one_order_per_form_key")
        ]

    @property
    def pictures(self) -> list[Asset]:
        """Every picture of its briefs, once, in their order."""
        made = sorted(self.generations.all(), key=lambda generation: generation.number)
        return list(dict.fromkeys(picture for one in made for picture in one.pictures))


class Tag(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_tag_each")]

    def __str__(self) -> str:
        return self.name


class GenerationQuerySet(models.QuerySet["Generation"]):
    def visible_to(self, user: User) -> "GenerationQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def shelved(self) -> "GenerationQuerySet":
        return self.filter(deleted_at=None)

    def for_show(self) -> "GenerationQuerySet":
        """With all that a card or the stage shows, in a fixed number of queries."""
        whole = self.select_related("video", "project", "person")
        return whole.prefetch_related("inputs__asset", "video__renditions")

    def under_way(self) -> "GenerationQuerySet":
        return self.exclude(state__in=FINAL)

    def due(self, now: datetime) -> "GenerationQuerySet":
        return self.filter(due_at__lte=now).order_by("due_at", "pk")


class Generation(models.Model):
    """One clip that somebody ordered. The brief is frozen; what happens to it is not."""

    uid = UidField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="generations")
    number = models.PositiveSmallIntegerField(default=1)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="generations")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="generations")

    # The brief and the quote, as ordered.
    model = models.CharField(max_length=80, db_index=True)
    mode = models.CharField(max_length=10)
    prompt = models.TextField(blank=True)
    style = models.CharField(max_length=40, blank=True)
    # What the style adds to the prompt where the model has no field for it.
    style_words = models.TextField(blank=True)
    parameters = models.JSONField(default=dict)
    promised = models.JSONField(default=dict)
    price = AmountField(default=Decimal(0))
    currency = models.CharField(max_length=3)
    studio_price = AmountField(default=Decimal(0))
    price_version = models.CharField(max_length=80, blank=True)

    # Where it stands.
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.NONE)
    version = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    progress = models.FloatField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    cancel_wished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # What came of it, and what people think of it.
    video = models.OneToOneField(Video, null=True, blank=True, on_delete=models.PROTECT)
    differs = models.JSONField(default=list)
    is_off_brief = models.BooleanField(default=False)
    stars = models.PositiveSmallIntegerField(default=0)
    is_rejected = models.BooleanField(default=False)
    tags = models.ManyToManyField(Tag, related_name="generations")
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="known_state"),
            models.CheckConstraint(condition=Q(charge__in=Charge.values), name="known_charge"),
            models.CheckConstraint(
                condition=~Q(state=State.SUCCEEDED) | Q(video__isnull=False),
                name="succeeded_has_a_video",
            ),
            models.CheckConstraint(condition=Q(stars__lte=5), name="at_most_five_stars"),
            models.UniqueConstraint(fields=["order", "number"], name="one_generation_per_number"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="due"),
            models.Index(fields=["project", "-created_at", "-id"], name="shelf"),
            models.Index(fields=["person", "-created_at"], name="by_person"),
        ]

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def provider(self) -> str:
        return self.model.partition("/")[0]

    @property
    def sent_prompt(self) -> str:
        return joined(self.prompt, self.style_words)

    @property
    def pictures(self) -> list[Asset]:
        return [given.asset for given in self.inputs.all()]

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height to show it in: as measured, else as promised, else as its picture."""
        if self.video:
            return self.video.width, self.video.height
        if self.promised.get("width"):
            return self.promised["width"], self.promised["height"]
        first = next(iter(self.pictures), None)
        return (first.width, first.height) if first else NO_SHAPE

    @property
    def ratio(self) -> float:
        width, height = self.shape
        return round(width / height, 4)

    @property
    def colour(self) -> str:
        """The dominant colour of its first picture; empty where it has none."""
        first = next(iter(self.pictures), None)
        return first.colour if first else ""


class GenerationInput(models.Model):
    """A picture and the role in which a generation uses it."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="inputs")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="uses")
    role = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["generation", "position"], name="one_input_each")
        ]


class GenerationEvent(models.Model):
    """What happened, written in the transaction that made it so. Never changed."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=40)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, blank=True)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]


class AttemptState(models.TextChoices):
    PREPARED = "prepared"  # intent written, nothing opened
    CLAIMED = "claimed"  # a worker opens the connection; provably unsent
    SENDING = "sending"  # committed just before the first byte
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def in_seat(self, account: ProviderAccount) -> "AttemptQuerySet":
        """Those that hold a seat of this account; counted from rows, so a seat cannot leak."""
        return self.filter(
            account=account, seat_given_back_at=None, generation__state__in=HOLDS_SEAT
        )


class Attempt(models.Model):
    """One intended POST to a provider (for Local: one lease on the renderer)."""

    uid = UidField()
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.PREPARED)
    remote_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sending_at = models.DateTimeField(null=True, blank=True)
    seat_given_back_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["generation", "number"], name="one_attempt_each"),
            models.UniqueConstraint(
                fields=["account", "remote_id"],
                condition=~Q(remote_id=""),
                name="a_remote_job_belongs_to_one_attempt",
            ),
        ]
