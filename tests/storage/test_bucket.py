"""A bucket in the folder's place: everything that is asked of the folder, and what only it can."""

import base64
import hashlib
import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.message import Message
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from pytest_django import Settings

from studio.generations.receipts import as_json
from studio.lib.files import Content
from studio.lib.s3 import S3
from studio.storage import bucket, store
from studio.storage.bucket import Unreachable
from studio.storage.cache import Cache
from studio.storage.folder import Damaged
from studio.storage.models import Blob
from studio.storage.place import Shown
from studio.storage.serve import serve
from tests import clips, people
from tests.house import ROOT, free_port
from tests.storage import objects

pytestmark = pytest.mark.django_db
# The same in every process that shares the tests.
CLIP = bytes(range(256)) * 6000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with objects.server() as address:
        yield address


@pytest.fixture
def s3(endpoint: str, settings: Settings, tmp_path: Path) -> S3:
    settings.DATA_DIR = tmp_path
    settings.S3_STORE = objects.at(endpoint)
    objects.make(settings.S3_STORE)
    return settings.S3_STORE  # type: ignore[no-any-return]


@pytest.fixture
def direct(s3: S3, settings: Settings) -> S3:
    settings.S3_STORE = objects.at(s3.endpoint, is_direct=True)
    return settings.S3_STORE  # type: ignore[no-any-return]


def ask(
    blob: Blob,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    *,
    attachment: bool = False,
) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/clip.mp4", headers=headers)
    return serve(request, blob, filename="clip.mp4", attachment=attachment)


def body(response: HttpResponseBase) -> bytes:
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join(response)


