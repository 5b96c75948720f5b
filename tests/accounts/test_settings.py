"""My profile; the studio's zone and currency."""

from typing import Any

import pytest
from django.test import Client

from studio.accounts.models import Studio
from studio.audit.models import AuditLine
from studio.lib import clock
from tests import people

STUDIO = {"name": "Lumen", "time_zone": "Europe/Berlin", "currency": "EUR"}


@pytest.fixture
def admins(client: Client, cast: people.Cast) -> Client:
    client.force_login(cast.admin)
    return client


def stored() -> dict[str, Any]:
    return dict(Studio.objects.values("name", "time_zone", "currency").get())


def test_a_name_and_a_language_are_kept(client: Client, cast: people.Cast) -> None:
    client.force_login(cast.member)
    answer = client.post("/settings/profile/", {"name": "Mei T.", "language": "ja"})
    assert answer["Location"] == "/settings/"
    cast.member.refresh_from_db()
    assert (cast.member.name, cast.member.language) == ("Mei T.", "ja")
    assert cast.member.personal_project.name == "Mei T."


@pytest.mark.parametrize("typed", [{"language": "tlh"}, {"name": "x" * 81}, {"name": "\x00"}])
def test_a_profile_that_cannot_be_is_told_at_its_field(
    client: Client, cast: people.Cast, typed: dict[str, str]
) -> None:
    client.force_login(cast.member)
    answer = client.post("/settings/profile/", {"name": "Mei", "language": "en"} | typed)
    assert answer.status_code == 422
    assert list(answer.context["profile_form"].errors) == list(typed)
    cast.member.refresh_from_db()
    assert cast.member.name == "Mei Member"


def test_an_admin_changes_the_studio(admins: Client) -> None:
    assert admins.post("/settings/studio/", STUDIO).status_code == 302
    assert stored() == STUDIO
    line = AuditLine.objects.get(action="studio.change")
    assert (line.before["currency"], line.after["currency"]) == ("USD", "EUR")


@pytest.mark.parametrize("field", ["time_zone", "currency"])
def test_once_money_is_booked_zone_and_currency_stay(admins: Client, field: str) -> None:
    admins.post("/settings/studio/", STUDIO)
    Studio.objects.update(books_opened_at=clock.now())
    other = STUDIO | {field: {"time_zone": "Asia/Tokyo", "currency": "JPY"}[field]}
    answer = admins.post("/settings/studio/", other)
    assert answer.status_code == 422
    assert "money has been booked with it" in answer.content.decode()
    assert stored() == STUDIO
    assert 'type="hidden" name="currency" value="EUR"' in admins.get("/settings/").content.decode()


def test_the_name_of_the_studio_may_always_change(admins: Client) -> None:
    admins.post("/settings/studio/", STUDIO)
    Studio.objects.update(books_opened_at=clock.now())
    assert admins.post("/settings/studio/", STUDIO | {"name": "Lux"}).status_code == 302
    assert stored() == STUDIO | {"name": "Lux"}


def test_times_are_shown_in_the_studios_zone(admins: Client, cast: people.Cast) -> None:
    type(cast.member).objects.filter(pk=cast.member.pk).update(last_login="2026-11-20T23:30:00Z")
    assert "Nov. 20, 2026, 11:30" in admins.get(f"/people/{cast.member.uid}/").content.decode()
    admins.post("/settings/studio/", STUDIO | {"time_zone": "Asia/Tokyo"})
    assert "Nov. 21, 2026, 8:30" in admins.get(f"/people/{cast.member.uid}/").content.decode()


def test_the_studios_form_is_for_admins(client: Client, cast: people.Cast) -> None:
    client.force_login(cast.lead)
    assert "The studio" not in client.get("/settings/").content.decode()
    assert client.post("/settings/studio/", STUDIO).status_code == 404
    assert stored()["currency"] == "USD"
