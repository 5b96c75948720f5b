"""An address as it will be called, or why not. The rule for all three ways through the door."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from studio.providers.door.addresses import is_public, literal
from studio.providers.door.faults import NotSent, Why
from studio.providers.door.policy import Policy

_PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,252})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
# Stays as it is in a path or query: a signature covers every character.
_SAFE = "%/:=&?~#+!$,;'@()*[]|\"<>^`{}"
# Ends of names that mean this machine or this network; behind a proxy nobody else would check.
_INSIDE = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")
# Below it stand other protocols' ports.
_FIRST_FREE_PORT = 1024


@dataclass(frozen=True)
class Target:
    """`host` in ASCII and lower case, IPv6 without brackets; `url` is what is called."""

    scheme: str
    host: str
    port: int
    url: str
    trusted: bool


def admit(url: str, policy: Policy) -> Target:
    """Judge all of an address that can be judged without asking for a name.

    Raises `NotSent`: BAD_ADDRESS for what is no http address or carries a password, FORBIDDEN
    for what may not be reached.
    """
    target = _read(url, policy)
    if not target.trusted and not _may_be_public(target, policy):
        raise NotSent(Why.FORBIDDEN, target.host)
    return target


def _may_be_public(target: Target, policy: Policy) -> bool:
    if policy.practice or target.scheme != "https":
        return False
    if target.port != _PORTS["https"] and target.port < _FIRST_FREE_PORT:
        return False
    figures = literal(target.host)
    if figures is not None:
        return is_public(figures)
    return not (policy.proxy and _is_inside(target.host))


def _is_inside(name: str) -> bool:
    return "." not in name or name.endswith(_INSIDE)


def _read(url: str, policy: Policy) -> Target:
    parts = _split(url)
    if parts is None or parts.scheme not in _PORTS or "@" in parts.netloc:
        raise NotSent(Why.BAD_ADDRESS)
    host, port = _host(parts), _port(parts)
    if not host or not port:
        raise NotSent(Why.BAD_ADDRESS)
    return Target(parts.scheme, host, port, _whole(parts, host, port), policy.trusts(host, port))


def _whole(parts: SplitResult, host: str, port: int) -> str:
    place = f"[{host}]" if ":" in host else host
    if port != _PORTS[parts.scheme]:
        place = f"{place}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{place}{quote((parts.path or '/') + query, safe=_SAFE)}"


def _split(url: str) -> SplitResult | None:
    if _CONTROL.search(url):
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    """The host as a resolver would read it, "" where nobody could."""
    given = unicodedata.normalize("NFKC", parts.hostname or "").removesuffix(".")
    if ":" in given:
        return given if re.fullmatch(r"[0-9a-f:.]+", given) else ""
    try:
        name = given.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if _NAME.fullmatch(name) else ""


def _port(parts: SplitResult) -> int:
    try:
        return _PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        return 0
