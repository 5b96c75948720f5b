from pathlib import Path

import pytest
from pytest_django import Settings

from tests.archive import clips


@pytest.fixture(autouse=True)
def rooms(settings: Settings, tmp_path: Path) -> None:
    """Each test has a media folder and a spool of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPOOL_DIR = tmp_path / "spool"


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, 320 x 180, no sound, index first."""
    return clips.make(tmp_path_factory.mktemp("clips") / "clip.mp4")


@pytest.fixture(scope="session")
def talkie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with sound."""
    return clips.make(tmp_path_factory.mktemp("clips") / "talkie.mp4", sound=True)
