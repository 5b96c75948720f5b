from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.providers.callbacks import (
    BadDate,
    BadSignature,
    Call,
    Hint,
    Rejected,
    Unreadable,
    read,
    signature,
)

KEY = "vda_example_key"
NOW = datetime(2026, 1, 5, 8, 0, 30, tzinfo=UTC)
NONCE = "9b1c7a52-0f3d-4f0e-8a11-2f6f1d7c0a33"
CALL = Call(
    method="POST",
    path="/hooks/vidu",
    query="job=123&v=1",
    headers={
        "date": "Mon, 05 Jan 2026 08:00:00 GMT",
        "x-request-nonce": NONCE,
        "x-hmac-signed-headers": "Date;x-request-nonce",
        "x-hmac-algorithm": "hmac-sha256",
        "x-hmac-access-key": "vidu",
        "x-hmac-signature": "UIuApV2SF0xudc6ZtcrXwtSlVdxt1VGohxEIiq3m3us=",
    },
    body=b'{"id": "901234567890123456", "state": "success", "credits": -5}',
)


def changed(call: Call = CALL, **headers: str) -> Call:
    """With other headers, and the signature as it was."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(call, headers={**call.headers, **names})


def signed(call: Call) -> Call:
    return changed(call, x_hmac_signature=signature(call, KEY))


def test_a_call_signed_with_our_key_is_a_hint() -> None:
    assert read(CALL, KEY, NOW) == Hint(NONCE, "901234567890123456", "success")


def test_an_empty_path_and_query_are_signed_as_they_are_said() -> None:
    bare = replace(CALL, path="", query="")
    assert signature(bare, KEY) == signature(replace(bare, path="/"), KEY)
    assert signature(bare, KEY) != signature(CALL, KEY)


@pytest.mark.row("A113")
@pytest.mark.parametrize(
    "call",
    [
        changed(x_hmac_signature=""),
        changed(x_hmac_signature="é\ud800"),
        changed(x_hmac_signature="uIuApV2SF0xudc6ZtcrXwtSlVdxt1VGohxEIiq3m3us="),
        replace(CALL, headers={}),
        replace(CALL, path="/hooks/other"),
        replace(CALL, query="job=124&v=1"),
        replace(CALL, method="GET"),
        changed(date="Mon, 05 Jan 2026 08:00:01 GMT"),
        changed(x_request_nonce="another"),
        changed(x_hmac_access_key="other"),
        changed(x_hmac_algorithm="hmac-sha1"),
        changed(x_hmac_algorithm="none"),
        signed(changed(x_hmac_signed_headers="Date")),
        signed(changed(x_hmac_signed_headers="x-request-nonce")),
        signed(changed(x_hmac_signed_headers="")),
        signed(changed(x_request_nonce="")),
        signed(changed(x_request_nonce="n" * 129)),
    ],
)
def test_what_is_not_signed_whole_with_our_key_is_turned_away(call: Call) -> None:
    with pytest.raises(BadSignature) as caught:
        read(call, KEY, NOW)
    assert KEY not in str(caught.value)


def test_another_key_or_none_opens_nothing() -> None:
    for key in ("vda_other", "", KEY + " "):
        with pytest.raises(BadSignature):
            read(changed(x_hmac_signature=signature(CALL, "")), key, NOW)


@pytest.mark.row("A114")
@pytest.mark.parametrize(("minutes", "fits"), [(-5, True), (5, True), (-5.1, False), (5.1, False)])
def test_a_call_of_another_time_is_turned_away(minutes: float, fits: bool) -> None:
    sent_at = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    now = sent_at + timedelta(minutes=minutes)
    if fits:
        assert read(CALL, KEY, now).nonce == NONCE
    else:
        with pytest.raises(BadDate) as caught:
            read(CALL, KEY, now)
        assert str(caught.value)


@pytest.mark.parametrize(
    "date", ["", "soon", "2026-01-05T08:00:00Z", "Mon, 99 Jan 2026 08:00:00 GMT"]
)
def test_a_date_that_is_none_is_of_no_time(date: str) -> None:
    with pytest.raises(BadDate):
        read(signed(changed(date=date)), KEY, NOW)


@pytest.mark.row("F161", "A116")
@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'{"id": "9", "state": "processing"}', "processing"),
        (b'{"id": "9", "status": "success"}', "success"),
        (b'{"task_id": 9, "credits": -5, "creations": [{"url": "http://127.0.0.1"}]}', ""),
        (b'{"id": "9", "state": ["success"]}', ""),
    ],
)
def test_only_the_job_and_a_word_are_taken_from_a_call(body: bytes, word: str) -> None:
    hint = read(replace(CALL, body=body), KEY, NOW)
    assert hint == Hint(NONCE, "9", word)
    assert not hasattr(hint, "credits")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"id": null}', b'{"id": "a b"}', b"[" * 9999]
)
def test_a_call_that_names_no_job_is_turned_away(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(replace(CALL, body=body), KEY, NOW)


@given(
    headers=st.dictionaries(st.sampled_from(sorted(CALL.headers)), st.text(max_size=60)),
    body=st.binary(max_size=100),
)
def test_nothing_else_is_raised_over_any_call(headers: dict[str, str], body: bytes) -> None:
    call = signed(replace(CALL, headers={**CALL.headers, **headers}, body=body))
    try:
        read(call, KEY, NOW)
    except Rejected as error:
        assert error.args
