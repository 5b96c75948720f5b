"""What goes into a request: the catalogue's fields for the model and the mode, and no others.

Vidu refuses a field that it does not know, so nothing is sent that the catalogue does not list,
and nothing null. A default is written out, since it often sets the price.
"""

import json
from collections.abc import Mapping

from studio.catalogue.specs import Parameter, Value
from studio.providers.base import Access, Job, Request

Body = Mapping[str, object]

# A vendor wants 6 to 128 characters; ours are said to be the studio's.
_PERSON = "studio-{}"
_LONGEST_PERSON = 128


def parameters(job: Job) -> dict[str, Value]:
    """As ordered, else by default; what has neither is left out."""
    named = {p.name: job.parameters.get(p.name, p.default) for p in _listed(job)}
    return {name: value for name, value in named.items() if value is not None}


def _listed(job: Job) -> tuple[Parameter, ...]:
    return job.spec.parameters_in(job.mode)


def person(job: Job) -> dict[str, str]:
    """`user_id`, within its limits; nothing where nobody is named."""
    return {"user_id": _PERSON.format(job.person)[:_LONGEST_PERSON]} if job.person else {}


def get(access: Access, path: str, authorization: str) -> Request:
    return Request("GET", _url(access, path), {"Authorization": authorization})


def post(access: Access, path: str, authorization: str, body: Body) -> Request:
    headers = {"Authorization": authorization, "Content-Type": "application/json"}
    # "replace": half a character, which no form but an API can bring, would not let itself be sent.
    written = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Request("POST", _url(access, path), headers, written.encode("utf-8", "replace"))


def _url(access: Access, path: str) -> str:
    return access.base_url.rstrip("/") + path
