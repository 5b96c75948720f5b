import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.providers.local.words import lines


def width(text: str) -> float:
    """Each letter one wide; Chinese and Japanese two."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


@given(st.text(st.sampled_from("ab  c.,海辺の（）。「」\n"), max_size=80), st.integers(4, 30))
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, limit: int) -> None:
    broken = lines(text, limit, width)
    assert all(width(line) <= limit for line in broken)
    assert "".join("".join(broken).split()) == "".join(text.split())


def test_lines_are_even_rather_than_full() -> None:
    text = "the fishing boats leave one by one into the fog"
    assert lines(text, 40, width) == ["the fishing boats leave", "one by one into the fog"]


def test_a_word_is_parted_only_when_it_is_longer_than_a_line() -> None:
    assert lines("a harbour", 8, width) == ["a", "harbour"]
    assert lines("harbourmaster", 6, width) == ["harbou", "rmaste", "r"]


@pytest.mark.parametrize("text", ["夜明けの港。静かな霧", "「夜明け」の港（静か）な霧"])
def test_no_line_begins_or_ends_where_it_may_not(text: str) -> None:
    for limit in range(6, 24):
        broken = lines(text, limit, width)
        assert not [line for line in broken if line[0] in "。」）" or line[-1] in "「（"]


def test_korean_is_parted_between_its_words() -> None:
    assert lines("고요한 바다 위로", 14, width) == ["고요한", "바다 위로"]


def test_paragraphs_stay_apart() -> None:
    assert lines("EPISODE ONE\n\nThe Letter", 40, width) == ["EPISODE ONE", "The Letter"]


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_nothing_is_no_line(text: str) -> None:
    assert lines(text, 40, width) == []
