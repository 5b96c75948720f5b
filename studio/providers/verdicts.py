"""From a provider's own code to what has to be done: each wire keeps one table of codes.

    on a paid submit                        on a poll, a cancel, a look-up
    ├── 3xx                    Unclear      ├── 3xx                          Unclear
    ├── a code of the table    as it says   ├── a code of the table          as it says, of which
    ├── the provider's shape,               │       only account trouble, Gone and Busy count
    │   code not in the table  by status    ├── 404 in any shape             Gone
    │   (5xx and others        Unclear)     ├── 401 402 403 429              as on a submit
    ├── no such shape          by status,   └── anything else                Unclear
    │       only where nobody can have read the request (401 402 403 404 405 413 429)
    └── 2xx without an id      Unclear

"The provider's shape" is a body that states an error: `{"error": {"code", "message"}}`,
`{"error": "…"}`, `{"code", "reason", "message"}` or `{"code", "message"}`. The code in it counts
before the HTTP status, also inside a 200.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from studio.providers import answers
from studio.providers.answers import Fields
from studio.providers.base import Kind, Reply
from studio.providers.errors import (
    AccountTrouble,
    AlreadySent,
    Busy,
    Gone,
    ProviderError,
    Refused,
    Unclear,
)


class Verdict(NamedTuple):
    """What a code means on a paid submit, and on a poll where that is something else."""

    branch: type[ProviderError]
    kind: Kind
    on_poll: type[ProviderError] | None = None


class Said(NamedTuple):
    """What a body states as an error. `status` is a HTTP status given as its code, else 0."""

    code: str
    message: str
    status: int = 0


BAD_PARAMETER = Verdict(Refused, Kind.PARAMETER)
BAD_PICTURE = Verdict(Refused, Kind.PICTURE)
BAD_CONTENT = Verdict(Refused, Kind.CONTENT)
BAD_MODEL = Verdict(Refused, Kind.MODEL)
BAD_KEY = Verdict(AccountTrouble, Kind.KEY)
NO_BALANCE = Verdict(AccountTrouble, Kind.BALANCE)
NO_PERMISSION = Verdict(AccountTrouble, Kind.PERMISSION)
# No such address: what is configured is wrong, so the next job would fare no better.
NO_ADDRESS = Verdict(AccountTrouble, Kind.MODEL, Gone)
BUSY = Verdict(Busy, Kind.BUSY)
QUOTA = Verdict(Busy, Kind.QUOTA)
# It broke down over the request: on a submit it may have been accepted all the same.
BROKE_DOWN = Verdict(Unclear, Kind.PROVIDER, Busy)
UNKNOWN_JOB = Verdict(Unclear, Kind.PROVIDER, Gone)
SENT_BEFORE = Verdict(AlreadySent, Kind.PROVIDER)
CANCELLED = Verdict(Unclear, Kind.CANCELLED)
NOTHING_PROVED = Verdict(Unclear, Kind.PROVIDER)

_SHAPED: Mapping[int, Verdict] = {
    400: BAD_PARAMETER,
    401: BAD_KEY,
    402: NO_BALANCE,
    403: NO_PERMISSION,
    404: NO_ADDRESS,
    405: NO_ADDRESS,
    413: BAD_PICTURE,
    422: BAD_PARAMETER,
    429: BUSY,
}
# In no shape of the provider's: a door before it turned us away, and nobody read the request. A
# gateway's page is another thing: what stands behind the gateway may have taken a job.
_BARE = {status: verdict for status, verdict in _SHAPED.items() if status not in (400, 422)}
# The kinds that hold the whole account when a poll meets them.
_HOLDS_ALL = {Kind.KEY, Kind.BALANCE, Kind.PERMISSION}
_STATUS = re.compile(r"[45][0-9]{2}")
_ALL_IS_WELL = {"", "0", "200", "success", "Success", "ok", "OK"}


@dataclass(frozen=True)
class Codes:
    """One wire's table, and the HTTP statuses that only this provider uses."""

    table: Mapping[str, Verdict]
    statuses: Mapping[int, Verdict] = field(default_factory=dict)

    def kind(self, code: str) -> Kind:
        """What the code of a failed job is about."""
        return self.table.get(code, NOTHING_PROVED).kind

    def accepted(self, reply: Reply, name: str) -> tuple[str, Fields]:
        """The job's id and the body of a submit that was taken. Raises all branches but Gone."""
        body = answers.fields(reply) or {}
        error, found = said(body), answers.identifier(body.get(name))
        verdict = None if _is_page(reply) else self._verdict(reply, error)
        if verdict and not found:
            raise _raised(verdict.branch, verdict.kind, reply, error)
        if not _is_fine(reply):
            raise _raised(Unclear, Kind.PROVIDER, reply, error)
        # With an id and a refusal it has taken the job and has not: a person must find out.
        if verdict or not found:
            raise _raised(Unclear, Kind.UNREADABLE, reply, error)
        return found, body

    def polled(self, reply: Reply) -> Fields:
        """The body of a 2xx. Raises AccountTrouble, Gone, Busy or Unclear for the rest."""
        body = answers.fields(reply)
        if body is None or not _is_fine(reply):
            self.deny(reply)
        return body

    def confirmed(self, reply: Reply) -> None:
        """As `polled`, for an answer of which only that it is 2xx and states no error counts."""
        if said(self.polled(reply)):
            self.deny(reply)

    def deny(self, reply: Reply) -> NoReturn:
        """Raise what an answer means that does not say what was asked for, as `polled` does."""
        body = answers.fields(reply)
        error = said(body or {})
        verdict = self._verdict(reply, error)
        if verdict is None:
            kind = Kind.UNREADABLE if _is_fine(reply) and error is None else Kind.PROVIDER
            raise _raised(Unclear, kind, reply, error)
        branch = verdict.on_poll or verdict.branch
        counts = branch in (Gone, Busy) or verdict.kind in _HOLDS_ALL
        raise _raised(branch if counts else Unclear, verdict.kind, reply, error)

    def refused(self, reply: Reply) -> Kind | None:
        """What a refusal of just this request is about; None where the answer is none."""
        verdict = self._verdict(reply, said(answers.fields(reply) or {}))
        return verdict.kind if verdict and verdict.branch is Refused else None

    def _verdict(self, reply: Reply, error: "Said | None") -> Verdict | None:
        if 300 <= reply.status < 400:
            return None
        if error is None:
            return self._of_status(_BARE, reply.status)
        listed = self.table.get(error.code)
        if listed or reply.status >= 500:
            return listed
        return self._of_status(_SHAPED, error.status or reply.status)

    def _of_status(self, common: Mapping[int, Verdict], status: int) -> Verdict | None:
        return self.statuses.get(status) or common.get(status)


