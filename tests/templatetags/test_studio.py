"""How figures, times and states are written."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from studio.generations.states import State
from studio.lib import clock
from studio.templatetags import studio as tags
from tests import clips, people


def drawn(text: str, **context: object) -> str:
    return Template("{% load studio %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(milliseconds=420), "0.4 s"),
        (timedelta(seconds=9.9), "9.9 s"),
        (timedelta(seconds=12.4), "12 s"),
        (timedelta(seconds=200), "3 min 20 s"),
        (timedelta(hours=2, minutes=5, seconds=9), "2 h 5 min"),
    ],
)
def test_a_duration_is_as_exact_as_it_is_short(length: timedelta, words: str) -> None:
    assert tags.span(length) == words


def test_money_has_its_currency_and_every_place_that_counts() -> None:
    assert tags.money_filter(Decimal("0.2"), "USD") == "$0.20"
    assert tags.money_filter(Decimal("0.2025"), "USD") == "$0.2025"
    with translation.override("ja"):
        assert tags.money_filter(Decimal("2.5"), "CNY") == "元2.50"


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_dot(state: State) -> None:
    assert tags.dot(state) in {"", "running", "done", "failed", "held", "unknown"}


def test_a_time_is_told_roughly_and_exactly_on_hover() -> None:
    then = clock.now() - timedelta(minutes=2, seconds=10)
    text = drawn("{% ago when %}", when=then)
    assert "2 minutes ago" in text.replace("\xa0", " ")
    assert f'datetime="{then.isoformat()}"' in text
    assert "title=" in text
    assert "just now" in drawn("{% ago when %}", when=clock.now())


def test_the_ground_of_a_picture_takes_a_colour_and_nothing_else() -> None:
    text = drawn("{% ground 16 9 colour %}", colour='#123456"/><script>')
    assert 'viewBox="0 0 16 9"' in text
    assert "<script>" not in text
    assert "style" not in text


@pytest.mark.django_db
def test_a_clip_without_words_is_called_by_its_model_and_time() -> None:
    people.studio()
    person = people.person()
    clip = clips.generation(project=person.personal_project, person=person, prompt="")
    assert tags.title(clip).startswith("Animatic · ")
    clip.model = "gone/model"
    assert tags.title(clip).startswith("gone/model · ")
