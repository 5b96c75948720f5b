"""The file name that a browser saves under: what a person typed, made safe for a header."""

import unicodedata
from urllib.parse import quote

_LONGEST = 150
_UNSAFE = frozenset('/\\:*?"<>|%')


def disposition(filename: str, *, attachment: bool) -> str:
    """The Content-Disposition value, with an ASCII fallback beside the true name (RFC 6266)."""
    name = _clean(filename)
    fallback = _ascii(name)
    kind = "attachment" if attachment else "inline"
    header = f'{kind}; filename="{fallback}"'
    if fallback != name:
        header += f"; filename*=UTF-8''{quote(name, safe='')}"
    return header


def _clean(filename: str) -> str:
    # Category C: control characters, and those that turn the reading direction of a name.
    shown = (c for c in filename if unicodedata.category(c)[0] != "C")
    name = "".join("_" if c in _UNSAFE else c for c in shown).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) < 10:
        return f"{stem[: _LONGEST - len(ending)]}.{ending}"
    return name[:_LONGEST] or "file"


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c if c.isascii() else "_" for c in plain if not unicodedata.combining(c))
