import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from studio.lib.files import Content, copy_hashed, hash_file, sync_directory


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 3_000_001])
def test_what_is_copied_is_what_is_hashed(size: int, tmp_path: Path) -> None:
    data = bytes(size)
    target = BytesIO()
    content = copy_hashed(BytesIO(data), target)
    assert content == Content(hashlib.sha256(data).hexdigest(), size)
    assert target.getvalue() == data
    (tmp_path / "file").write_bytes(data)
    assert hash_file(tmp_path / "file") == content


def test_only_a_directory_is_synced_as_one(tmp_path: Path) -> None:
    sync_directory(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        sync_directory(tmp_path / "file")
