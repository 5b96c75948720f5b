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
    Order,
    Tag,
)
from studio.generations.palette import SavedPrompt, StudioStyle
from studio.scheduling.models import ProviderAccount
from studio.spend.models import Budget, BudgetWindow, LedgerEntry
from studio.storage.models import Blob

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
    "Invite",
    "LedgerEntry",
    "Membership",
    "Order",
    "Project",
    "ProviderAccount",
    "Rendition",
    "SavedPrompt",
    "Session",
    "Studio",
    "StudioStyle",
    "Tag",
    "User",
    "Video",
]
