"""Orders, generations and their history. Only `transitions.move` writes a state."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import Project, User
from studio.archive.models import Video
from studio.assets.models import Asset
from studio.catalogue.prompts import joined
from studio.generations.states import FINAL, HOLDS_SEAT, Charge, State
from studio.lib import clock
from studio.lib.amounts import AmountField
from studio.lib.uid import UidField
from studio.providers.registry import PROVIDERS
from studio.scheduling.models import ProviderAccount, ProviderKey

# What is shown of a clip that nobody has promised a shape for.
NO_SHAPE = (16, 9)


# The error of a job that was paid for, and whose file is no whole video.
NO_VIDEO = "no_video"
# The error of a job that had ended here when its provider said otherwise.
CONTRADICTED = "contradicted"


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


_ASKED_IN_ROUNDS = Q(state=State.RUNNING, cancel_wished_at=None)
for _name, _traits in PROVIDERS.items():
    if _traits.free:
        _ASKED_IN_ROUNDS &= ~Q(model__startswith=f"{_name}/")


class GenerationQuerySet(models.QuerySet["Generation"]):
    def visible_to(self, user: User) -> "GenerationQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def shelved(self) -> "GenerationQuerySet":
        return self.filter(deleted_at=None)

    def for_show(self) -> "GenerationQuerySet":
        """With all that a card or the stage shows, in a fixed number of queries."""
        whole = self.select_related("video__blob", "project", "person")
        return whole.prefetch_related("inputs__asset", "video__renditions")

    def under_way(self) -> "GenerationQuerySet":
        return self.exclude(state__in=FINAL)

    def to_be_checked(self) -> "GenerationQuerySet":
        """What only a person can settle: outcome unknown, charge unclear, paid and not had."""
        return self.filter(
            Q(state=State.UNKNOWN)
            | Q(charge=Charge.UNCLEAR)
            | Q(state=State.LOST, closed_at=None)
            | Q(error_code__in=(NO_VIDEO, CONTRADICTED), closed_at=None)
        )

    def due(self, now: datetime) -> "GenerationQuerySet":
        """What dies first comes first: a clip that is not fetched in time was paid for nothing."""
        dying = F("link_dies_at").asc(nulls_last=True)
        return self.filter(due_at__lte=now).order_by(dying, "due_at", "pk")

    def asked_in_rounds(self) -> "GenerationQuerySet":
        """Running at a provider, with nothing to do but to ask: many are asked at once."""
        return self.filter(_ASKED_IN_ROUNDS)

    def stepped_alone(self) -> "GenerationQuerySet":
        return self.exclude(_ASKED_IN_ROUNDS)


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
    # What one of the seller's currency is in the studio's.
    rate = models.DecimalField(max_digits=15, decimal_places=9, default=Decimal(1))
    # Where the seller counts in credits: how many, and what one is worth; 0 elsewhere.
    credits = AmountField(default=Decimal(0))
    credit_value = AmountField(default=Decimal(0))

    # Where it stands.
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.NONE)
    # What was charged in the end, in the seller's currency, once it is settled.
    charged = AmountField(default=Decimal(0))
    version = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    # In line only from then on: its provider asked for patience, or could not be reached.
    waits_until = models.DateTimeField(null=True, blank=True)
    # Among one person's own jobs the higher ones go first.
    priority = models.SmallIntegerField(default=0)
    is_off_peak = models.BooleanField(default=False)
    # When the provider's copy of the finished file goes away.
    link_dies_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    cancel_wished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    # When its provider last said that it is not finished.
    looked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # What came of it, and what people think of it.
    video = models.OneToOneField(Video, null=True, blank=True, on_delete=models.PROTECT)
    differs = models.JSONField(default=list)
    is_off_brief = models.BooleanField(default=False)
    stars = models.PositiveSmallIntegerField(default=0)
    is_rejected = models.BooleanField(default=False)
    tags = models.ManyToManyField(Tag, related_name="generations")
    deleted_at = models.DateTimeField(null=True, blank=True)
    # When an admin looked into what was unknown, unclear or lost, and decided.
    closed_at = models.DateTimeField(null=True, blank=True)
    # When its files were removed from the trash for good; what it cost stays on record.
    emptied_at = models.DateTimeField(null=True, blank=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="known_state"),
            models.CheckConstraint(condition=Q(charge__in=Charge.values), name="known_charge"),
            models.CheckConstraint(
                condition=~Q(state=State.SUCCEEDED)
                | Q(video__isnull=False)
                | Q(emptied_at__isnull=False, deleted_at__isnull=False),
                name="succeeded_has_a_video",
            ),
            models.CheckConstraint(condition=Q(stars__lte=5), name="at_most_five_stars"),
            models.UniqueConstraint(fields=["order", "number"], name="one_generation_per_number"),
        ]
        indexes = [
            models.Index(
                fields=["is_off_peak", "person", "created_at"],
                condition=Q(state=State.QUEUED),
                name="in_line",
            ),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="due"),
            # Few of many: what is not at its end is found without a look at what is.
            models.Index(fields=["state"], condition=~Q(state__in=sorted(FINAL)), name="under_way"),
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
    # The key that sent it, by which it is also asked for; None: the environment's, or Local's.
    key = models.ForeignKey(ProviderKey, null=True, blank=True, on_delete=models.PROTECT)
    is_off_peak = models.BooleanField(default=False)
    # Whoever holds it may send; another token voids the earlier holder.
    token = models.CharField(max_length=32, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sending_at = models.DateTimeField(null=True, blank=True)
    # The raw answer to the POST, capped and without secrets, stored before it is read.
    reply_status = models.PositiveSmallIntegerField(null=True, blank=True)
    reply_headers = models.JSONField(default=dict)
    reply_body = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=80, blank=True)
    # The raw answer that ended it at the provider.
    last_reply = models.TextField(blank=True)
    # Its last word on how far it is: a `providers.base.Stage`.
    stage = models.CharField(max_length=10, blank=True)
    # Since when it says that it knows no such job.
    gone_since = models.DateTimeField(null=True, blank=True)
    # Where the finished files can be fetched, as last told, and when that was.
    links = models.JSONField(default=list)
    links_at = models.DateTimeField(null=True, blank=True)
    # When the provider said that it had finished.
    ended_at = models.DateTimeField(null=True, blank=True)
    # When it was first told to stop.
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
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


class Timing(models.Model):
    """How long a model's jobs take at an account, learned: by it looks are placed.

    `log_mean` of the logarithm of seconds, `log_squares` the sum of squared distances from it.
    """

    model = models.CharField(max_length=80)
    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="timings")
    count = models.PositiveIntegerField(default=0)
    log_mean = models.FloatField(default=0)
    log_squares = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "account"], name="one_timing_each")]


class Hint(models.Model):
    """A provider has called us about a job. Kept a while: nonces come once, ids may come early."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="hints")
    nonce = models.CharField(max_length=128)
    remote_id = models.CharField(max_length=80)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "nonce"], name="a_nonce_comes_once")
        ]
        indexes = [models.Index(fields=["account", "remote_id"], name="hints_by_job")]
