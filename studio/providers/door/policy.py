"""What may be reached from here, as the operator said it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from studio.providers.door.addresses import Resolver, system_resolver

# Which hosts a download may come from: names in lower case, or a question about one.
HostRule = frozenset[str] | Callable[[str], bool]


@dataclass(frozen=True)
class Policy:
    """`trusted` holds "host" (any port) or "host:port" (IPv6 in brackets).

    `proxy` is `http://[user:password@]host[:port]` or "". What is trusted is reached directly,
    all else through it; it is then the proxy that finds the addresses of names, so a proxy must
    itself refuse what is not public. In `practice` only trusted hosts are reached at all.
    `authorities` is a file of certificates that count beside the usual ones.
    """

    trusted: frozenset[str]
    proxy: str = field(default="", repr=False)
    practice: bool = False
    authorities: str = ""
    resolver: Resolver = field(default=system_resolver, repr=False)

    def __post_init__(self) -> None:
        if self.proxy and not _is_proxy(self.proxy):
            raise ValueError("A proxy is written http://[user:password@]host[:port].")

    def trusts(self, host: str, port: int) -> bool:
        shown = f"[{host}]" if ":" in host else host
        return not self.trusted.isdisjoint({host, shown, f"{shown}:{port}"})


def _is_proxy(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and bool(parts.hostname)


def allows(rule: HostRule, host: str) -> bool:
    return rule(host) if callable(rule) else host in rule
