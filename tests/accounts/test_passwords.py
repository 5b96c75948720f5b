"""New passwords, wherever one is chosen."""

import pytest
from django.test import Client

from studio.accounts import invites, resets, setup
from studio.accounts.models import User
from tests import people

WEAK = {
    "short": "9 letters",
    "common": "1234567890",
    "own address": "mei@studio.example",
    "own name": "Mei Tanaka-Ueda",
}
STRONG = {
    "64 characters": "correct horse battery staple and then some more words to be sure"[:64],
    "emoji": "🎬🎥🎞️🌊🌸🍜🚲🦊🐙🪁",
    "spaces at the ends": "  two quiet rivers  ",
    "umlauts and kanji": "Füchse über 富士山の上",
}
NAME = "Mei Tanaka-Ueda"
EMAIL = "mei@studio.example"


def choose_at_set_up(client: Client, password: str) -> int:
    typed = {
        "email": EMAIL,
        "name": NAME,
        "password": password,
        "language": "en",
        "time_zone": "UTC",
        "currency": "EUR",
    }
    return client.post(f"/setup/?code={setup.code()}", typed).status_code


def choose_at_invitation(client: Client, password: str) -> int:
    link = invites.invite(people.admin(), EMAIL, role="member")
    typed = {"name": NAME, "password": password, "language": "en"}
    return client.post(path_of(link), typed).status_code


def choose_at_reset(client: Client, password: str) -> int:
    mei = people.member(email=EMAIL, name=NAME)
    form = client.get(path_of(resets.link(mei)), follow=True).request["PATH_INFO"]
    return client.post(form, {"new_password1": password, "new_password2": password}).status_code


def choose_in_settings(client: Client, password: str) -> int:
    mei = people.member(email=EMAIL, name=NAME, password=people.PASSWORD)
    client.force_login(mei)
    typed = {"oldpassword": people.PASSWORD, "password1": password, "password2": password}
    return client.post("/accounts/password/", typed).status_code


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


DOORS = [choose_at_set_up, choose_at_invitation, choose_at_reset, choose_in_settings]


@pytest.mark.django_db
@pytest.mark.row("A080")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("password", WEAK.values(), ids=list(WEAK))
def test_a_weak_password_is_refused(client: Client, door: object, password: str) -> None:
    assert callable(door)
    assert door(client, password) == 422
    mei = User.objects.filter(email=EMAIL).first()
    assert mei is None or not mei.check_password(password)


@pytest.mark.django_db
@pytest.mark.row("A080")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("password", STRONG.values(), ids=list(STRONG))
def test_a_good_password_is_kept_to_the_letter(client: Client, door: object, password: str) -> None:
    assert callable(door)
    assert door(client, password) == 302
    mei = User.objects.get(email=EMAIL)
    assert mei.check_password(password)
    assert password == password.strip() or not mei.check_password(password.strip())
    typed = {"login": EMAIL, "password": password}
    assert Client().post("/accounts/login/", typed)["Location"] == "/create/"


@pytest.mark.django_db
def test_the_refusal_says_why(client: Client) -> None:
    link = path_of(invites.invite(people.admin(), EMAIL, role="member"))
    answer = client.post(link, {"name": NAME, "password": "1234567890", "language": "en"})
    assert "too common" in answer.content.decode()
    assert NAME in answer.content.decode()
    answer = client.post(link, {"name": NAME, "password": "short", "language": "en"})
    assert "at least 10 characters" in answer.content.decode()
