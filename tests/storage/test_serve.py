from datetime import UTC, datetime

import pytest
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from studio.storage import store
from studio.storage.models import Blob
from studio.storage.serve import serve

pytestmark = pytest.mark.django_db
DATA = bytes(range(256)) * 40
SIZE = len(DATA)


@pytest.fixture
def blob() -> Blob:
    kept = store.put_bytes(DATA, "video/mp4")
    Blob.objects.update(created_at=datetime(2026, 11, 21, 9, 30, 5, 123456, UTC))
    kept.refresh_from_db()
    return kept


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


def test_the_whole_file_comes_with_all_that_a_browser_needs(blob: Blob) -> None:
    response = ask(blob)
    assert response.status_code == 200
    assert body(response) == DATA
    assert dict(response.items()) == {
        "Content-Type": "video/mp4",
        "Content-Length": str(SIZE),
        "Content-Disposition": 'inline; filename="clip.mp4"',
        "ETag": f'"{blob.sha256}"',
        "Last-Modified": "Sat, 21 Nov 2026 09:30:05 GMT",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def test_head_says_the_same_without_a_body(blob: Blob) -> None:
    whole, head = ask(blob), ask(blob, "HEAD", {"Range": "bytes=0-9"})
    assert head.status_code == 200
    assert dict(head.items()) == dict(whole.items())
    assert body(head) == b""


def test_other_methods_are_refused(blob: Blob) -> None:
    response = ask(blob, "POST")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=100-199", 100, 199),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=-99999999999999999999", 0, SIZE - 1),
        ("bytes=5-99999999999999999999", 5, SIZE - 1),
        (" bytes = 5-6 ", 5, 6),
    ],
)
def test_one_range_is_206_with_just_those_bytes(
    blob: Blob, asked: str, first: int, last: int
) -> None:
    response = ask(blob, headers={"Range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["Content-Type"] == "video/mp4"
    assert body(response) == DATA[first : last + 1]


@pytest.mark.row("A055")
@pytest.mark.parametrize(
    "asked",
    [
        "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)),
        "bytes=0-1,5-6",
        f"bytes={SIZE}-",
        "bytes=-0",
        "bytes=-",
        "bytes=--5",
        "bytes=-5-9",
        "bytes=9-5",
        "bytes=0-" + "9" * 5000,
        "bytes=٣-٤",
        "bytes=a-b",
        "bytes=",
    ],
)
def test_a_crafted_range_is_416_and_reads_nothing(blob: Blob, asked: str) -> None:
    response = ask(blob, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert body(response) == b""


def test_another_unit_is_ignored(blob: Blob) -> None:
    assert ask(blob, headers={"Range": "frames=0-9"}).status_code == 200


def test_no_range_of_an_empty_file_can_be_had() -> None:
    empty = store.put_bytes(b"", "video/mp4")
    assert ask(empty, headers={"Range": "bytes=0-"}).status_code == 416
    assert body(ask(empty)) == b""


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_who_has_it_is_told_so(blob: Blob, known: str) -> None:
    headers = {"If-None-Match": known.format(blob.sha256)}
    for method in ("GET", "HEAD"):
        response = ask(blob, method, headers)
        assert response.status_code == 304
        assert body(response) == b""
        assert response["ETag"] == f'"{blob.sha256}"'
        assert response["Cache-Control"] == "private, max-age=31536000, immutable"


def test_who_has_something_else_gets_it(blob: Blob) -> None:
    assert ask(blob, headers={"If-None-Match": '"other"'}).status_code == 200
    assert ask(blob, headers={"If-Match": '"other"'}).status_code == 412


def test_the_date_serves_where_there_is_no_tag(blob: Blob) -> None:
    since = {"If-Modified-Since": "Sat, 21 Nov 2026 09:30:05 GMT"}
    assert ask(blob, headers=since).status_code == 304
    assert ask(blob, headers=since | {"If-None-Match": '"other"'}).status_code == 200
    before = {"If-Modified-Since": "Sat, 21 Nov 2026 09:30:04 GMT"}
    assert ask(blob, headers=before).status_code == 200


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('"{}"', 206),
        ("Sat, 21 Nov 2026 09:30:05 GMT", 206),
        ('W/"{}"', 200),
        ('"other"', 200),
        ("Sat, 21 Nov 2026 09:30:06 GMT", 200),
        ("rubbish", 200),
    ],
)
def test_a_part_is_sent_only_of_the_file_that_is_meant(
    blob: Blob, condition: str, status: int
) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": condition.format(blob.sha256)}
    response = ask(blob, headers=headers)
    assert response.status_code == status
    assert body(response) == (DATA[:10] if status == 206 else DATA)


def test_a_condition_of_if_range_goes_before_a_bad_range(blob: Blob) -> None:
    headers = {"Range": "bytes=9-5", "If-Range": '"other"'}
    assert ask(blob, headers=headers).status_code == 200


@pytest.mark.row("A053")
@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("video/mp4", "inline"),
        ("image/webp", "inline"),
        ("image/svg+xml", "attachment"),
        ("text/html", "attachment"),
    ],
)
def test_what_could_act_is_a_download_and_sandboxed(media_type: str, kind: str) -> None:
    response = ask(store.put_bytes(b"<svg onload=alert(1)>", media_type))
    assert response.status_code == 200
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"].startswith(f"{kind};")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.row("A054")
def test_a_hostile_name_is_only_a_name(blob: Blob) -> None:
    request = RequestFactory().get("/clip.mp4")
    response = serve(request, blob, filename='海"\r\nSet-Cookie: x=1.mp4', attachment=True)
    assert response.status_code == 200
    assert response["Content-Disposition"] == (
        "attachment; filename=\"__Set-Cookie_ x=1.mp4\"; filename*=UTF-8''"
        "%E6%B5%B7_Set-Cookie_%20x%3D1.mp4"
    )
    assert "Set-Cookie" not in response
    assert body(response) == DATA


def test_a_missing_file_is_not_there(blob: Blob, caplog: pytest.LogCaptureFixture) -> None:
    store.path(blob).unlink()
    with pytest.raises(Http404):
        ask(blob)
    assert blob.sha256 in caplog.text


def test_the_server_in_front_is_told_where_the_file_is(blob: Blob, settings: Settings) -> None:
    settings.ACCEL_REDIRECT = "/protected/"
    response = ask(blob, headers={"Range": "bytes=0-0"}, attachment=True)
    name = blob.sha256
    assert response.status_code == 200
    assert response["X-Accel-Redirect"] == f"/protected/{name[:2]}/{name[2:4]}/{name}"
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Disposition"] == 'attachment; filename="clip.mp4"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert body(response) == b""


def any_blob(request: object) -> HttpResponseBase:
    return serve(request, Blob.objects.get(), filename="clip.mp4")  # type: ignore[arg-type]


urlpatterns = [path("clip.mp4", any_blob, name="clip")]


def test_the_whole_stack_keeps_the_sandbox(blob: Blob, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "django" in m or "csp" in m]
    response = Client().get("/clip.mp4", headers={"Range": "bytes=0-0"})
    assert response.status_code == 206
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Length"] == "1"
