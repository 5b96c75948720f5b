from pathlib import Path

import pytest
from pytest_django import Settings

from tests.assets.bench import Bench, bench


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Each test has a media folder and a temporary folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path / "media"


@pytest.fixture
def door(db: None) -> Bench:
    return bench()
