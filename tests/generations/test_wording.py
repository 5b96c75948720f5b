"""What the prompt helper writes, and that it never writes over anybody's own words."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.utils.translation import override

from studio.accounts.models import User
from studio.generations import wording
from studio.generations.entry import Entry
from studio.generations.ways import Way

PARROT = {
    "shot": "close-up",
    "light": "faint evening glow",
    "subject": "a parrot on a railing",
    "description": "with purple feathers",
    "place": "tall buildings in the background",
    "mood": "calm mood",
}


def entry(way: Way = Way.TEXT, prompt: str = "", **helper: str) -> Entry:
    return Entry(way=way, prompt=prompt, helper=helper)


def written(there: Entry) -> Entry:
    return wording.write(User(), there, QueryDict())


def test_words_become_a_shot_a_subject_and_a_mood() -> None:
    assert wording.composed(Entry(way=Way.TEXT, helper=PARROT)) == (
        "Close-up, faint evening glow."
        " A parrot on a railing, with purple feathers, tall buildings in the background."
        " Calm mood."
    )


def test_with_pictures_only_the_subject_and_its_motion_are_said() -> None:
    for way in set(Way) - {Way.TEXT}:
        there = entry(way, **PARROT | {"motion": "hair moving in the wind, camera still"})
        said = "A parrot on a railing, hair moving in the wind, camera still."
        assert wording.composed(there) == said


def test_whatever_is_left_out_leaves_no_mark_behind() -> None:
    assert wording.composed(entry(subject=" a boat. ", mood="")) == "A boat."
    assert wording.composed(entry(shot=" , ", light="")) == ""


def test_a_name_keeps_the_capitals_that_it_has() -> None:
    assert wording.composed(entry(subject="iPhone on a desk")) == "iPhone on a desk."


@pytest.mark.parametrize(("language", "marks"), [("zh-hans", "，。"), ("ja", "、。")])
def test_other_languages_have_marks_of_their_own(language: str, marks: str) -> None:
    with override(language):
        said = wording.composed(entry(shot="特写", light="柔光", subject="猫", mood="静"))
    assert set(said) - set("特写柔光猫静") == set(marks)
    assert said.endswith("。")


def test_every_field_has_words_to_choose_from() -> None:
    for way in Way:
        parts = [field.part for field in wording.fields(entry(way))]
        assert parts
        assert all(len({str(words) for words in part.choices}) > 2 for part in parts)


# ── Into the prompt ───────────────────────────────────────────────────────────────────────────


def test_an_empty_prompt_is_filled_and_what_the_helper_wrote_is_replaced() -> None:
    first = written(entry(subject="a boat"))
    assert first.prompt == "A boat."
    second = written(replace(first, helper={**first.helper, "subject": "two boats"}))
    assert second.prompt == "Two boats."


def test_the_person_s_own_words_stay_in_front() -> None:
    first = written(entry(prompt="For the harbour film", subject="a boat"))
    assert first.prompt == "For the harbour film. A boat."
    second = written(replace(first, helper={**first.helper, "mood": "calm mood"}))
    assert second.prompt == "For the harbour film. A boat. Calm mood."
    assert second.earlier == "For the harbour film"


def test_what_was_changed_by_hand_since_is_the_person_s_own() -> None:
    first = written(entry(subject="a boat"))
    mine = replace(first, prompt="A red boat.", helper={**first.helper, "subject": "a whale"})
    assert written(mine).prompt == "A red boat. A whale."


def test_with_nothing_to_say_nothing_is_written() -> None:
    there = entry(prompt="Mine")
    assert written(there) is there


def test_a_mark_that_somebody_made_up_takes_nothing_away() -> None:
    for mark in ("4.0", "4", ".", "99999999.0", "-1.x", "٣.x", "4." + "0" * 16):
        there = entry(prompt="Mine", subject="a boat", written=mark)
        assert written(there).prompt == "Mine. A boat."


# ── The way back ──────────────────────────────────────────────────────────────────────────────


def test_however_many_presses_the_person_s_words_come_back() -> None:
    there = entry(prompt="By hand").saying("First press").saying("Second press")
    assert there.earlier == "By hand"
    assert there.saying(there.earlier).prompt == "By hand"


def test_words_written_between_two_presses_are_what_comes_back() -> None:
    pressed = entry(prompt="By hand").saying("A press")
    typed = replace(pressed, prompt="By hand again")
    assert typed.saying("Another press").earlier == "By hand again"


def test_back_and_forth_leads_to_both() -> None:
    there = entry(prompt="By hand").saying("A press")
    back = there.saying(there.earlier)
    forth = back.saying(back.earlier)
    assert (back.prompt, back.earlier) == ("By hand", "A press")
    assert (forth.prompt, forth.earlier) == ("A press", "By hand")
