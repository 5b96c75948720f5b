"""What operators may set: told in three places that agree, refused all at once when wrong."""

import re
from pathlib import Path

import pytest

from tests.build.sources import ROOT
from tests.house import House

SETTINGS = (ROOT / "studio/settings.py").read_text()
# Of compose.yaml, not of the studio.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "PORT"}


def read_by_the_settings() -> set[str]:
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', SETTINGS))
    return names | set(re.findall(r'secret\("([A-Z0-9_]+)"', SETTINGS))


def with_a_file_variant() -> set[str]:
    call = re.search(r"load_file_variants\((.*?)\n\)", SETTINGS, re.DOTALL)
    assert call
    return set(re.findall(r'"([A-Z0-9_]+)"', call[1]))


def test_the_example_names_exactly_what_is_read() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {line.partition("=")[0] for line in lines if re.match(r"[A-Z0-9_]+=", line)}
    assert named - COMPOSE_ONLY == read_by_the_settings()


def test_the_table_names_exactly_what_is_read() -> None:
    table = (ROOT / "docs/configuration.md").read_text()
    assert set(re.findall(r"^\| `([A-Z0-9_]+)` \|", table, re.MULTILINE)) == read_by_the_settings()


def test_compose_passes_on_only_what_the_example_names() -> None:
    example = (ROOT / ".env.example").read_text()
    wanted = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    assert [name for name in sorted(wanted) if f"\n{name}=" not in example] == []


def test_every_variable_may_come_from_a_file() -> None:
    assert with_a_file_variant() == read_by_the_settings()


def test_all_wrong_values_are_told_in_one_message(tmp_path: Path) -> None:
    done = House(tmp_path / "data").manage(
        "run",
        STUDIO_BIND="abc",
        LOG_LEVEL="loud",
        SITE_URL="ftp://studio",
        DATABASE_URL="mysql://here",
        CELERY_BROKER_URL="amqp://there",
        EMAIL_URL="pigeon://post",
        SECRET_KEY_FILE="/missing",
    )
    assert done.returncode == 1
    told = set(re.findall(r"^  ([A-Z0-9_]+): ", done.stderr, re.MULTILINE))
    assert told == {
        *("STUDIO_BIND", "LOG_LEVEL", "SITE_URL", "DATABASE_URL", "CELERY_BROKER_URL"),
        *("EMAIL_URL", "SECRET_KEY_FILE"),
    }
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_an_empty_value_counts_as_none(tmp_path: Path) -> None:
    empty = dict.fromkeys(read_by_the_settings() - {"STUDIO_DATA_DIR"}, "")
    done = House(tmp_path / "data").manage("check", **empty)
    assert done.returncode == 0, done.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 60 + "\n")
    house = House(tmp_path / "data")
    done = house.manage("check", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data" / "secrets" / "SECRET_KEY").exists()


def test_missing_secrets_are_made_once_and_kept_to_the_owner(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    assert house.manage("check").returncode == 0
    key = tmp_path / "data" / "secrets" / "SECRET_KEY"
    first = key.read_text()
    assert house.manage("check").returncode == 0
    assert key.read_text() == first
    assert len(first) >= 50
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("site", ["https://studio.example.com"])
def test_a_public_studio_passes_the_deployment_check(tmp_path: Path, site: str) -> None:
    done = House(tmp_path / "data").manage("check", "--deploy", SITE_URL=site)
    assert done.returncode == 0
    assert "no issues (0 silenced)" in done.stdout + done.stderr
