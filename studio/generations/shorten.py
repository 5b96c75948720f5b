"""A text cut to fit: after a sentence, else after a word, else wherever it must be."""

import re
import unicodedata

# A mark of the East ends a sentence by itself; one of the West only before a space.
_SENTENCE = re.compile(r"[。！？…]+|[.!?]+(?=\s|$)|\n")
_WORD = re.compile(r"\s+")
# A cut that throws away more than half of what would fit is no kindness.
_LEAST = 0.5
_JOINER = "\u200d"


def shorten(text: str, most: int) -> str:
    """At most `most` characters from the beginning of `text`, no more cut off than must be."""
    if len(text) <= most:
        return text
    # One character more, so that a mark just inside is seen to be the end of its sentence.
    ends = [m.end() for m in _SENTENCE.finditer(text[: most + 1]) if m.end() <= most]
    gaps = [m.start() for m in _WORD.finditer(text[: most + 1])]
    for cut in (ends[-1:], gaps[-1:]):
        if cut and cut[0] >= most * _LEAST:
            return text[: cut[0]].rstrip()
    return text[: _whole(text, most)]


def _whole(text: str, at: int) -> int:
    """As far as the last character that is not torn from its accents or its joined fellows."""
    while at > 0 and (_leans(text[at]) or text[at - 1] == _JOINER):
        at -= 1
    return at


def _leans(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) in ("Mn", "Me", "Sk")
