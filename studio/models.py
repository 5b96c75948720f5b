"""The index that Django reads; nobody imports it."""

from studio.accounts.models import Invite, Membership, Project, Studio, User
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
from studio.scheduling.models import ProviderAccount
from studio.storage.models import Blob

__all__ = [
    "Asset",
    "Attempt",
    "AuditLine",
    "Blob",
    "Draft",
    "Generation",
    "GenerationEvent",
    "GenerationInput",
    "Invite",
    "Membership",
    "Order",
    "Project",
    "ProviderAccount",
    "Rendition",
    "Studio",
    "Tag",
    "User",
    "Video",
]
