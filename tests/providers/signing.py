"""Vidu's signature, written from its page a second time."""

import base64
import hashlib
import hmac


def signature(key: str, method: str, path: str, query: str, date: str, nonce: str) -> str:
    lines = [method, path, query, "vidu", date, f"Date:{date}", f"x-request-nonce:{nonce}", ""]
    digest = hmac.new(key.encode(), "\n".join(lines).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
