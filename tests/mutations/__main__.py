"""`make mutations`: take each guard out of a copy of the studio and see the named test go red.

With words behind it only the guards whose names hold one of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.house import ROOT
from tests.mutations.guards import GUARDS, Guard

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "var-*", "__pycache__", ".*_cache")


def copy(folder: Path) -> Path:
    """The studio as it stands, with the same environment of Python."""
    place = folder / "studio"
    shutil.copytree(ROOT, place, ignore=LEFT_OUT, symlinks=True)
    (place / ".venv").symlink_to(ROOT / ".venv")
    return place


def is_noticed(guard: Guard, place: Path) -> bool:
    """Whether the test fails without the guard; the copy is whole again afterwards."""
    path = place / guard.file
    whole = path.read_text()
    path.write_text(whole.replace(guard.text, guard.instead))
    try:
        return run(guard.test, place) == 1
    finally:
        path.write_text(whole)


def run(test: str, place: Path) -> int:
    """What pytest says: 0 green, 1 red, anything else neither."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        test,
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False)
    return done.returncode


def main(words: list[str]) -> int:
    chosen = [g for g in GUARDS if not words or any(word in g.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        place = copy(Path(folder))
        missed = 0
        for guard in chosen:
            noticed = is_noticed(guard, place)
            missed += not noticed
            print(f"{'red  ' if noticed else 'GREEN'} {guard.name}: {guard.test}", flush=True)  # noqa: T201
    print(f"{len(chosen) - missed} of {len(chosen)} guards are missed when they are gone")  # noqa: T201
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
