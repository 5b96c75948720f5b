"""What a reply says about its length and about being a part. Doubtful words count as unsaid."""

import re
from collections.abc import Mapping

from studio.providers.door.partial import Resume

_LENGTH = re.compile(r"[0-9]{1,15}")
_PART = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_STRONG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')


def stated_length(headers: Mapping[str, str]) -> int | None:
    said = headers.get("Content-Length", "").strip()
    return int(said) if _LENGTH.fullmatch(said) and said.isascii() else None


def strong_etag(headers: Mapping[str, str]) -> str:
    """The ETag where it stands for these very bytes, else ""."""
    said = headers.get("ETag", "").strip()
    return said if _STRONG.fullmatch(said) else ""


def goes_on(headers: Mapping[str, str], resume: Resume) -> int | None:
    """The whole file's size if a 206 is exactly the rest of what we have; None: it is not."""
    found = _PART.fullmatch(headers.get("Content-Range", "").strip())
    if not found:
        return None
    first, last, total = map(int, found.groups())
    exact = first == resume.size and last == total - 1 and resume.total in (None, total)
    same = headers.get("ETag", resume.etag) == resume.etag
    whole = stated_length(headers) in (None, total - first)
    return total if exact and same and whole else None