def _is_page(reply: Reply) -> bool:
    """A page for people, which no API writes."""
    return reply.body.lstrip()[:1] == b"<"


def said(body: Fields) -> Said | None:
    """What the body states as an error, in whichever shape; None where it states none."""
    error = body.get("error")
    if isinstance(error, str) and error:
        return Said("", answers.text(error))
    inner = answers.inside(error)
    written = inner.get("code"), inner.get("type"), body.get("reason"), body.get("err_code")
    codes = [answers.text(value, answers.MOST_WORD) for value in (*written, body.get("code"))]
    code = next((code for code in codes if code not in _ALL_IS_WELL), "")
    message = answers.text(inner.get("message") or body.get("message") or body.get("msg"))
    if not code and not inner:
        return None
    return Said(code, message, _status(codes))


def _status(codes: list[str]) -> int:
    return next((int(code) for code in codes if _STATUS.fullmatch(code)), 0)


def _is_fine(reply: Reply) -> bool:
    return 200 <= reply.status < 300


def _raised(
    branch: type[ProviderError], kind: Kind, reply: Reply, error: Said | None
) -> ProviderError:
    code, message = (error.code, error.message) if error else ("", "")
    patience = answers.patience(reply)
    return branch(kind, code or f"HTTP {reply.status}", message, patience)
