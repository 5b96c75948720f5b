"""What is stored or shown of a call holds no key, however it is written."""

import time

import pytest

from studio.providers.door.redaction import REMOVED, redact, safe_body, safe_headers

SECRETS = [
    "sk_live_0123456789abcdef",
    "sk-0123456789abcdef",
    "vda_0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJhcGlfa2V5IjoiYSJ9.c2lnbmF0dXJl",
    "0123456789abcdef0123456789abcdef.AbCdEfGh12345678",
]
WAYS = [
    "Authorization: Bearer {}",
    "authorization: Token {}",
    "{{'Authorization': 'Bearer {}'}}",
    '{{"authorization":"{}"}}',
    "https://a.example/v?api_key={}&x=1",
    "https://a.example/v?x=1&access_token={}",
    "https://a.example/v?Expires=1&Signature={}&x=1",
    "https://a.example/v?X-Amz-Signature={}",
    '{{"url":"https://a.example/v?x=1\\u0026token={}"}}',
    "https://a.example/v?x=1&amp;key={}",
    '{{"api_key": "{}"}}',
    '{{\\"token\\": \\"{}\\"}}',
    "the key {} is wrong",
]


@pytest.mark.row("A117")
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("way", WAYS)
def test_what_looks_like_a_secret_is_removed(way: str, secret: str) -> None:
    cleaned = redact(way.format(secret))
    assert secret not in cleaned
    assert REMOVED in cleaned


@pytest.mark.parametrize("way", WAYS[:-1])
def test_a_secret_without_any_shape_is_removed_by_its_place(way: str) -> None:
    assert "plainsecret" not in redact(way.format("plainsecret"))


@pytest.mark.row("A118")
@pytest.mark.parametrize("secret", ["pass/word+1=", 'quo"te\\d', "schlüssel", "plainsecret"])
@pytest.mark.parametrize("written", ["{}", "a?x={}", "[{}]"])
def test_a_secret_that_is_known_is_removed_anywhere(secret: str, written: str) -> None:
    assert secret not in redact(written.format(secret), secret)
    assert "pass%2Fword" not in redact("say pass%2Fword%2B1%3D", "pass/word+1=")


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "12345", "status": "queueing", "credits": 20}',
        "monkey business and a tokenless signature",
        "task_id=8 seed=5 sky=blue risk_level=2",
        "Prompt must not be longer than 1500 characters.",
        "b1946ac92492d2347c6235b4d2611184",
    ],
)
def test_innocent_words_stay(text: str) -> None:
    assert redact(text) == text


def test_too_short_a_secret_does_not_tear_the_text() -> None:
    assert redact("a cat sat", "a", "", "sat") == "a cat sat"


def test_headers_that_tell_are_emptied_and_long_ones_cut() -> None:
    headers = {
        "set-cookie": "session=abcdefgh",
        "x-api-key": "abcdefgh",
        "authorization": "abcdefgh",
        "location": "https://a.example/?Signature=abcdefgh",
        "x-known": "my abcdefgh",
        "content-type": "text/html",
        "x-long": "y" * 9000,
    }
    cleaned = safe_headers(headers, "abcdefgh")
    assert "abcdefgh" not in str(cleaned)
    assert cleaned["content-type"] == "text/html"
    assert len(cleaned["x-long"]) == 500


def test_a_body_is_text_that_any_database_takes() -> None:
    assert safe_body(b"a\x00b\xff\xed\xa0\x80") == "a\ufffdb\ufffd\ufffd\ufffd\ufffd"
    assert safe_body("prompt: 猫".encode()) == "prompt: 猫"
    assert safe_body(b"") == ""


@pytest.mark.parametrize("before", [0, 19_980, 19_999, 24_070, 24_090])
def test_the_cut_leaves_no_half_of_a_secret(before: int) -> None:
    secret = "vda_" + "s3cr3t" * 20
    body = b"x " * (before // 2) + secret.encode() + b" y" * 20_000
    for known in ([], [secret]):
        text = safe_body(body, *known)
        assert "s3cr" not in text
        assert len(text) <= 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"a" * 1_000_000,
        b"eyJ-" * 250_000,
        b"eyJa." * 200_000,
        b"key=" * 250_000,
        b'"token" ' * 100_000,
        b"authorization" * 70_000,
        b"bearer " * 140_000,
        b"0123456789abcdef" * 60_000,
        b" " * 1_000_000,
    ],
)
def test_a_hostile_body_takes_no_time(body: bytes) -> None:
    began = time.monotonic()
    assert len(safe_body(body)) <= 20_000
    assert len(redact(body[:100_000].decode())) <= 1_000_000
    assert time.monotonic() - began < 30
