"""Marks by which the form tells what a press wrote from what a person wrote by hand."""

import hashlib

# Among the helper's fields: what the helper wrote, and the whole prompt after the last press.
WRITTEN, PRESSED = "written", "pressed"


def mark(text: str) -> str:
    """Tells the text from others: its length, and a print of it."""
    return f"{len(text)}.{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def without_tail(text: str, tail: str) -> str:
    """`text` without what it ends with, if that is what the mark `tail` says; else all of it."""
    length = tail.partition(".")[0]
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 8 else 0
    if not size or mark(text[-size:]) != tail:
        return text
    return text[:-size].rstrip()
