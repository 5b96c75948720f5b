import hashlib
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from studio.archive import keep as keeping
from studio.archive.errors import NotAVideo
from studio.archive.keep import keep
from studio.archive.models import Video
from studio.storage import store
from studio.storage.models import Blob
from tests.archive import clips

ATTEMPT = "a" * 32


@pytest.mark.django_db
def test_a_kept_clip_is_whole_and_measured(talkie: Path) -> None:
    video = keep(talkie, ATTEMPT)
    video.refresh_from_db()
    assert (video.attempt_uid, video.number) == (ATTEMPT, 0)
    assert (video.width, video.height, video.frames) == (320, 180, 48)
    assert (video.seconds, video.fps) == (Decimal("2.000"), Decimal("24.000"))
    assert (video.codec, video.audio) == ("h264", True)
    assert video.blob.sha256 == hashlib.sha256(talkie.read_bytes()).hexdigest()
    assert store.path(video.blob).read_bytes() == talkie.read_bytes()
    assert talkie.exists()


@pytest.mark.django_db
def test_keeping_again_is_the_same_video(clip: Path, tmp_path: Path) -> None:
    first = keep(clip, ATTEMPT)
    assert keep(tmp_path / "already swept from the spool", ATTEMPT) == first
    assert Video.objects.count() == 1


@pytest.mark.django_db
def test_each_result_and_each_attempt_has_its_own_video(clip: Path) -> None:
    videos = {keep(clip, ATTEMPT), keep(clip, ATTEMPT, 1), keep(clip, "b" * 32)}
    assert len(videos) == 3
    assert Blob.objects.count() == 1


@pytest.mark.django_db
def test_a_file_that_went_missing_is_put_back(clip: Path) -> None:
    video = keep(clip, ATTEMPT)
    store.path(video.blob).unlink()
    assert keep(clip, ATTEMPT) == video
    assert store.exists(video.blob)


def html(data: bytearray) -> bytes:
    return b"<!doctype html><title>403</title>"


def json(data: bytearray) -> bytes:
    return b'{"code": 1234, "message": "expired"}'


def png(data: bytearray) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(1000)


def nothing(data: bytearray) -> bytes:
    return b""


def row(name: str, how: Callable[[bytearray], bytes | bytearray], reason: str) -> object:
    return pytest.param(how, reason, marks=pytest.mark.row(name), id=f"{name}-{how.__name__}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "reason"),
    [
        row("F086", html, "it is not an MP4 file"),
        row("F086", json, "it is not an MP4 file"),
        row("F086", png, "it is not an MP4 file"),
        row("F087", nothing, "the file is empty"),
        row("F088", clips.halve, "a part of it is missing"),
        row("F089", clips.flip, "it is damaged"),
    ],
)
def test_what_is_not_a_whole_video_leaves_no_trace(
    how: Callable[[bytearray], bytes | bytearray], reason: str, clip: Path, tmp_path: Path
) -> None:
    spoilt = clips.spoil(clip, tmp_path / "video.mp4", how)
    with pytest.raises(NotAVideo) as caught:
        keep(spoilt, ATTEMPT)
    assert caught.value.reason == reason
    assert not Video.objects.exists()
    assert not Blob.objects.exists()
    assert not (tmp_path / "media").exists()
    # The next fetch brings the whole file: nothing of the first stands in its way.
    assert keep(clip, ATTEMPT).frames == 48


def together(work: Callable[[], object], count: int) -> list[BaseException]:
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
@pytest.mark.row("F105")
def test_two_archivers_of_one_result_make_one_video(clip: Path) -> None:
    assert together(lambda: keep(clip, ATTEMPT), 3) == []
    video = Video.objects.get()
    assert store.exists(video.blob)
    assert Blob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_the_archivers_do_collide(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: look, then write, as code without a guard would."""
    looked = threading.Barrier(2)

    def unguarded(**fields: object) -> tuple[Video, bool]:
        known = Video.objects.filter(attempt_uid=ATTEMPT).first()
        looked.wait()
        values = fields.pop("defaults")
        assert isinstance(values, dict)
        return known or Video.objects.create(**fields, **values), True

    monkeypatch.setattr(Video.objects, "get_or_create", unguarded)
    failures = together(lambda: keeping.keep(clip, ATTEMPT), 2)
    assert [type(error) for error in failures] == [IntegrityError]
