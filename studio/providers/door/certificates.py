"""Whose certificates count: the bundled authorities, and one file of the operator's own."""

import ssl
from functools import cache

import httpx


@cache
def context(authorities: str) -> ssl.SSLContext:
    """One for each file, kept: making one costs tens of milliseconds."""
    made = httpx.create_ssl_context(verify=True, trust_env=False)
    if authorities:
        made.load_verify_locations(cafile=authorities)
    return made
