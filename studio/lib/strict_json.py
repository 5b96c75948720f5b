"""JSON from strangers, read to the letter: of bounded size and depth, without doubt in it.

Python's own reader takes NaN and 1e400, lets the last of two equal keys win and falls over a
hundred thousand brackets. What is ambiguous here is refused, since money may hang on it.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

MOST_BYTES = 1_000_000
MOST_DEPTH = 64
# Longer than any id, amount or time that a provider counts in.
_MOST_DIGITS, _MOST_EXPONENT = 40, 40
_MOST_LETTERS = 60
# A string, whole or cut short, hides the brackets in it.
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', re.DOTALL)


class NotStrict(ValueError):
    """Not JSON, or not the JSON that we take; the message says why and quotes nothing."""


def loads(data: bytes) -> object:
    """Objects, lists, texts, bool, None; whole numbers are int, others Decimal, never a float.

    Raises `NotStrict`.
    """
    if len(data) > MOST_BYTES:
        raise NotStrict("too long")
    if _depth(data) > MOST_DEPTH:
        raise NotStrict("too deep")
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_fraction,
        )
    except NotStrict:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrict("not JSON") from error


def _depth(data: bytes) -> int:
    """How deep brackets stand in brackets; it stops counting where that is too deep."""
    if data.count(b"[") + data.count(b"{") <= MOST_DEPTH:
        return 0
    deepest = 0
    for deepest in _depths(data):
        if deepest > MOST_DEPTH:
            break
    return deepest


def _depths(data: bytes) -> Iterator[int]:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(data):
        if found[0] in b"[{":
            depth += 1
        elif found[0] in b"]}":
            depth -= 1
        yield depth


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotStrict("the same key twice")
    return made


def _constant(word: str) -> object:
    raise NotStrict("not a number")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise NotStrict("too large a number")
    return int(digits)


def _fraction(written: str) -> Decimal:
    if len(written) > _MOST_LETTERS:
        raise NotStrict("too long a number")
    number = Decimal(written)
    if number and abs(number.adjusted()) > _MOST_EXPONENT:
        raise NotStrict("too large a number")
    return number
