"""Take keys, tokens and signatures out of what is stored or shown.

What is stored of a reply has lost the signatures of its links with them: read the links first.
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

REMOVED = "[removed]"

_LONGEST_HEADER = 500
# More than any token we know is long: the end of a text that was cut may hold half of one.
_LONGEST_SECRET = 4096
# Too short to be a secret, and sure to stand in innocent text.
_SHORTEST_SECRET = 4
_SECRET_HEADERS = re.compile(
    r"(?i)^(?:(?:proxy-)?authorization|proxy-authenticate|(?:set-)?cookie2?"
    r"|.*(?:api-?key|token|secret|signature).*)$"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)(?<![\w-])((?:proxy-)?authorization[\"']?\s{0,9}[:=]\s{0,9}[\"']?)"
        r"(?:(?:bearer|token|basic|key)\s{1,9})?[^\s\"',;&]{1,4096}",
        r"(?i)\b((?:bearer|token|basic)\s{1,9})[\w.~+/=-]{8,4096}",
        # In a query or a form, and what JSON and HTML make of its ampersand.
        r"(?i)(?<![\w-])([\w-]{0,40}(?:key|keyid|token|signature|sig|secret|password|credential)=)"
        r"[^&\s\"'<>\\]{1,4096}",
        r"(?i)([\"'][\w-]{0,40}(?:api_?key|token|secret|password|signature)\\{0,3}[\"']\s{0,9}:"
        r"\s{0,9}\\{0,3}[\"'])"
        r"[^\"'\\]{1,4096}",
        r"(?<![\w-])()(?:sk|vda)[-_][\w-]{4,4096}",
        # A signed token, whole or without its signature.
        r"(?<![\w-])()eyJ[\w-]{4,2048}\.[\w-]{4,2048}(?:\.[\w-]{0,1024})?",
        # Zhipu's kind of key: an id, a dot, a secret.
        r"(?<!\w)()[0-9a-f]{32}\.[0-9A-Za-z]{12,64}(?!\w)",
    )
)


def redact(text: str, *secrets: str) -> str:
    """`text` without `secrets`, however they are written, and without what looks like one."""
    text = _without(text, secrets)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{REMOVED}", text)
    return text


def safe_headers(headers: Mapping[str, str], *secrets: str) -> dict[str, str]:
    """A reply's headers as they may be stored: long ones cut, telling ones emptied."""
    return {
        name: REMOVED if _SECRET_HEADERS.match(name) else _cut(value, _LONGEST_HEADER, secrets)
        for name, value in headers.items()
    }


def safe_body(body: bytes, *secrets: str, cap: int = 20_000) -> str:
    """A reply's body as it may be stored: at most `cap` characters that any database takes."""
    text = body.decode("utf-8", "replace").replace("\x00", "\ufffd")
    return _cut(text, cap, secrets)


def _cut(text: str, cap: int, secrets: tuple[str, ...]) -> str:
    """Cut late and then once more: a cut through a secret leaves a half that nothing knows."""
    text = _without(text, secrets)
    if len(text) <= cap + _LONGEST_SECRET:
        return redact(text)[:cap]
    longer = redact(text[: cap + _LONGEST_SECRET])
    return longer[: max(len(longer) - _LONGEST_SECRET, 0)][:cap]


def _without(text: str, secrets: tuple[str, ...]) -> str:
    for secret in sorted({s for s in secrets if len(s) >= _SHORTEST_SECRET}, key=len, reverse=True):
        for written in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), quote(secret)):
            text = text.replace(written, REMOVED)
    return text
