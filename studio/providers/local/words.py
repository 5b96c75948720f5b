"""Breaking a text into lines that a reader takes in at a glance, in any writing."""

import unicodedata
from collections.abc import Callable, Iterator

Width = Callable[[str], float]

# What may not begin a line, and what may not end one, where words are not parted by spaces.
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー）〕］｝〉》」』】°′″℃…‥ァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ,.!?:;)]}%"
)
_NEVER_LAST = frozenset("（〔［｛〈《「『【([{$¥")


def lines(text: str, limit: float, width: Width) -> list[str]:
    """`text` in lines no wider than `limit`, as even in length as their number allows."""
    found: list[str] = []
    for paragraph in filter(str.strip, text.splitlines()):
        found += _balanced(paragraph, limit, width)
    return found


def _balanced(paragraph: str, limit: float, width: Width) -> list[str]:
    pieces = list(_pieces(paragraph, limit, width))
    best = _filled(pieces, limit, width)
    low, high = limit / 2, limit
    while high - low > limit / 100:
        middle = (low + high) / 2
        narrower = _filled(pieces, middle, width)
        if len(narrower) > len(best) or max(map(width, narrower)) > middle:
            low = middle
        else:
            best, high = narrower, middle
    return best


def _filled(pieces: list[str], limit: float, width: Width) -> list[str]:
    """As much on each line as it holds."""
    rows, row = [], ""
    for piece in pieces:
        if row and width((row + piece).rstrip()) > limit:
            rows.append(row.rstrip())
            row = ""
        row += piece
    return [row for row in (*rows, row.rstrip()) if row]


def _pieces(paragraph: str, limit: float, width: Width) -> Iterator[str]:
    """What is never parted, with the space behind it. Too long a word is parted anywhere."""
    piece = ""
    for character in " ".join(paragraph.split()):
        if piece and (_parts(piece[-1], character) or width(piece + character) > limit):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _parts(before: str, after: str) -> bool:
    if before == " ":
        return True
    if after in _NEVER_FIRST or before in _NEVER_LAST or after == " ":
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    """Chinese, Japanese: no spaces between words. Korean has them."""
    if "HANGUL" in unicodedata.name(character, ""):
        return False
    return unicodedata.east_asian_width(character) in "WF"
