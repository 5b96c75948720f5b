"""Where providers are reached: what stands before every path, and which addresses may be typed."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.catalogue import load as catalogue

LONGEST = 200


def standing(provider: str) -> str:
    """The address of whoever names none: the environment's, else the provider's own, else ""."""
    spec = catalogue.provider(provider)
    return settings.PROVIDER_BASES.get(provider) or (spec.api if spec else "")


def check(typed: str) -> str:
    """The address to keep, without a slash at its end. Raises `Refused` at "base_url".

    Keys go there, so it is public https, or a host that the operator trusts by name.
    """
    base = typed.strip().rstrip("/")
    parts = _split(base)
    if len(base) > LONGEST or parts is None or not parts.hostname:
        raise _refused(_("Write https://host/path, as it stands before each path."))
    if parts.username is not None or parts.query or parts.fragment or "?" in base or "#" in base:
        raise _refused(_("An address holds no password, no question mark and no number sign."))
    if _is_trusted(parts):
        return base
    if parts.scheme != "https":
        raise _refused(_("Keys are only sent over https, or to a host in STUDIO_TRUSTED_HOSTS."))
    if not _may_be_public(parts.hostname):
        raise _refused(_("This host is not public and not in STUDIO_TRUSTED_HOSTS."))
    return base


def _refused(message: str) -> Refused:
    return Refused(message, field="base_url")


def _split(base: str) -> SplitResult | None:
    if any(letter.isspace() or not letter.isprintable() for letter in base):
        return None
    try:
        parts = urlsplit(base)
        return parts if parts.scheme in {"http", "https"} and parts.port != 0 else None
    except ValueError:
        return None


def _is_trusted(parts: SplitResult) -> bool:
    """As whoever connects reads the list: "host" for any port, or "host:port"."""
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return not {host, shown, f"{shown}:{port}"}.isdisjoint(settings.TRUSTED_HOSTS)


def _may_be_public(host: str) -> bool:
    """By its look alone; whoever connects checks what the name leads to."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))