def fetch(address: str, **headers: str) -> tuple[int, Message, bytes]:
    """As a browser does, without us."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def copies(settings: Settings) -> list[Path]:
    return [p for p in (settings.DATA_DIR / "cache").rglob("*") if p.is_file()]


# ── Kept ──────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_kept_in_the_bucket_under_its_content(s3: S3, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(CLIP)
    name = hashlib.sha256(CLIP).hexdigest()
    blob = store.put(tmp_path / "clip.mp4", "video/mp4")
    assert (blob.sha256, blob.size) == (name, len(CLIP))
    assert objects.names(s3) == [f"{name[:2]}/{name[2:4]}/{name}"]
    assert (store.stat(blob), store.exists(blob)) == (len(CLIP), True)
    with store.open(blob) as file:
        assert file.read() == CLIP
    assert store.address(blob) == f"s3://seed-studio/{name[:2]}/{name[2:4]}/{name}"


def test_the_same_bytes_are_sent_once(s3: S3) -> None:
    first, second = (store.put_bytes(b"once", "image/png") for _ in range(2))
    assert first == second
    assert len(objects.names(s3)) == 1
    assert store.put_bytes(b"", "text/plain").size == 0


def test_the_store_is_given_the_hash_and_holds_it_against_the_bytes(s3: S3) -> None:
    blob = store.put_bytes(b"true bytes", "image/png")
    told = bucket.connect(s3).head_object(
        Bucket=s3.bucket, Key=objects.names(s3)[0], ChecksumMode="ENABLED"
    )
    assert base64.b64decode(told["ChecksumSHA256"]).hex() == blob.sha256
    assert told["ContentLength"] == 10


def test_what_was_damaged_there_is_neither_replaced_nor_believed(s3: S3) -> None:
    blob = store.put_bytes(b"true bytes", "image/png")
    objects.overwrite(s3, blob.sha256, b"rotten one")
    with pytest.raises(Damaged):
        store.put_bytes(b"true bytes", "image/png")
    bucket.configured().cache.forget(blob.sha256)
    with pytest.raises(Damaged):
        store.path(blob)
    with store.stream(blob) as file:
        assert file.read() == b"rotten one"


def test_what_somebody_brought_in_without_a_checksum_is_read_and_adopted(s3: S3) -> None:
    name = hashlib.sha256(b"synced by a tool").hexdigest()
    objects.overwrite(s3, name, b"synced by a tool")
    assert store.exists(store.put_bytes(b"synced by a tool", "image/png"))


def test_of_many_writers_one_wins_and_none_fails(s3: S3, tmp_path: Path) -> None:
    place, failures = bucket.configured(), list[BaseException]()
    start = threading.Barrier(6)

    def write() -> None:
        try:
            start.wait()
            place.put(BytesIO(CLIP))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert place.holds(Content(hashlib.sha256(CLIP).hexdigest(), len(CLIP)))


def test_a_name_that_is_taken_is_refused_by_the_store_itself(s3: S3) -> None:
    place = bucket.configured()
    content = place.put(BytesIO(b"first"))
    with pytest.raises(FileExistsError):
        place._upload(content, place.path(content.sha256), IfNoneMatch="*")


@pytest.mark.row("F106")
def test_a_store_that_is_away_is_a_fault_of_the_disk_to_its_callers(
    s3: S3, settings: Settings
) -> None:
    blob = store.put_bytes(b"kept", "image/png")
    settings.S3_STORE = objects.at(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(OSError) as caught:
        store.put_bytes(b"new", "image/png")
    assert isinstance(caught.value, Unreachable)
    assert "a secret of the store" not in str(caught.value)
    with pytest.raises(Unreachable):
        store.check()
    assert Blob.objects.get() == blob


def test_a_store_without_the_bucket_cannot_be_written_to(s3: S3, settings: Settings) -> None:
    store.check()
    bucket.connect(s3).delete_bucket(Bucket=s3.bucket)
    with pytest.raises(OSError):
        store.check()
    with pytest.raises(OSError):
        store.put_bytes(b"new", "image/png")
    assert not Blob.objects.exists()


# ── Copies on this machine ────────────────────────────────────────────────────────────────────


def test_a_path_is_a_copy_that_is_fetched_when_it_is_not_here(s3: S3, settings: Settings) -> None:
    blob = store.put_bytes(CLIP, "video/mp4")
    for copy in copies(settings):
        copy.unlink()
    path = store.path(blob)
    assert path.read_bytes() == CLIP
    assert copies(settings) == [path]
    objects.overwrite(s3, blob.sha256, b"not asked again")
    assert store.path(blob).read_bytes() == CLIP


def test_what_is_nowhere_is_not_found(s3: S3) -> None:
    blob = Blob(sha256="0" * 64, size=1, media_type="video/mp4")
    assert (store.stat(blob), store.exists(blob)) == (None, False)
    for look in (store.path, store.open, store.stream):
        with pytest.raises(FileNotFoundError):
            look(blob)


def test_the_least_used_copies_go_when_there_are_too_many(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=250)
    names = [cache.take_in(BytesIO(bytes([n]) * 100)).sha256 for n in range(3)]
    # All in use an hour ago or less: over the limit, but nobody loses a file he may be opening.
    assert [bool(cache.find(name)) for name in names] == [True, True, True]
    for age, name in enumerate(names):
        os.utime(cache.path(name), (1_000_000 - age, 1_000_000 - age))
    assert cache.find(names[2])
    assert cache.trim() == 1
    assert [cache.path(name).exists() for name in names] == [True, False, True]


def test_drafts_of_dead_writers_are_swept(s3: S3, settings: Settings) -> None:
    incoming = settings.DATA_DIR / "cache" / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "old").write_bytes(b"half")
    os.utime(incoming / "old", (1_000_000, 1_000_000))
    (incoming / "new").write_bytes(b"half")
    assert store.sweep() == 1
    assert [p.name for p in incoming.iterdir()] == ["new"]


# ── Looked at, mended, removed ────────────────────────────────────────────────────────────────


def test_a_missing_object_is_mended_to_the_byte_only(s3: S3, tmp_path: Path) -> None:
    place = bucket.configured()
    content = place.put(BytesIO(b"true bytes"))
    objects.overwrite(s3, content.sha256, b"rotten one")
    (tmp_path / "wrong").write_bytes(b"something else")
    (tmp_path / "right").write_bytes(b"true bytes")
    assert not place.mend(tmp_path / "wrong", content)
    assert not place.holds(content)
    assert place.mend(tmp_path / "right", content)
    assert place.holds(content)


def test_all_that_is_kept_can_be_listed_and_removed(s3: S3) -> None:
    place = bucket.configured()
    first, second = place.put(BytesIO(b"first")), place.put(BytesIO(b"second one"))
    bucket.connect(s3).put_object(Bucket=s3.bucket, Key="somebody/elses", Body=b"x")
    listed = {(first.sha256, 5), (second.sha256, 10)}
    assert set(place.kept()) == listed
    place.remove(first.sha256)
    place.remove(first.sha256)
    assert list(place.kept()) == [(second.sha256, 10)]
    assert place.size(first.sha256) is None


# ── Served ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "status", "sent"),
    [(None, 200, CLIP), ("bytes=5-9", 206, CLIP[5:10]), ("bytes=-3", 206, CLIP[-3:])],
    ids=["whole", "middle", "end"],
)
def test_bytes_go_through_us_without_a_copy(
    s3: S3, settings: Settings, asked: str | None, status: int, sent: bytes
) -> None:
    blob = store.put_bytes(CLIP, "video/mp4")
    for copy in copies(settings):
        copy.unlink()
    response = ask(blob, headers={"Range": asked} if asked else None)
    assert response.status_code == status
    assert body(response) == sent
    assert response["Content-Length"] == str(len(sent))
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert copies(settings) == []


def test_a_missing_object_is_not_there(s3: S3) -> None:
    with pytest.raises(Http404):
        ask(Blob(sha256="0" * 64, size=5, media_type="video/mp4"))


def test_a_web_server_in_front_is_not_told_of_files_that_it_has_not(
    s3: S3, settings: Settings
) -> None:
    settings.ACCEL_REDIRECT = "/protected/"
    response = ask(store.put_bytes(CLIP, "video/mp4"))
    assert "X-Accel-Redirect" not in response
    assert body(response) == CLIP


def test_a_browser_is_sent_to_the_store_for_a_while_for_this_file_only(direct: S3) -> None:
    blob = store.put_bytes(CLIP, "video/mp4")
    response = ask(blob, headers={"Range": "bytes=0-9"}, attachment=True)
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, max-age=300"
    signed = parse_qs(urlsplit(response["Location"]).query)
    assert signed["X-Amz-Expires"] == ["600"]
    assert signed["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert "a secret of the store" not in response["Location"]
    status, headers, part = fetch(response["Location"], Range="bytes=1-4")
    assert (status, part) == (206, CLIP[1:5])
    assert headers["Content-Range"] == f"bytes 1-4/{len(CLIP)}"
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Disposition"] == 'attachment; filename="clip.mp4"'


@pytest.mark.parametrize(
    ("data", "media_type", "method"),
    [(b"small", "video/mp4", "GET"), (CLIP, "image/png", "GET"), (CLIP, "video/mp4", "HEAD")],
    ids=["small", "picture", "asked about"],
)
def test_what_is_small_a_picture_or_only_asked_about_comes_from_us(
    direct: S3, data: bytes, media_type: str, method: str
) -> None:
    response = ask(store.put_bytes(data, media_type), method)
    assert response.status_code == 200
    assert body(response) == (b"" if method == "HEAD" else data)


def test_a_folder_has_no_address_of_its_own() -> None:
    blob = store.put_bytes(b"here", "video/mp4")
    assert store.url(blob, Shown("video/mp4", "inline")) is None
    assert store.address(blob) == str(store.path(blob))


def test_a_receipt_says_where_the_clip_is(s3: S3) -> None:
    person = people.person()
    made = clips.attempt(clips.generation(project=person.personal_project, person=person))
    clips.video(attempt_uid=made.uid)
    (video,) = as_json(made.generation)["videos"]
    assert video["path"].startswith("s3://seed-studio/")


# ── Not configured ────────────────────────────────────────────────────────────────────────────


def test_without_a_bucket_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys, django; django.setup(); import studio.urls, studio.wsgi\n"
        "from studio.storage import store; store._place()\n"
        "print([m for m in ('boto3', 'botocore', 'storages', 'moto') if m in sys.modules])"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "studio.settings", "STUDIO_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
