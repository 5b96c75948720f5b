"""The index that Django reads; nobody imports it."""

from studio.accounts.models import Invite, Membership, Project, Studio, User
from studio.accounts.sessions import Session
from studio.archive.models import Rendition, Video
from studio.assets.models import Asset
from studio.audit.models import AuditLine
from studio.generations.models import (
    Attempt,
    Draft,
    Generation,
    GenerationEvent,
    GenerationInput,
    Hint,
    Order,
    Tag,
)
from studio.generations.palette import SavedPrompt, StudioStyle
from studio.scheduling.models import (
    MediaHost,
    ModelSwitch,
    ProviderAccount,
    ProviderKey,
    Pulse,
    TopUp,
)
from studio.spend.models import Budget, BudgetWindow, LedgerEntry, PriceRow, Rate
from studio.storage.models import Blob, OrphanFile

__all__ = [
    "Asset",
    "Attempt",
    "AuditLine",
    "Blob",
    "Budget",
    "BudgetWindow",
    "Draft",
    "Generation",
    "GenerationEvent",
    "GenerationInput",
    "Hint",
    "Invite",
    "LedgerEntry",
    "MediaHost",
    "Membership",
    "ModelSwitch",
    "Order",
    "OrphanFile",
    "PriceRow",
    "Project",
    "ProviderAccount",
    "ProviderKey",
    "Pulse",
    "Rate",
    "Rendition",
    "SavedPrompt",
    "Session",
    "Studio",
    "StudioStyle",
    "Tag",
    "TopUp",
    "User",
    "Video",
]
