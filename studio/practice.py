"""Practice mode: a studio whose providers are played by the sandbox, on a data dir of its own.

A data dir is marked at birth. A practice one refuses to run as a real studio, a real one refuses
practice: clips that nobody paid for and clips that somebody did never stand side by side.
"""

from pathlib import Path

MARKER = "practice"
NOTE = "This data dir was made by practice mode: nothing in it was paid, none of it is real.\n"
# What any studio has after its first start, on whichever database.
_BORN = ("studio.sqlite3", "media")


def is_practice(data_dir: Path) -> bool:
    return (data_dir / MARKER).exists()


def mark(data_dir: Path) -> None:
    """For good, before anything else is written there."""
    (data_dir / MARKER).write_text(NOTE)


def mistake(data_dir: Path, is_asked: bool, has_own_database: bool) -> tuple[str, str] | None:
    """What is wrong with starting here, and what to do; None where nothing is."""
    is_marked = is_practice(data_dir)
    if is_asked and has_own_database:
        problem = "Practice mode keeps its rows in its own data dir, not in DATABASE_URL."
        return problem, "Unset DATABASE_URL for `make sandbox`."
    if is_asked and not is_marked and any((data_dir / name).exists() for name in _BORN):
        problem = f"The data in {data_dir} is a real studio's; practice mode leaves it alone."
        return problem, "Unset STUDIO_DATA_DIR for `make sandbox`, or name a new folder."
    if is_marked and not is_asked:
        problem = f"The data in {data_dir} was made by practice mode; no real studio starts on it."
        return problem, "Start it with `make sandbox`, or name another STUDIO_DATA_DIR."
    return None
