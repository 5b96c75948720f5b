"""Sessions: made at login, dead after it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from studio.accounts.models import User
from studio.accounts.sessions import Session, SessionStore
from studio.lib import clock
from tests import people

LOGIN = "/accounts/login/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def log_in(client: Client, user: User, **headers: str) -> Any:
    typed = {"login": user.email, "password": people.PASSWORD}
    return client.post(LOGIN, typed, headers=headers)


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def mei(db: None) -> User:
    people.studio()
    return people.member(email="mei@studio.example", password=people.PASSWORD)


@pytest.mark.row("A081")
def test_a_planted_session_is_not_the_one_that_is_logged_in(client: Client, mei: User) -> None:
    planted = SessionStore()
    planted["seen_on"] = "2026-01-01"
    planted.create()
    key = str(planted.session_key)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    log_in(client, mei)
    assert key_of(client) != key
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(thief)
    assert is_in(client)


@pytest.mark.row("A081")
def test_after_the_logout_the_old_cookie_opens_nothing(client: Client, mei: User) -> None:
    log_in(client, mei)
    stolen = key_of(client)
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert not is_in(thief)
    assert not Session.objects.filter(person=mei).exists()


@pytest.mark.row("A081")
def test_two_devices_are_listed_and_the_other_one_is_ended(client: Client, mei: User) -> None:
    other = Client(headers={"user-agent": FIREFOX})
    log_in(other, mei)
    log_in(client, mei)
    assert is_in(other)
    page = client.get("/settings/").content.decode()
    assert "Firefox · Windows" in page
    assert "this one" in page
    assert client.post("/settings/sessions/")["Location"] == "/settings/"
    assert not is_in(other)
    assert is_in(client)
    assert [session.session_key for session in mei.sessions.all()] == [key_of(client)]


@pytest.mark.row("A081")
def test_two_weeks_without_use_ask_for_the_login_again(client: Client, mei: User) -> None:
    log_in(client, mei)
    assert is_in(client)
    left = Session.objects.get(person=mei).expire_date - clock.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    assert client.get("/settings/")["Location"] == f"{LOGIN}?next=/settings/"


def test_using_the_studio_prolongs_the_session_once_a_day(client: Client, mei: User) -> None:
    log_in(client, mei)
    is_in(client)
    almost_over = clock.now() + timedelta(days=1)
    Session.objects.update(expire_date=almost_over)
    is_in(client)
    assert Session.objects.get(person=mei).expire_date == almost_over
    with clock.shift(timedelta(days=1)):
        is_in(client)
    assert Session.objects.get(person=mei).expire_date > almost_over + timedelta(days=12)


def test_dead_sessions_are_swept_up(client: Client, mei: User) -> None:
    SessionStore().create()
    Session.objects.update(expire_date=clock.now() - timedelta(days=1))
    log_in(client, mei)
    is_in(client)
    assert Session.objects.count() == 1


def test_changing_the_password_ends_the_other_sessions(client: Client, mei: User) -> None:
    other = Client()
    log_in(other, mei)
    log_in(client, mei)
    new = "nine silver kites"
    typed = {"oldpassword": people.PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/", typed).status_code == 302
    assert not is_in(other)
    assert is_in(client)
    assert mei.sessions.count() == 1


def test_nothing_for_logged_in_people_is_kept_by_the_browser(client: Client, mei: User) -> None:
    log_in(client, mei)
    for path in ("/settings/", "/projects/", f"/projects/{mei.personal_project.uid}/", "/nowhere/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
    assert '"historyCacheSize":0' in client.get("/settings/").content.decode()
    client.post("/accounts/logout/")
    answer = client.get("/projects/")
    assert answer["Location"] == f"{LOGIN}?next=/projects/"
    assert not mei.sessions.exists()


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge · Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent: str, device: str) -> None:
    assert Session(agent=agent).device == device
