"""The optional code after the password."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.db import connection
from django.test import Client

from studio.accounts.models import User
from studio.accounts.sessions import Session
from studio.audit.models import AuditLine
from studio.lib import cipher
from tests import people

ON = "/accounts/second-factor/on/"


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(counters()))))


def log_in(client: Client, user: User) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": people.PASSWORD})


def switch_on(client: Client, user: User) -> str:
    """The secret, after the person has switched the second factor on."""
    log_in(client, user)
    page = client.get(ON, follow=True)
    assert page.request["PATH_INFO"] == "/accounts/again/"
    page = client.post("/accounts/again/", {"password": people.PASSWORD, "next": ON}, follow=True)
    secret: str = page.context["form"].secret
    assert client.post(ON, {"code": code_now(secret)}).status_code == 302
    return secret


@pytest.fixture
def mei(db: None) -> User:
    people.studio(name="Studio Mei")
    return people.member(email="mei@studio.example", password=people.PASSWORD)


def test_with_a_second_factor_the_password_alone_opens_nothing(client: Client, mei: User) -> None:
    secret = switch_on(client, mei)
    device = Client()
    assert log_in(device, mei)["Location"] == "/accounts/code/"
    assert device.get("/projects/")["Location"].startswith("/accounts/login/")
    wrong = device.post("/accounts/code/", {"code": "000000"})
    assert wrong.status_code == 422
    assert device.get("/projects/")["Location"].startswith("/accounts/login/")
    right = device.post("/accounts/code/", {"code": code_now(secret)})
    assert right["Location"] == "/create/"
    assert Session.objects.filter(person=mei).count() == 2


def test_a_recovery_code_opens_once(client: Client, mei: User) -> None:
    switch_on(client, mei)
    codes = client.get("/accounts/second-factor/codes/").context["unused_codes"]
    for expected in (302, 422):
        device = Client()
        log_in(device, mei)
        assert device.post("/accounts/code/", {"code": codes[0]}).status_code == expected


def test_the_secret_and_the_seed_are_sealed_in_the_database(client: Client, mei: User) -> None:
    secret = switch_on(client, mei)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = " ".join(str(row[0]) for row in cursor.fetchall())
    assert secret not in stored
    sealed = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert cipher.decrypt(sealed) == secret


def test_the_app_shows_the_name_of_the_studio(client: Client, mei: User) -> None:
    log_in(client, mei)
    client.post("/accounts/again/", {"password": people.PASSWORD, "next": ON})
    page = client.get(ON)
    assert "issuer=Studio%20Mei" in page.context["totp_url"]
    assert b"data:image/svg+xml;base64," in page.content


def test_guessing_codes_is_throttled(client: Client, mei: User) -> None:
    secret = switch_on(client, mei)
    device = Client()
    log_in(device, mei)
    for _ in range(8):
        device.post("/accounts/code/", {"code": "000000"})
    answer = device.post("/accounts/code/", {"code": code_now(secret)})
    assert answer.status_code == 422
    assert "Too many failed" in answer.content.decode()


def test_switching_it_off_asks_for_the_password_again(client: Client, mei: User) -> None:
    switch_on(client, mei)
    device = Client()
    device.force_login(mei)
    off = "/accounts/second-factor/off/"
    assert device.post(off)["Location"].startswith("/accounts/again/")
    assert Authenticator.objects.filter(user=mei).exists()
    assert client.post(off)["Location"] == "/accounts/second-factor/"
    assert not Authenticator.objects.filter(user=mei).exists()


def test_an_admin_takes_it_off_for_somebody_who_lost_everything(client: Client, mei: User) -> None:
    switch_on(client, mei)
    admins = Client()
    admins.force_login(people.admin())
    assert admins.post(f"/people/{mei.uid}/second-factor/").status_code == 302
    assert log_in(Client(), mei)["Location"] == "/create/"
    assert AuditLine.objects.get(action="person.take_off_second_factor").object_uid == mei.uid
    assert admins.post(f"/people/{mei.uid}/second-factor/").status_code == 422
