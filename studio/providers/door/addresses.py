"""Which addresses are public. Names are never judged by their text, only by what they resolve to.

What `ipaddress` calls global is not enough: it lets through NAT64, 6to4, site-local addresses and
multicast, behind which a private address may stand.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# The addresses of a host, numeric; raises OSError where there are none.
Resolver = Callable[[str, int], Sequence[str]]

# Everything that is not the open internet.
_NOT_V4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
            *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            # A cloud's own service, at an address that looks public.
            "168.63.129.16/32",
        ),
    )
)
# Public IPv6 is all in here; NAT64, site-local, unique local and multicast are not.
_V6 = IPv6Network("2000::/3")
_NOT_V6 = tuple(
    map(
        IPv6Network,
        # Teredo and other special uses, 6to4, and what stands in documentation.
        ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)


def system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet. What is not an address is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not any(parsed in network for network in _NOT_V4)
    return parsed.is_global and parsed in _V6 and not any(parsed in net for net in _NOT_V6)


def literal(host: str) -> str | None:
    """The address that a host written in figures means (`0x7f.1` too); None: it is a name."""
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
