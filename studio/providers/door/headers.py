"""The headers of a request, made safe; those of a reply, made plain."""

import re
from collections.abc import Iterable, Mapping

from studio.providers.door.faults import NotSent, Why

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")
_AGENT = "seed-studio"


def outgoing(headers: Mapping[str, str]) -> dict[str, str]:
    """What is sent, in lower case: identity only, so that no body has to be unpacked.

    Raises `NotSent` (BAD_REQUEST) without showing what was wrong: it may be a key.
    """
    if not all(_NAME.fullmatch(n) and _VALUE.fullmatch(v) for n, v in headers.items()):
        raise NotSent(Why.BAD_REQUEST)
    given = {name.lower(): value.strip() for name, value in headers.items()}
    return {"user-agent": _AGENT, "accept": "*/*", **given, "accept-encoding": "identity"}


def incoming(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names in lower case; what came several times is joined as HTTP says."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined
