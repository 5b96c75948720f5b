from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from studio.catalogue import load


@pytest.fixture
def extra_folder(tmp_path: Path) -> Iterator[Path]:
    """Read instead of the folder in the data dir."""
    load.also_read(tmp_path)
    yield tmp_path
    load.also_read(settings.DATA_DIR / "catalogue")
