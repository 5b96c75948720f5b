import numpy as np
import pytest

from studio.providers.local.boxes import Size
from studio.providers.local.title import draw

LONG = "A slow aerial shot over a mountain village at first light. " * 8


@pytest.mark.parametrize("canvas", [Size(1600, 900), Size(900, 1600), Size(1280, 1280)])
@pytest.mark.parametrize("words", ["Dawn", "EPISODE ONE\nThe Letter", LONG, "w" * 300])
def test_the_words_stand_inside_the_card_with_room_around(words: str, canvas: Size) -> None:
    empty, full = draw(words, canvas)
    assert empty.size == full.size == canvas
    changed = np.abs(np.asarray(full, int) - np.asarray(empty, int)).max(axis=2) > 20
    rows, columns = changed.any(axis=1).nonzero()[0], changed.any(axis=0).nonzero()[0]
    assert columns[0] > canvas.width * 0.1 and columns[-1] < canvas.width * 0.9
    assert rows[0] > canvas.height * 0.1 and rows[-1] < canvas.height * 0.9
    assert abs((columns[0] + columns[-1]) / 2 - canvas.width / 2) < canvas.width * 0.03


def test_the_ground_is_dark_and_the_words_are_light() -> None:
    empty, full = draw("Dawn", Size(1600, 900))
    assert np.asarray(empty).max() < 50
    assert np.asarray(full).max() > 220


def test_a_card_without_words_is_only_ground() -> None:
    empty, full = draw("", Size(1600, 900))
    assert full.size == empty.size
