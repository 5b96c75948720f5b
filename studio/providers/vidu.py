"""Vidu itself, and a relay that takes Vidu's body.

                 Vidu                                     a relay
    job          POST /ent/v2/{endpoint}                  POST /vidu/v2/{endpoint}
    state        GET  /ent/v2/tasks/{id}/creations        GET  /vidu/v2/tasks/{id}/creations
    stop         POST /ent/v2/tasks/{id}/cancel           not documented
    our jobs     GET  /ent/v2/tasks                       not documented
    credits      GET  /ent/v2/credits                     not documented
    key          Authorization: Token KEY                 Authorization: Bearer KEY

A relay's scheme and paths may be changed by `Access.options` (`registry.RELAY_OPTIONS`).
The job's own name comes as `task_id` first and as `id` afterwards. Vidu takes more jobs than it
runs and lets them wait. An error is `{"code": 400, "reason": "CreditInsufficient", "message": …}`;
400 is "no money" and "later" as well as "wrong". The same names are the `err_code` of a failed job.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from urllib.parse import quote, urlencode

from studio.catalogue.specs import CREDITS
from studio.providers import answers, bodies, pictures
from studio.providers.answers import Fields
from studio.providers.base import (
    Access,
    Balance,
    Complaint,
    Found,
    Job,
    Kind,
    Progress,
    Reply,
    Request,
    Stage,
    Ticket,
)
from studio.providers.errors import Unclear
from studio.providers.polling import PollOnly
from studio.providers.registry import RELAY_OPTIONS
from studio.providers.verdicts import (
    BAD_CONTENT,
    BAD_KEY,
    BAD_MODEL,
    BAD_PARAMETER,
    BAD_PICTURE,
    BROKE_DOWN,
    BUSY,
    CANCELLED,
    NO_ADDRESS,
    NO_BALANCE,
    NO_PERMISSION,
    NOTHING_PROVED,
    UNKNOWN_JOB,
    Codes,
    Verdict,
)

_TABLE: Mapping[str, Verdict] = {
    **dict.fromkeys(("BadRequest", "FieldLacking", "FieldUnwanted"), BAD_PARAMETER),
    **dict.fromkeys(("FieldItemCountOutOfRange", "FieldInvalid"), BAD_PARAMETER),
    # Says page and means picture: its sides or its shape.
    "PageSizeOutOfRange": BAD_PICTURE,
    **dict.fromkeys(("ImageFormatInvalid", "ImageDownloadFailure"), BAD_PICTURE),
    **dict.fromkeys(("ImageCheckBodyJointsFailed", "ImageCheckFaceFailed"), BAD_PICTURE),
    "ImageObjectsUndetected": BAD_PICTURE,
    **dict.fromkeys(("TaskPromptPolicyViolation", "AuditSubmitIllegal"), BAD_CONTENT),
    "CreationPolicyViolation": BAD_CONTENT,
    "CreditInsufficient": NO_BALANCE,
    "ModelUnavailable": BAD_MODEL,
    "Unauthorized": BAD_KEY,
    "Forbidden": NO_PERMISSION,
    **dict.fromkeys(("TaskNotFound", "CreationNotFound"), UNKNOWN_JOB),
    "NotFound": NO_ADDRESS,
    "OperationInProcess": BUSY,
    **dict.fromkeys(("QuotaExceeded", "TooManyRequests", "SystemThrottling"), BUSY),
    "InternalServiceFailure": BROKE_DOWN,
    "UserCancelled": CANCELLED,
    # We hung up, or two of us spoke at once: it may have been taken.
    **dict.fromkeys(("Canceled", "Conflict"), NOTHING_PROVED),
}
CODES: Final = Codes(_TABLE)
# What the programmes that relays run on say of an empty purse, some of them with a 429.
RELAY_CODES: Final = Codes(
    {**_TABLE, **dict.fromkeys(("insufficient_quota", "insufficient_user_quota"), NO_BALANCE)}
)
_STAGES = {
    "created": Stage.WAITING,
    "queueing": Stage.WAITING,
    "processing": Stage.RUNNING,
    "success": Stage.DONE,
    "failed": Stage.FAILED,
}
_CANCELLED = "UserCancelled"
# Charged is what an ended job states; before, the same field is what it is going to cost.
_ENDED = (Stage.DONE, Stage.FAILED, Stage.STOPPED)
# As many as the list gives at once; it reaches back seven days.
_PAGE = 100


class ViduWire(PollOnly, ABC):
    """What Vidu and a relay share: the body and the answers, but neither paths nor the scheme."""

    codes = CODES

    def submit(self, job: Job, access: Access) -> Request:
        images, callback = pictures.uris(job), self._callback(job)
        body = {
            "model": job.spec.model,
            **({"images": images} if images else {}),
            **({"prompt": job.prompt} if job.prompt else {}),
            **bodies.parameters(job),
            # Comes back in every answer: the only thread to a job whose reply was lost.
            "payload": job.uid,
            **({"callback_url": callback} if callback else {}),
        }
        path = self._submit_path(access, job.spec.endpoint)
        return bodies.post(access, path, self._authorization(access), body)

    def read_submit(self, reply: Reply) -> Ticket:
        remote_id, body = self.codes.accepted(reply, "task_id")
        quoted, _unclear = answers.charge(body.get("credits"))
        return Ticket(remote_id, quoted, CREDITS if quoted is not None else "")

    def poll(self, remote_id: str, access: Access) -> Request:
        path = self._poll_path(access, quote(remote_id, safe=""))
        return bodies.get(access, path, self._authorization(access))

    def read_poll(self, reply: Reply) -> Progress:
        body = self.codes.polled(reply)
        word = answers.text(body.get("state"), answers.MOST_WORD)
        if not word:
            self.codes.deny(reply)
        stage = _stage(word, body)
        charged, unclear = _charge(body) if stage in _ENDED else (None, False)
        return Progress(
            stage,
            links=_links(body) if stage is Stage.DONE else (),
            charged=charged,
            unit=CREDITS if charged is not None else "",
            charge_unclear=unclear,
            complaint=self._complaint(body, stage),
            word=word,
        )

    def _complaint(self, body: Fields, stage: Stage) -> Complaint | None:
        if stage not in (Stage.FAILED, Stage.STOPPED):
            return None
        code = answers.text(body.get("err_code"), answers.MOST_WORD)
        message = answers.text(body.get("err_msg") or body.get("message"))
        return Complaint(code, message, self.codes.kind(code))

    @abstractmethod
    def _callback(self, job: Job) -> str:
        """Where it is to call us, if it can."""

    @abstractmethod
    def _authorization(self, access: Access) -> str: ...

    @abstractmethod
    def _submit_path(self, access: Access, endpoint: str) -> str: ...

    @abstractmethod
    def _poll_path(self, access: Access, remote_id: str) -> str: ...


class Vidu(ViduWire):
    def cancel(self, remote_id: str, access: Access) -> Request:
        path = f"/ent/v2/tasks/{quote(remote_id, safe='')}/cancel"
        return bodies.post(access, path, self._authorization(access), {"id": remote_id})

    def read_cancel(self, reply: Reply) -> bool:
        if self.codes.refused(reply):
            return False
        self.codes.confirmed(reply)
        return True

    def find(self, uid: str, access: Access, page: str = "") -> Request:
        query = {"pager.pagesz": str(_PAGE)} | ({"pager.page_token": page} if page else {})
        return bodies.get(access, f"/ent/v2/tasks?{urlencode(query)}", self._authorization(access))

    def read_find(self, reply: Reply, uid: str) -> Found:
        body = self.codes.polled(reply)
        if not isinstance(body.get("tasks"), list):
            self.codes.deny(reply)
        tasks = answers.items(body["tasks"])
        ours = [answers.identifier(task.get("id")) for task in tasks if task.get("payload") == uid]
        if ours and ours[0]:
            return Found(ours[0])
        if ours or (tasks and not any("payload" in task for task in tasks)):
            # The list holds it back, so that it is not in there proves nothing.
            raise Unclear(Kind.UNREADABLE, "no_payload")
        return Found(next_page=answers.text(body.get("next_page_token")) if tasks else "")

    def balance(self, access: Access) -> Request:
        path = "/ent/v2/credits?show_detail=false"
        return bodies.get(access, path, self._authorization(access))

    def read_balance(self, reply: Reply) -> Balance:
        """The page's table and its sample differ in the list's name."""
        body = self.codes.polled(reply)
        purses = answers.items(body.get("remains")) or answers.items(body.get("remaining_credits"))
        left = [answers.number(purse.get("credit_remain")) for purse in purses]
        if not left or None in left:
            self.codes.deny(reply)
        limits = [answers.number(purse.get("concurrency_limit")) for purse in purses]
        most = max((int(limit) for limit in limits if limit and limit >= 1), default=None)
        return Balance(sum(filter(None, left), Decimal(0)), CREDITS, most)

    def _callback(self, job: Job) -> str:
        return job.callback_url

    def _authorization(self, access: Access) -> str:
        return f"Token {access.key}"

    def _submit_path(self, access: Access, endpoint: str) -> str:
        return f"/ent/v2/{endpoint}"

    def _poll_path(self, access: Access, remote_id: str) -> str:
        return f"/ent/v2/tasks/{remote_id}/creations"


class Relay(ViduWire):
    codes = RELAY_CODES

    def _callback(self, job: Job) -> str:
        return ""

    def _authorization(self, access: Access) -> str:
        scheme = _option(access, "scheme")
        return access.key if scheme.lower() == "none" else f"{scheme} {access.key}"

    def _submit_path(self, access: Access, endpoint: str) -> str:
        return _option(access, "submit_path").replace("{endpoint}", endpoint)

    def _poll_path(self, access: Access, remote_id: str) -> str:
        path = _option(access, "poll_path")
        return path.replace("{task_id}", remote_id).replace("{id}", remote_id)


def _option(access: Access, name: str) -> str:
    return access.options.get(name) or RELAY_OPTIONS[name]


def _stage(word: str, body: Fields) -> Stage:
    stage = _STAGES.get(word, Stage.MYSTERY)
    cancelled = stage is Stage.FAILED and body.get("err_code") == _CANCELLED
    return Stage.STOPPED if cancelled else stage


def _charge(body: Fields) -> tuple[Decimal | None, bool]:
    return answers.charge(body.get("credits"))


def _links(body: Fields) -> tuple[str, ...]:
    return answers.links(each.get("url") for each in answers.items(body.get("creations")))
