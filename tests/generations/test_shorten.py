"""A text cut to fit says as much as it can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.generations.shorten import shorten


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("A boat. At dawn it sails.", 12, "A boat."),
        ("A boat at dawn sails off", 16, "A boat at dawn"),
        ("A boat at dawn", 14, "A boat at dawn"),
        ("One. And a very long sentence without end", 24, "One. And a very long"),
        ("3.5 metres of water under it", 12, "3.5 metres"),
        ("夜明けの船。沖へ出る。波", 8, "夜明けの船。"),
        ("夜明けの船が沖へ出る", 8, "夜明けの船が沖へ"),
        ("Ends just here. More", 15, "Ends just here."),
        ("x" * 30, 10, "x" * 10),
        ("e" * 9 + "e\u0301 and more", 10, "e" * 9),
        ("👩‍👩‍👧 " + "x" * 20, 3, ""),
    ],
)
def test_a_text_ends_with_a_sentence_else_a_word_else_a_whole_character(
    text: str, most: int, short: str
) -> None:
    assert shorten(text, most) == short


@given(st.text(), st.integers(0, 60))
def test_whatever_is_cut_fits_and_is_a_beginning(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert text.startswith(short)
