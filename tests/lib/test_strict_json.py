import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.lib.strict_json import MOST_BYTES, MOST_DEPTH, NotStrict, loads


@pytest.mark.row("F028")
@pytest.mark.parametrize(
    "text",
    [
        '{"id": 1, "id": 2}', '{"a": [{"b": 1, "b": 1}]}', "NaN", "[Infinity]", "-Infinity",
        "1e400", "[1e-400]", "1" * 41, "0." + "1" * 60, "", "{", "{]", "[1,]", "{'a': 1}", "tru",
        '"\x01"', '"\\x"', "1 2",
    ],
)  # fmt: skip
def test_what_is_no_json_or_leaves_a_doubt_is_refused(text: str) -> None:
    with pytest.raises(NotStrict) as caught:
        loads(text.encode())
    assert len(str(caught.value)) < 40


@pytest.mark.row("F028")
@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_a_tower_of_brackets_is_refused_before_it_is_built(opening: str) -> None:
    with pytest.raises(NotStrict, match="deep"):
        loads(opening.encode() * 100_000)
    whole = "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)
    with pytest.raises(NotStrict, match="deep"):
        loads(whole.encode())


def test_as_deep_as_allowed_is_read() -> None:
    assert loads(("[" * MOST_DEPTH + "]" * MOST_DEPTH).encode()) is not None
    assert loads(b"[" + b"[]," * 5000 + b"[]]") == [[]] * 5001


def test_brackets_inside_a_text_are_no_depth() -> None:
    text = '\\"[{' * 200 + "\\\\"
    assert loads(f'["{text}", []]'.encode()) == ['"[{' * 200 + "\\", []]


def test_a_body_that_is_too_long_is_refused() -> None:
    whole = b'"' + b"x" * (MOST_BYTES - 2) + b'"'
    assert loads(whole) == "x" * (MOST_BYTES - 2)
    with pytest.raises(NotStrict, match="long"):
        loads(whole + b" ")


@pytest.mark.parametrize("data", [b"\xff\xfe{}", '"ü"'.encode("latin-1"), "{}".encode("utf-16")])
def test_another_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(NotStrict):
        loads(data)


def test_numbers_are_exact() -> None:
    read = loads(b"[0.1, 1e2, 901234567890123456789, -5, 0.0, 0e9]")
    assert read == [Decimal("0.1"), Decimal("1e2"), 901234567890123456789, -5, Decimal(0), 0]
    assert not any(isinstance(number, float) for number in read if isinstance(read, list))


_plain = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text()
_values = st.recursive(
    _plain, lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside), max_leaves=20
)


@given(value=_values)
def test_honest_json_is_read_as_it_was_meant(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value
    assert loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")) is not Ellipsis


@given(data=st.binary(max_size=200))
def test_nothing_else_is_raised_over_any_bytes(data: bytes) -> None:
    try:
        loads(data)
    except NotStrict as error:
        assert error.args
