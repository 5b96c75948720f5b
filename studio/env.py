"""Typed readers for the environment, and the secrets that the studio makes for itself.

Every name may also come as NAME_FILE (a path whose content is the value), as container
secrets do; an empty value counts as none. `seal` stops the start with all faults at once.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import dj_database_url
import dj_email_url
from environs import Env, EnvValidationError, ValidationError

from studio.lib import currencies

env = Env(eager=False)
_unreadable: dict[str, list[str]] = {}


def load_file_variants(names: tuple[str, ...]) -> None:
    """Read NAME_FILE into NAME for each name, and forget the names that are given empty."""
    for name in names:
        if not os.environ.get(name):
            os.environ.pop(name, None)
            _load_file(name, os.environ.get(f"{name}_FILE"))


def _load_file(name: str, path: str | None) -> None:
    if not path:
        return
    try:
        os.environ[name] = Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        _unreadable[f"{name}_FILE"] = [f"Cannot be read: {error}."]


def seal() -> None:
    """Read no more. If any value was wrong, leave with one message that names them all."""
    faults = dict(_unreadable)
    try:
        env.seal()
    except EnvValidationError as error:
        faults |= dict(error.error_messages)  # type: ignore[arg-type]  # a mapping when not eager
    if faults:
        lines = [f"  {name}: {' '.join(messages)}" for name, messages in sorted(faults.items())]
        raise SystemExit("\n".join(["The environment has values that cannot be used:", *lines]))


def is_address(value: str) -> None:
    parts = _split(f"//{value}")
    if parts is None or not (parts.hostname and parts.port) or "@" in value or parts.path:
        raise ValidationError("Write host:port, for instance 127.0.0.1:8000.")


def is_site(value: str) -> None:
    parts = _split(value)
    fits = parts and parts.scheme in {"http", "https"} and parts.hostname
    if value and (not fits or value.rstrip("/").count("/") > 2):
        raise ValidationError("Write http(s)://host[:port], without a path.")


def is_base(value: str) -> None:
    parts = _split(value)
    if value and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValidationError("Write http(s)://host[:port][/path], as it stands before each path.")


def is_proxy(value: str) -> None:
    parts = _split(value)
    if value and (parts is None or parts.scheme != "http" or not parts.hostname):
        raise ValidationError("Write http://[user:password@]host[:port].")


def is_public(value: str) -> None:
    is_site(value)
    if value and not value.startswith("https://"):
        raise ValidationError("Write https://host[:port]: providers call this address.")


def is_database(value: str) -> None:
    parts = _split(value)
    if value and (parts is None or parts.scheme not in {"postgres", "postgresql"}):
        raise ValidationError("Write postgres://user:password@host:port/name.")


def is_currency(value: str) -> None:
    if value not in currencies.in_use():
        raise ValidationError("Write the three letters of a currency in use, for instance EUR.")


def is_lease(value: float) -> None:
    if not 1 <= value <= 600:
        raise ValidationError("Write seconds, 1 to 600.")


def is_broker(value: str) -> None:
    parts = _split(value)
    if parts is None or parts.scheme not in {"memory", "redis", "rediss"}:
        raise ValidationError("Write redis://host:port/number.")


def is_mail(value: str) -> None:
    parts = _split(value)
    if value and (parts is None or parts.scheme not in dj_email_url.SCHEMES):
        raise ValidationError("Write smtp://user:password@host:port, or submission://.")


def is_bucket(value: str) -> None:
    if value and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise ValidationError("Write the bucket's name: 3 to 63 of a-z, 0-9, dot and hyphen.")


def is_token(value: str) -> None:
    if value and (len(value) < 16 or not value.isascii() or " " in value):
        raise ValidationError("Write 16 characters or more, without spaces.")


def is_log_format(value: str) -> None:
    if value not in {"line", "json"}:
        raise ValidationError("Write line or json.")


def _split(value: str) -> SplitResult | None:
    """The parts of an address; None where it has none, or a port that is no number."""
    try:
        parts = urlsplit(value)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None


def time_zone(value: str | None) -> str:
    """The zone that TZ names. It is the whole machine's variable and may hold other forms."""
    return value if value in available_timezones() else "UTC"


def postgres(url: str, lock_wait: int) -> dict[str, Any]:
    """The settings of this database; `lock_wait` is in seconds."""
    parsed: dict[str, Any] = dict(
        dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    )
    options = {**parsed.get("OPTIONS", {}), "options": f"-c lock_timeout={lock_wait * 1000}"}
    return parsed | {"OPTIONS": options}


def mail(url: str) -> dict[str, Any]:
    """The EMAIL_ settings; without an address nothing is sent."""
    return dict(dj_email_url.parse(url or "dummy:"))


def secret(name: str, folder: Path) -> str:
    """The value of NAME, or the one kept in `folder`, written there (0600) at the first call."""
    given = os.environ.get(name)
    if given:
        return given
    path = folder / name
    try:
        return path.read_text().strip() if path.exists() else _keep(path, secrets.token_urlsafe(48))
    except OSError as error:
        raise SystemExit(f"The data dir cannot be used (STUDIO_DATA_DIR): {error}.") from error


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
