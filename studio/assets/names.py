"""The name a person gave to a file: shown, never used as a path."""

import unicodedata

LONGEST = 255
# Control characters, those that turn the reading direction, and halves of pairs.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs"})
_ENDINGS = {"png": "png", "webp": "webp"} | dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), "jpeg")


def shown(name: str) -> str:
    """The last part of a file name as one line of at most 255 characters; may be empty."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if unicodedata.category(c) not in _UNSHOWN)
    stem, dot, ending = " ".join(visible.split()).rpartition(".")
    if not dot or len(ending) > 10:
        return f"{stem}{dot}{ending}"[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


def tells(name: str, format: str) -> bool:
    """Whether the name's ending, if it is one of a picture, agrees with the true format."""
    return _ENDINGS.get(name.rpartition(".")[2].lower(), format) == format
