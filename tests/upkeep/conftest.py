from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def rooms(settings: Settings, tmp_path: Path) -> None:
    """Each test has a media folder and a spool of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.MEDIA_ROOT.mkdir()
    settings.SPOOL_DIR.mkdir()
