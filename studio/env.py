"""Typed readers for the environment, and the secrets that the studio makes for itself.

Every name may also come as NAME_FILE (a path whose content is the value), as container
secrets do. A wrong value stops the start with all faults in one message.
"""

import os
import secrets
from pathlib import Path

from environs import Env

env = Env(eager=False)


def load_file_variants(names: tuple[str, ...]) -> None:
    """Read NAME_FILE into NAME for each name; a file that cannot be read stops the start."""
    for name in names:
        path = os.environ.get(f"{name}_FILE")
        if path and name not in os.environ:
            os.environ[name] = Path(path).read_text().strip()


def secret(name: str, folder: Path) -> str:
    """The value of NAME, or the one kept in `folder`, written there (0600) at the first call."""
    given = os.environ.get(name)
    if given:
        return given
    path = folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _keep(path, secrets.token_urlsafe(48))


def _keep(path: Path, value: str) -> str:
    """Write once, whoever comes first: two processes starting together end with one value."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(value)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
