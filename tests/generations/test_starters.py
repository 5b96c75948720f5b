"""Starters: a way to begin that costs nothing of what was typed."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from studio.catalogue.styles import STYLES
from studio.generations import drafts
from studio.generations.starters import STARTERS, Starter
from tests import people

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def press(client: Client, key: str, **typed: str) -> str:
    data = {"mode": "text", "prompt": "", "start_with": key} | typed
    return client.post(reverse("draft"), data, headers=HTMX).content.decode()


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)
def test_a_starter_presets_way_shape_style_and_words(client: Client, starter: Starter) -> None:
    people.studio()
    person = people.person()
    client.force_login(person)
    page = press(client, starter.key)
    draft = drafts.load(person, "create")
    preset = (draft["mode"], draft["shape"], draft["style"])
    assert preset == (starter.way, starter.shape, starter.style)
    assert draft["prompt"] == str(starter.prompt)
    assert "[" in draft["prompt"]
    assert "prompt-field" in page


def test_a_prompt_that_a_starter_replaced_comes_back(client: Client) -> None:
    people.studio()
    person = people.person()
    client.force_login(person)
    page = press(client, "travel", prompt="My own words")
    assert 'name="earlier" value="My own words"' in page
    typed = {"mode": "text", "prompt": "x", "earlier": "My own words", "back": "1"}
    client.post(reverse("draft"), typed, headers=HTMX)
    draft = drafts.load(person, "create")
    assert (draft["prompt"], draft["earlier"]) == ("My own words", "x")


def test_a_starter_that_is_not_there_changes_nothing(client: Client) -> None:
    people.studio()
    person = people.person()
    client.force_login(person)
    press(client, "no-such", prompt="Mine")
    assert drafts.load(person, "create")["prompt"] == "Mine"


def test_every_style_and_starter_has_its_picture() -> None:
    pictures = [thing.picture for thing in (*STYLES, *STARTERS)]
    assert [path for path in pictures if finders.find(path) is None] == []
