"""Jiekou (and its sister brands Novita and PPIO, at other addresses).

    POST /v3/async/{model}                   {"images", "prompt", …}; the path names the model
    GET  /v3/async/task-result?task_id=…     {"task": {"status", "reason", …}, "videos": […]}

It cannot stop a job, look one up, call us or tell the balance. An error is
`{"code": 403, "reason": "NOT_ENOUGH_BALANCE", "message": …}`, where 403 is "no money" as well as
"no key".
"""

from typing import Final
from urllib.parse import quote, urlencode

from studio.providers import answers, bodies, pictures
from studio.providers.answers import Fields
from studio.providers.base import (
    Access,
    Complaint,
    Job,
    Kind,
    Progress,
    Reply,
    Request,
    Stage,
    Ticket,
)
from studio.providers.polling import PollOnly
from studio.providers.verdicts import (
    BAD_KEY,
    BAD_PARAMETER,
    BROKE_DOWN,
    BUSY,
    NO_ADDRESS,
    NO_BALANCE,
    NO_PERMISSION,
    Codes,
)

CODES: Final = Codes(
    {
        **dict.fromkeys(("FAILED_TO_AUTH", "INVALID_API_KEY"), BAD_KEY),
        "NOT_ENOUGH_BALANCE": NO_BALANCE,
        "ACCESS_DENY": NO_PERMISSION,
        "MODEL_NOT_FOUND": NO_ADDRESS,
        "INVALID_REQUEST_BODY": BAD_PARAMETER,
        **dict.fromkeys(("RATE_LIMIT_EXCEEDED", "TOKEN_LIMIT_EXCEEDED"), BUSY),
        "SERVICE_NOT_AVAILABLE": BROKE_DOWN,
    }
)
_STAGES = {
    "TASK_STATUS_QUEUED": Stage.WAITING,
    "TASK_STATUS_PROCESSING": Stage.RUNNING,
    "TASK_STATUS_SUCCEED": Stage.DONE,
    "TASK_STATUS_FAILED": Stage.FAILED,
    "TASK_STATUS_CANCELED": Stage.STOPPED,
}


class Jiekou(PollOnly):
    def submit(self, job: Job, access: Access) -> Request:
        body = {"images": pictures.uris(job), "prompt": job.prompt, **bodies.parameters(job)}
        body = {name: value for name, value in body.items() if value not in ("", [])}
        path = f"/v3/async/{quote(job.spec.model, safe='')}"
        return bodies.post(access, path, f"Bearer {access.key}", body)

    def read_submit(self, reply: Reply) -> Ticket:
        remote_id, _body = CODES.accepted(reply, "task_id")
        return Ticket(remote_id)

    def poll(self, remote_id: str, access: Access) -> Request:
        path = f"/v3/async/task-result?{urlencode({'task_id': remote_id})}"
        return bodies.get(access, path, f"Bearer {access.key}")

    def read_poll(self, reply: Reply) -> Progress:
        body = CODES.polled(reply)
        task = answers.inside(body.get("task"))
        word = answers.text(task.get("status"), answers.MOST_WORD)
        if not word:
            CODES.deny(reply)
        stage = _STAGES.get(word, Stage.MYSTERY)
        videos = answers.items(body.get("videos")) if stage is Stage.DONE else []
        return Progress(
            stage,
            share=answers.share(task.get("progress_percent")),
            links=answers.links(video.get("video_url") for video in videos),
            link_seconds=answers.link_seconds(video.get("video_url_ttl") for video in videos),
            complaint=_complaint(task, stage),
            word=word,
        )


def _complaint(task: Fields, stage: Stage) -> Complaint | None:
    """Jiekou says why in free words only: they are shown, and nothing is concluded from them."""
    if stage not in (Stage.FAILED, Stage.STOPPED):
        return None
    kind = Kind.CANCELLED if stage is Stage.STOPPED else Kind.PROVIDER
    return Complaint("", answers.text(task.get("reason")), kind)
