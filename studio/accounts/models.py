"""The studio, its people, their projects."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from studio.lib import clock
from studio.lib.uid import UidField

INVITE_LIFE = timedelta(days=7)


class Studio(models.Model):
    """The one row that says how this studio counts: zone, currency, language."""

    name = models.CharField(max_length=80, default="Seed Studio")
    time_zone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    language = models.CharField(max_length=10, default="en")
    founded_at = models.DateTimeField(default=clock.now)
    # Set with the first ledger row; from then on zone and currency cannot change.
    books_opened_at = models.DateTimeField(null=True, blank=True)
    # Set by a restore; until an admin has looked and confirmed, nothing that costs is sent.
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_studio")]

    @classmethod
    def get(cls) -> "Studio":
        """The row, or unsaved defaults before the first visit has founded the studio."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def is_spending(self) -> bool:
        """False after a restore, until an admin confirms: whatever costs money waits."""
        return self.restored_at is None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class StudioRole(models.TextChoices):
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class UserManager(BaseUserManager["User"]):
    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with their personal project. Without a password nobody can log in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        Project.objects.create_personal(user)
        return user

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An admin; `manage.py createsuperuser` may come before the first visit."""
        Studio.objects.get_or_create(pk=1, defaults={"currency": settings.FIRST_CURRENCY})
        return self.create_user(email, password, role=StudioRole.ADMIN, **fields)

    def lock_admins(self) -> "list[User]":
        """Everybody who administers, held still until the transaction ends."""
        admins = self.filter(role=StudioRole.ADMIN, is_active=True)
        return list(admins.select_for_update().order_by("pk"))

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    uid = UidField()
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    role = models.CharField(max_length=10, choices=StudioRole, default=StudioRole.MEMBER)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    switched_off_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_admin(self) -> bool:
        return self.is_active and self.role == StudioRole.ADMIN

    @property
    def shared_projects(self) -> "list[Project]":
        """Without the personal one. Lists prefetch `memberships__project`."""
        projects = [membership.project for membership in self.memberships.all()]
        return sorted((p for p in projects if not p.personal_of_id), key=lambda p: p.name)

    # Django and allauth ask under these two names.
    is_superuser = is_admin
    is_staff = is_admin


class ProjectRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        return self if user.is_admin else self.filter(memberships__user=user)

    def led_by(self, user: User) -> "ProjectQuerySet":
        """Whose name, members and life this person manages; personal projects have no such life."""
        shared = self.filter(personal_of=None)
        if user.is_admin:
            return shared
        if user.role == StudioRole.VIEWER:
            return shared.none()
        return shared.filter(memberships__user=user, memberships__role=ProjectRole.LEAD)

    def orderable_by(self, user: User) -> "ProjectQuerySet":
        """Where this person may order and upload; viewers of the studio nowhere."""
        live = self.filter(archived_at=None)
        if user.role == StudioRole.VIEWER or not user.is_active:
            return live.none()
        if user.is_admin:
            return live
        makers = [ProjectRole.LEAD, ProjectRole.MEMBER]
        return live.filter(memberships__user=user, memberships__role__in=makers)

    def for_list(self, user: User) -> "ProjectQuerySet":
        """With the number of members and the person's own place; shared ones first."""
        own = Membership.objects.filter(user=user).select_related("user")
        return (
            self.annotate(people=models.Count("memberships", distinct=True))
            .prefetch_related(models.Prefetch("memberships", own, to_attr="own_places"))
            .order_by(
                models.F("archived_at").asc(nulls_first=True),
                models.F("personal_of").asc(nulls_first=True),
                "name",
            )
        )

    def create_personal(self, user: User) -> "Project":
        project = self.create(name=str(user), personal_of=user)
        Membership.objects.create(project=project, user=user, role=ProjectRole.LEAD)
        return project


class Project(models.Model):
    """Who works together. Every asset, order and generation belongs to exactly one."""

    uid = UidField()
    name = models.CharField(max_length=80)
    personal_of = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="personal_project"
    )
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def role_of(self, user: User) -> str | None:
        """The person's role here, never above their studio role; admins lead everywhere."""
        if user.is_admin:
            return ProjectRole.LEAD
        membership = self.memberships.select_related("user").filter(user=user).first()
        return membership.counts_as if membership else None

    def may_change(self, user: User) -> bool:
        """Stop, judge and sort what is there; in an archived project too, where nobody orders."""
        return self.role_of(user) in (ProjectRole.LEAD, ProjectRole.MEMBER)

    def may_order(self, user: User) -> bool:
        return Project.objects.orderable_by(user).filter(pk=self.pk).exists()


class Membership(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ProjectRole, default=ProjectRole.MEMBER)
    joined_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_membership_each")
        ]

    @property
    def counts_as(self) -> str:
        """The role in force: a viewer of the studio views, whatever is written here."""
        return ProjectRole.VIEWER if self.user.role == StudioRole.VIEWER else self.role

    def get_counts_as_display(self) -> str:
        return str(ProjectRole(self.counts_as).label)


class InviteQuerySet(models.QuerySet["Invite"]):
    def open(self) -> "InviteQuerySet":
        born_after = clock.now() - INVITE_LIFE
        return self.filter(used_by=None, withdrawn_at=None, created_at__gt=born_after)


class Invite(models.Model):
    """A one-time link that lets one person in. Only the token's hash is kept."""

    uid = UidField()
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=StudioRole, default=StudioRole.MEMBER)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invites_sent")
    created_at = models.DateTimeField(default=clock.now)
    used_by = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="invite"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    @property
    def ends_at(self) -> datetime:
        return self.created_at + INVITE_LIFE

    @property
    def is_open(self) -> bool:
        return not (self.used_by_id or self.withdrawn_at) and clock.now() < self.ends_at
