"""Vidu calls us: is it Vidu, is it now, and of which job does it speak?

The signature covers the address, the time and a word used once, but not the body. So what a
callback says is a reason to ask, never an answer; and who receives it keeps the words used for
longer than `WINDOW`.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from studio.lib import strict_json
from studio.providers import answers

WINDOW = timedelta(minutes=5)

_ALGORITHM = "hmac-sha256"
_ACCESS_KEY = "vidu"
_NONCE = "x-request-nonce"
# Without these two in the signature, an old call could be made a new one.
_MUST_BE_SIGNED = {"date", _NONCE}
_MOST_NONCE = 128


class Rejected(Exception):
    """Not to be acted on. The message is for the log and quotes nothing."""


class BadSignature(Rejected):
    """Not signed with this key."""


class BadDate(Rejected):
    """Signed, but more than `WINDOW` ago or ahead."""


class Unreadable(Rejected):
    """Signed, but it does not say of which job it speaks."""


@dataclass(frozen=True)
class Call:
    """One call as it arrived: `path` and `query` as in the request line, names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Hint:
    """What is worth asking about. `word` is the state as it was called, "" where it was not."""

    nonce: str
    remote_id: str
    word: str


def read(call: Call, key: str, now: datetime) -> Hint:
    """`key` is the one that sent the job. Raises `BadSignature`, then `BadDate`, `Unreadable`."""
    nonce = _verified(call, key, now)
    try:
        body = answers.inside(strict_json.loads(call.body))
    except strict_json.NotStrict as error:
        raise Unreadable("the body is no JSON that we take") from error
    remote_id = answers.identifier(body.get("id")) or answers.identifier(body.get("task_id"))
    if not remote_id:
        raise Unreadable("no job is named")
    word = body.get("state") or body.get("status")
    return Hint(nonce, remote_id, answers.text(word, answers.MOST_WORD))


def signature(call: Call, key: str) -> str:
    """What the header must say for this key, in base64."""
    written = hmac.new(key.encode(), _signed(call).encode("utf-8", "replace"), sha256)
    return b64encode(written.digest()).decode()


def _verified(call: Call, key: str, now: datetime) -> str:
    """The word used once."""
    headers = call.headers
    names = {name.lower() for name in _names(headers)}
    given = headers.get("x-hmac-signature", "").encode("utf-8", "replace")
    is_theirs = hmac.compare_digest(signature(call, key).encode(), given)
    told = headers.get("x-hmac-algorithm", "").lower(), headers.get("x-hmac-access-key")
    nonce = headers.get(_NONCE, "")
    is_whole = names >= _MUST_BE_SIGNED and told == (_ALGORITHM, _ACCESS_KEY)
    if not (key and is_theirs and is_whole):
        raise BadSignature("not signed with this key")
    if not 0 < len(nonce) <= _MOST_NONCE:
        raise BadSignature("no word used once")
    date = answers.date(headers.get("date", ""))
    if date is None or abs(now - date) > WINDOW:
        raise BadDate("not of now")
    return nonce


def _signed(call: Call) -> str:
    head = (call.method, call.path or "/", call.query, _ACCESS_KEY, call.headers.get("date", ""))
    lines = [f"{name}:{call.headers.get(name.lower(), '')}" for name in _names(call.headers)]
    return "".join(f"{line}\n" for line in (*head, *lines))


def _names(headers: Mapping[str, str]) -> list[str]:
    """The signed headers, spelled and ordered as the signer has them."""
    return [name for name in headers.get("x-hmac-signed-headers", "").split(";") if name]
