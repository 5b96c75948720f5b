"""Links to a new password."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

from studio.accounts import resets, sessions
from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.models import AuditLine
from tests import people

NEW = "nine silver kites"
FORGOT = "/accounts/forgot/"


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def use(client: Client, link: str, password: str = NEW) -> Any:
    """Open the link and choose a password."""
    page = client.get(path_of(link), follow=True)
    typed = {"new_password1": password, "new_password2": password}
    return client.post(page.request["PATH_INFO"], typed) if page.status_code == 200 else page


@pytest.fixture
def mei(db: None) -> User:
    people.studio()
    return people.member(email="mei@studio.example", password=people.PASSWORD)


def test_an_admin_hands_out_a_link_that_is_shown_once(client: Client, mei: User) -> None:
    client.force_login(people.admin())
    answer = client.post(f"/people/{mei.uid}/reset/")
    assert answer.status_code == 201
    link = answer.context["fresh"].address
    assert link.startswith("http://127.0.0.1:8000/accounts/reset/")
    assert link not in client.get(f"/people/{mei.uid}/").content.decode()
    assert AuditLine.objects.get(action="person.hand_out_reset").object_uid == mei.uid
    assert use(Client(), link)["Location"] == "/accounts/login/"
    mei.refresh_from_db()
    assert mei.check_password(NEW)


@pytest.mark.row("A079")
def test_a_link_works_once(client: Client, mei: User) -> None:
    link = resets.link(mei)
    assert use(client, link).status_code == 302
    again = use(Client(), link, "ten golden geese")
    assert again.status_code == 410
    assert "This link has ended" in again.content.decode()
    mei.refresh_from_db()
    assert mei.check_password(NEW)


class HalfAnHourAgo(PasswordResetTokenGenerator):
    def _now(self) -> Any:
        return super()._now() - timedelta(minutes=30, seconds=2)


@pytest.mark.row("A079")
def test_an_old_or_altered_link_changes_nothing(
    client: Client, mei: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = resets.link(mei)
    other = people.member()
    altered = [good[:-2] + "x/", good.replace(mei.uid, other.uid), good.replace(mei.uid, "0" * 32)]
    monkeypatch.setattr(resets, "default_token_generator", HalfAnHourAgo())
    for link in [resets.link(mei), *altered]:
        assert use(Client(), link).status_code == 410
    mei.refresh_from_db()
    assert mei.check_password(people.PASSWORD)


@pytest.mark.row("A079")
def test_known_and_unknown_addresses_get_the_same_answer(
    client: Client, mei: User, settings: Any
) -> None:
    settings.HAS_MAIL = True
    known = client.post(FORGOT, {"email": "Mei@studio.example"})
    unknown = client.post(FORGOT, {"email": "nobody@studio.example"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [message.to for message in mail.outbox] == [[mei.email]]
    mei.refresh_from_db()
    assert mei.check_password(people.PASSWORD)


@pytest.mark.row("A079")
def test_the_mailed_link_names_our_own_host_whatever_the_request_says(
    client: Client, mei: User, settings: Any
) -> None:
    settings.HAS_MAIL, settings.ALLOWED_HOSTS = True, ["*"]
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    assert client.post(FORGOT, {"email": mei.email}, headers=forged).status_code == 200
    body = str(mail.outbox[0].body)
    assert "http://127.0.0.1:8000/accounts/reset/" in body
    assert "evil.example" not in body
    link = next(line for line in body.splitlines() if line.startswith("http"))
    assert use(Client(), link).status_code == 302
    mei.refresh_from_db()
    assert mei.check_password(NEW)


@pytest.mark.row("A079")
def test_a_new_password_ends_every_session(client: Client, mei: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(mei)
    mei.refresh_from_db()
    page = client.get(path_of(resets.link(mei)), follow=True)
    assert "logged out everywhere" in page.content.decode()
    use(client, resets.link(mei))
    assert elsewhere.get("/settings/")["Location"].startswith("/accounts/login/")
    mei.refresh_from_db()
    assert mei.check_password(NEW)


def test_mail_for_one_address_is_throttled_without_a_word(
    client: Client, mei: User, settings: Any
) -> None:
    settings.HAS_MAIL = True
    answers = [client.post(FORGOT, {"email": mei.email}) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {200}
    assert len(mail.outbox) == 5


def test_a_server_that_takes_no_mail_is_not_told_to_whoever_asks(
    client: Client, mei: User, settings: Any
) -> None:
    settings.HAS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    answer = client.post(FORGOT, {"email": mei.email})
    assert answer.status_code == 200
    assert not AuditLine.objects.filter(action="person.mail_reset").exists()


def test_without_mail_there_is_no_such_page(client: Client, mei: User) -> None:
    assert client.get(FORGOT).status_code == 404
    assert "An admin can hand you a link" in client.get("/accounts/login/").content.decode()


def test_somebody_switched_off_gets_no_link(mei: User) -> None:
    link = resets.link(mei)
    User.objects.filter(pk=mei.pk).update(is_active=False)
    mei.refresh_from_db()
    with pytest.raises(Refused):
        resets.hand_out(people.admin(), mei)
    assert use(Client(), link).status_code == 410
    assert not sessions.alive(mei).exists()
