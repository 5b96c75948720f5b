"""Is there room for another clip? While there is none, nothing paid is sent or fetched."""

import shutil
from pathlib import Path

from django.conf import settings

# Room for a few clips and for the database beside them (bytes).
LEAST = 256 * 1024**2


def free() -> int:
    """Bytes that are left where there are fewest: for media, for what is fetched, for the rest."""
    places = {settings.MEDIA_ROOT, settings.SPOOL_DIR, settings.DATA_DIR}
    return min(shutil.disk_usage(_existing(Path(place))).free for place in places)


def is_full() -> bool:
    return free() < LEAST


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
