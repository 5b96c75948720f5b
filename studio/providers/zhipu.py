"""Z.ai and BigModel: one wire at two addresses.

    POST /videos/generations     {"model", "prompt", "image_url", …, "request_id", "user_id"}
    GET  /async-result/{id}      {"task_status": PROCESSING | SUCCESS | FAIL, "video_result": […]}

Neither can stop a job, look one up by our reference, call us, or tell the balance. An error is
`{"error": {"code": "1302", "message": …}}`, where the same HTTP 429 is "later" (1302) as well as
"no money" (1113).
"""

from typing import Final
from urllib.parse import quote

from studio.catalogue.specs import Mode
from studio.providers import answers, bodies, pictures
from studio.providers.answers import Fields
from studio.providers.base import Access, Complaint, Job, Progress, Reply, Request, Stage, Ticket
from studio.providers.polling import PollOnly
from studio.providers.verdicts import (
    BAD_CONTENT,
    BAD_KEY,
    BAD_MODEL,
    BAD_PARAMETER,
    BAD_PICTURE,
    BROKE_DOWN,
    BUSY,
    NO_BALANCE,
    NO_PERMISSION,
    NOTHING_PROVED,
    QUOTA,
    SENT_BEFORE,
    UNKNOWN_JOB,
    Codes,
)

CODES: Final = Codes(
    {
        **dict.fromkeys(("1000", "1001", "1002", "1003", "1004", "1005", "1111"), BAD_KEY),
        **dict.fromkeys(("1110", "1112", "1121", "1220"), NO_PERMISSION),
        "1113": NO_BALANCE,
        "1120": BUSY,
        **dict.fromkeys(("1200", "1230", "1234", "1235", "1260"), BROKE_DOWN),
        **dict.fromkeys(("1210", "1213", "1214", "1215", "1261"), BAD_PARAMETER),
        **dict.fromkeys(("1211", "1212", "1221", "1222"), BAD_MODEL),
        "1231": SENT_BEFORE,
        "1232": NOTHING_PROVED,
        "1233": UNKNOWN_JOB,
        **dict.fromkeys(("1300", "1301"), BAD_CONTENT),
        **dict.fromkeys(("1302", "1303", "1305", "1312"), BUSY),
        **dict.fromkeys(("1304", "1308", "1310"), QUOTA),
        **dict.fromkeys(("1316", "1317", "1318", "1319", "1320", "1321"), QUOTA),
        **dict.fromkeys(("1309", "1311", "1313", "1314", "1315"), NO_PERMISSION),
    },
    {434: NO_PERMISSION, 435: BAD_PICTURE},
)
_STAGES = {"PROCESSING": Stage.RUNNING, "SUCCESS": Stage.DONE, "FAIL": Stage.FAILED}


class Zhipu(PollOnly):
    def submit(self, job: Job, access: Access) -> Request:
        body = {
            "model": job.spec.model,
            "prompt": job.prompt,
            **_images(job),
            **bodies.parameters(job),
            "request_id": job.uid,
            **bodies.person(job),
        }
        return bodies.post(access, "/videos/generations", f"Bearer {access.key}", body)

    def read_submit(self, reply: Reply) -> Ticket:
        remote_id, _body = CODES.accepted(reply, "id")
        return Ticket(remote_id)

    def poll(self, remote_id: str, access: Access) -> Request:
        path = f"/async-result/{quote(remote_id, safe='')}"
        return bodies.get(access, path, f"Bearer {access.key}")

    def read_poll(self, reply: Reply) -> Progress:
        body = CODES.polled(reply)
        word = answers.text(body.get("task_status"), answers.MOST_WORD)
        if not word:
            CODES.deny(reply)
        stage = _STAGES.get(word, Stage.MYSTERY)
        return Progress(
            stage,
            links=_links(body) if stage is Stage.DONE else (),
            complaint=_complaint(body) if stage is Stage.FAILED else None,
            word=word,
        )


def _images(job: Job) -> dict[str, str | list[str]]:
    """A single start frame is a string, everything else a list, of one as well."""
    uris = pictures.uris(job)
    if not uris:
        return {}
    return {"image_url": uris[0] if job.mode is Mode.IMAGE else uris}


def _links(body: Fields) -> tuple[str, ...]:
    videos = answers.items(body.get("video_result"))
    # Older answers had one address beside the list.
    return answers.links([*(video.get("url") for video in videos), body.get("video_url")])


def _complaint(body: Fields) -> Complaint:
    """No reason is documented; an object and a text have been seen, and nothing at all."""
    error = body.get("error")
    told = answers.inside(error)
    code = answers.text(told.get("code"), answers.MOST_WORD)
    message = answers.text(told.get("message") or error)
    return Complaint(code, message, CODES.kind(code))
