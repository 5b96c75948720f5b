import errno
import hashlib
import os
import stat
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest

from studio.storage import store
from studio.storage.folder import Damaged, Folder
from studio.storage.models import Blob

pytestmark = pytest.mark.django_db


def drafts(media: Path) -> list[Path]:
    return list((media / "incoming").iterdir())


def test_a_file_is_named_by_its_content_and_read_only(tmp_path: Path, media: Path) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(b"seed" * 500_000)
    name = hashlib.sha256(source.read_bytes()).hexdigest()
    blob = store.put(source, "video/mp4")
    assert (blob.sha256, blob.size, blob.media_type) == (name, 2_000_000, "video/mp4")
    assert store.path(blob) == media / name[:2] / name[2:4] / name
    assert stat.S_IMODE(store.path(blob).stat().st_mode) == 0o440
    with store.open(blob) as file:
        assert file.read() == source.read_bytes()
    assert source.exists()
    assert not drafts(media)


def test_the_same_bytes_are_the_same_blob(tmp_path: Path) -> None:
    first = store.put_bytes(b"once", "image/png")
    (tmp_path / "again").write_bytes(b"once")
    second = store.put(tmp_path / "again", "image/png")
    assert first == second
    assert Blob.objects.count() == 1


def test_an_empty_file_is_a_blob_too() -> None:
    blob = store.put_bytes(b"", "text/plain")
    assert blob.size == 0
    assert store.exists(blob)


def test_a_missing_or_short_file_does_not_exist() -> None:
    blob = store.put_bytes(b"whole", "image/png")
    assert store.exists(blob)
    store.path(blob).unlink()
    assert not store.exists(blob)
    store.path(blob).write_bytes(b"who")
    assert not store.exists(blob)


def test_a_file_without_a_row_is_adopted(media: Path) -> None:
    store.put_bytes(b"left by one who died", "video/mp4").delete()
    blob = store.put_bytes(b"left by one who died", "video/mp4")
    assert store.exists(blob)
    assert Blob.objects.get() == blob


def test_a_damaged_file_is_neither_replaced_nor_believed() -> None:
    blob = store.put_bytes(b"true bytes", "image/png")
    store.path(blob).chmod(0o640)
    store.path(blob).write_bytes(b"rotten one")
    with pytest.raises(Damaged):
        store.put_bytes(b"true bytes", "image/png")
    assert store.path(blob).read_bytes() == b"rotten one"


def test_a_name_already_taken_is_never_overwritten(media: Path) -> None:
    blob = store.put_bytes(b"first", "image/png")
    before = store.path(blob).stat()
    store.put_bytes(b"first", "image/png")
    after = store.path(blob).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.row("F099")
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
def test_a_file_that_cannot_be_synced_was_never_written(
    error: int, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError) as caught:
        store.put_bytes(b"lost", "image/png")
    assert caught.value.errno == error
    assert not Blob.objects.exists()
    assert not drafts(media)
    assert not [p for p in media.rglob("*") if p.is_file()]


def test_the_file_is_synced_before_its_name_and_its_name_before_the_row(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = hashlib.sha256(b"ordered").hexdigest()
    seen: list[tuple[str, bool, bool]] = []
    sync = os.fsync

    def watch(handle: int) -> None:
        kind = "directory" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        seen.append((kind, Folder(media).path(name).exists(), Blob.objects.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watch)
    store.put_bytes(b"ordered", "image/png")
    assert seen == [("file", False, False)] + [("directory", True, False)] * 3


def test_many_writers_of_one_content_leave_one_whole_file(media: Path) -> None:
    data = os.urandom(3_000_000)
    folder = Folder(media)
    failures: list[BaseException] = []
    start = threading.Barrier(8)

    def write() -> None:
        try:
            start.wait()
            folder.put(BytesIO(data))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [p.read_bytes() == data for p in media.rglob("*") if p.is_file()] == [True]


def test_drafts_of_the_dead_are_swept_after_a_day(media: Path) -> None:
    store.put_bytes(b"kept", "image/png")
    old, young = media / "incoming" / "old", media / "incoming" / "young"
    for draft in (old, young):
        draft.write_bytes(b"half")
    yesterday = time.time() - 25 * 60 * 60
    os.utime(old, (yesterday, yesterday))
    assert store.sweep() == 1
    assert drafts(media) == [young]
