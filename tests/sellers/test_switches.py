"""Switching models off, and what Create says of it."""

import pytest
from django.test import Client

from studio.scheduling import switches
from tests import people

MODEL = "local/animatic"


@pytest.fixture
def admins(client: Client, cast: people.Cast) -> Client:
    client.force_login(cast.admin)
    return client


def test_a_model_is_switched_off_and_on_for_all(admins: Client, cast: people.Cast) -> None:
    said = {"model": MODEL, "everybody": "1"}
    assert admins.post("/providers/models/off/", said).status_code == 302
    assert switches.is_off(MODEL, cast.stranger)
    assert "Off for all" in admins.get("/providers/models/").content.decode()
    assert admins.post("/providers/models/on/", said).status_code == 302
    assert not switches.is_off(MODEL, cast.stranger)


def test_a_model_is_switched_off_for_one_person(admins: Client, cast: people.Cast) -> None:
    said = {"model": MODEL, "person": cast.member.uid}
    assert admins.post("/providers/models/off/", said).status_code == 302
    assert switches.is_off(MODEL, cast.member)
    assert not switches.is_off(MODEL, cast.lead)
    page = admins.get("/providers/models/").content.decode()
    assert "Switch Animatic on again for Mei Member" in page


@pytest.mark.parametrize(
    "said",
    [{}, {"model": MODEL}, {"model": MODEL, "person": ""}, {"model": "x/y", "everybody": "1"}],
)
def test_nobody_is_meant_by_saying_nothing(
    admins: Client, cast: people.Cast, said: dict[str, str]
) -> None:
    answer = admins.post("/providers/models/off/", said)
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.content.decode()
    assert not switches.is_off(MODEL, cast.member)


def test_create_dims_what_is_off_and_says_why(client: Client, cast: people.Cast) -> None:
    switches.switch_off(MODEL, cast.member, actor=cast.admin)
    client.force_login(cast.member)
    page = client.get("/create/").content.decode()
    assert "An admin has switched this model off." in page
    client.force_login(cast.lead)
    assert "switched this model off" not in client.get("/create/").content.decode()
