"""System checks: what must be true before the studio starts.

Registered under the tag `studio`; `run`, `work` and `prepare` refuse to start on an error.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from studio import practice
from studio.catalogue.files import BrokenCatalogue
from studio.catalogue.load import catalogue
from studio.upkeep import seals

TAG = "studio"
# What is mounted where, as Linux tells it.
MOUNTS = Path("/proc/self/mountinfo")
# File systems that several machines share; SQLite's write-ahead log needs one machine's memory.
SHARED = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "gfs2"}
    | {"gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs"}
)


@register(TAG)
def data_dir_is_writable(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    folder = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".check-"):
            return []
    except OSError as error:
        return [
            Error(f"The data dir {folder} cannot be written: {error.strerror}.", id="studio.E001")
        ]


@register(TAG)
def sqlite_is_safe_here(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return []
    folder = Path(str(settings.DATABASES["default"]["NAME"])).parent
    while not folder.exists():  # checks have no order: it may not have been made yet
        folder = folder.parent
    problem = unsafe_for_sqlite(folder, MOUNTS)
    hint = "Set STUDIO_DATA_DIR to a local disk, or DATABASE_URL to a PostgreSQL server."
    return [Error(problem, hint=hint, id="studio.E002")] if problem else []


@register(TAG)
def catalogue_is_sound(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    try:
        catalogue()
    except BrokenCatalogue as error:
        hint = f"Mend {error.path} and start again."
        return [Error(f"The catalogue is broken: {error}.", hint=hint, id="studio.E003")]
    return []


@register(TAG)
def practice_stays_apart(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    has_own_database = settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"
    found = practice.mistake(settings.DATA_DIR, settings.PRACTICE_ASKED, has_own_database)
    return [Error(found[0], hint=found[1], id="studio.E004")] if found else []


@register(TAG)
def secrets_can_be_opened(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A wrong key is found here, not by whoever needs the secret."""
    database = settings.DATABASES["default"]
    is_new = (
        str(database["ENGINE"]).endswith("sqlite3") and not Path(str(database["NAME"])).exists()
    )
    missing = [] if is_new else seals.missing_keys()
    hint = "Put it back, behind the others and a comma; without it these secrets are lost."
    return [
        Error(
            f"STUDIO_ENCRYPTION_KEYS lacks the key {key}: stored secrets cannot be opened.",
            hint=hint,
            id="studio.E005",
        )
        for key in missing
    ]


def unsafe_for_sqlite(folder: Path, mounts: Path) -> str | None:
    """Why a database in `folder` would be damaged sooner or later."""
    kind = file_system(folder, mounts)
    if kind in SHARED:
        return f"SQLite would be damaged in {folder}: it is on a network file system ({kind})."
    if not has_write_ahead_log(folder):
        return f"SQLite cannot keep its write-ahead log in {folder}."
    return None


def file_system(folder: Path, mounts: Path) -> str:
    """The type of the file system that holds `folder`; empty where the system does not say."""
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for line in mounts.read_text().splitlines():
        left, _, right = line.partition(" - ")
        # Spaces in a mount point are written as \040.
        point = left.split()[4].encode().decode("unicode_escape")
        if len(point) >= len(best) and _holds(point, folder):
            best, kind = point, right.split()[0]
    return kind


def _holds(point: str, folder: Path) -> bool:
    return os.path.commonpath([point, folder.resolve()]) == point


def has_write_ahead_log(folder: Path) -> bool:
    """Whether SQLite really switches to WAL in `folder`: it says nothing when it cannot."""
    try:
        with TemporaryDirectory(dir=folder, prefix=".check-") as place:
            connection = sqlite3.connect(Path(place) / "check.sqlite3")
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
            connection.close()
    except (OSError, sqlite3.Error):
        return False
    return str(mode) == "wal"
