"""What is said when a request cannot be answered."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from studio.accounts.models import Project, User
from tests import people

SECRET = "postgres://studio:hunter2@db/secret"


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


def suspects(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


urlpatterns = [
    path("breaks/", breaks),
    path("suspects/", suspects),
    path("", include("studio.urls")),
]
handler400 = "studio.accounts.views.errors.bad_request"
handler500 = "studio.accounts.views.errors.server_error"


@pytest.fixture
def broken(db: None) -> Iterator[Client]:
    client = Client(raise_request_exception=False)
    client.force_login(people.admin())
    with override_settings(ROOT_URLCONF=__name__):
        yield client


@pytest.mark.row("A087")
def test_an_error_page_gives_a_reference_and_nothing_else_away(
    broken: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = broken.get("/breaks/")
    assert answer.status_code == 500
    page = answer.content.decode()
    for secret in (SECRET, "RuntimeError", "Traceback", "site-packages", "test_errors"):
        assert secret not in page
    reference = page.split("<code>")[1].split("</code>")[0]
    assert any(f"Reference {reference}: GET /breaks/" in line for line in caplog.messages)
    assert SECRET in caplog.text


def test_a_suspicious_request_is_a_400_without_details(broken: Client) -> None:
    answer = broken.get("/suspects/")
    assert answer.status_code == 400
    assert SECRET not in answer.content.decode()
    assert "cannot be read" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:x", "[::"])
def test_a_foreign_host_name_is_a_400(client: Client, host: str) -> None:
    answer = client.get("/accounts/login/", headers={"host": host})
    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()


def test_too_many_fields_are_a_400(client: Client, cast: people.Cast) -> None:
    client.force_login(cast.lead)
    answer = client.post("/projects/", {f"field-{n}": "x" for n in range(1001)})
    assert answer.status_code == 400
    assert "Too many parts" in answer.content.decode()


def test_an_address_that_is_nowhere_is_our_404(client: Client, cast: people.Cast) -> None:
    client.force_login(cast.member)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


SAME = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
OLDER = {"origin": "http://testserver"}
FOREIGN = [
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "null"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://["},
    {"referer": "http://evil.example/http://testserver/"},
    {},
]


@pytest.fixture
def guarded(cast: people.Cast) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead)
    return client


@pytest.mark.parametrize("headers", [SAME, OLDER])
def test_an_outdated_page_is_sent_again_with_one_click(
    guarded: Client, headers: dict[str, str]
) -> None:
    typed = {"name": 'A "long" name\n<b>', "csrfmiddlewaretoken": "old"}
    answer = guarded.post("/projects/", typed, headers=headers)
    assert answer.status_code == 403
    assert not Project.objects.filter(name__startswith="A ").exists()
    page = answer.content.decode()
    assert "A &quot;long&quot; name\n&lt;b&gt;</textarea>" in page
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = guarded.post(
        "/projects/", {"name": "A long name", "csrfmiddlewaretoken": token}, headers=headers
    )
    assert again.status_code == 302
    assert Project.objects.filter(name="A long name").exists()


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_a_foreign_page_sent_is_not_offered_again(
    guarded: Client, headers: dict[str, str]
) -> None:
    """Or one click on our own page would carry out what the foreign one wanted."""
    answer = guarded.post("/projects/", {"name": "Forged"}, headers=headers)
    assert answer.status_code == 403
    assert "Forged" not in answer.content.decode()
    assert not Project.objects.filter(name="Forged").exists()


def test_a_password_is_never_written_into_a_page(guarded: Client) -> None:
    typed = {"oldpassword": "hunter2", "new_password1": "hunter2", "login": "mei@studio.example"}
    page = guarded.post("/accounts/password/", typed, headers=SAME).content.decode()
    assert "mei@studio.example" in page
    assert "hunter2" not in page


BYTES: list[dict[str, Any]] = [
    {"path": "/accounts/login/", "data": {"login": "\x00@x.y", "password": "\x00"}},
    {"path": "/accounts/login/", "data": {"login": "x" * 100_000, "password": "y"}},
    {"path": "/language/", "data": {"language": "\x00", "next": "\x00"}},
    {"path": "/accounts/login/?next=%00", "data": {"login": "a@b.c", "password": "d"}},
    {"path": "/accounts/login/", "data": b"\xff\xfe", "content_type": "multipart/form-data"},
    {"path": "/accounts/login/", "data": b"%ff=%ff", "content_type": "text/plain"},
]


@pytest.mark.django_db
@pytest.mark.parametrize("request_", BYTES)
def test_odd_bytes_are_never_our_fault(client: Client, request_: dict[str, Any]) -> None:
    people.admin()
    answer = client.post(**request_)
    assert 300 <= answer.status_code < 500
    assert User.objects.count() == 1
