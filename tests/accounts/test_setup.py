"""The first visit."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from studio.accounts import setup
from studio.accounts.errors import Refused
from studio.accounts.models import Project, Studio, StudioRole, User
from studio.audit.models import AuditLine
from tests import people

VISIT = setup.FirstVisit(
    email="ada@studio.example",
    password="seven quiet cameras",
    name="Ada",
    language="ja",
    time_zone="Asia/Tokyo",
    currency="JPY",
)


def address(code: str | None = None) -> str:
    return f"/setup/?code={setup.code() if code is None else code}"


def typed(**changes: str) -> dict[str, str]:
    return {
        "email": VISIT.email,
        "password": VISIT.password,
        "name": VISIT.name,
        "language": VISIT.language,
        "time_zone": VISIT.time_zone,
        "currency": VISIT.currency,
    } | changes


@pytest.mark.django_db
def test_the_link_founds_the_studio_logs_in_and_leads_to_create(client: Client) -> None:
    answer = client.post(address(), typed(email="Ada@Studio.example"))
    assert answer.status_code == 302
    assert answer["Location"] == "/create/"
    admin = User.objects.get()
    assert (admin.email, admin.role, admin.language) == (VISIT.email, StudioRole.ADMIN, "ja")
    assert admin.check_password(VISIT.password)
    assert admin.personal_project.role_of(admin) == "lead"
    studio = Studio.objects.get()
    assert (studio.time_zone, studio.currency, studio.language) == ("Asia/Tokyo", "JPY", "ja")
    assert client.get("/settings/").status_code == 200
    assert AuditLine.objects.get(action="studio.found").after["currency"] == "JPY"


@pytest.mark.django_db
def test_the_printed_link_opens_the_form(client: Client) -> None:
    path = setup.link().removeprefix(settings.SITE_URL)
    assert client.get(path).status_code == 200
    assert b'name="time_zone"' in client.get(path).content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/people/", "/accounts/login/", "/projects/"])
def test_before_set_up_every_page_leads_to_the_wait(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0] == "/setup/"
    assert "waits for its set-up link" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["0" * 32, "é", "x" * 5000])
def test_a_wrong_code_founds_nothing_and_says_where_the_link_stands(
    client: Client, code: str
) -> None:
    answer = client.post(address(code), typed())
    assert answer.status_code == 403
    assert "terminal" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_once_founded_the_link_leads_to_the_login(client: Client) -> None:
    people.admin()
    answer = client.post(address(), typed(email="eve@studio.example"))
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/"
    assert not User.objects.filter(email="eve@studio.example").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("password", "short"),
        ("language", "tlh"),
        ("time_zone", "Mars/Base"),
        ("currency", "XXX"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(client: Client, field: str, value: str) -> None:
    answer = client.post(address(), typed(**{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert VISIT.name in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_createsuperuser_makes_an_admin_in_a_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "seven quiet cameras")
    call_command("createsuperuser", interactive=False, email="root@studio.example")
    admin = User.objects.get(email="root@studio.example")
    assert admin.is_admin
    assert admin.check_password("seven quiet cameras")
    assert Studio.objects.get().currency == settings.FIRST_CURRENCY


def at_once(act: Callable[[int], None]) -> int:
    """Two threads run `act`; how many were refused."""
    refused: list[Refused] = []

    def run(number: int) -> None:
        try:
            act(number)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


@pytest.mark.django_db(transaction=True)
def test_of_two_set_ups_at_once_one_founds_the_studio() -> None:
    both_ready = threading.Barrier(2)

    def act(number: int) -> None:
        assert setup.is_waiting()
        both_ready.wait()
        setup.found(replace(VISIT, email=f"admin-{number}@studio.example"))

    assert at_once(act) == 1
    assert User.objects.count() == Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_one_row_both_set_ups_go_through() -> None:
    both_ready = threading.Barrier(2)

    def act(number: int) -> None:
        assert setup.is_waiting()
        both_ready.wait()
        User.objects.create_user(f"admin-{number}@studio.example", role=StudioRole.ADMIN)

    assert at_once(act) == 0
    assert User.objects.count() == 2
