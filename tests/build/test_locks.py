"""The lock files: exact, hashed, without addresses, and of one mind."""

import re

import pytest

from tests.build.sources import ROOT

LOCKS = (
    "requirements.lock",
    "requirements-server.lock",
    "requirements-dev.lock",
    "requirements-bench.lock",
)


def pins(name: str) -> dict[str, set[str]]:
    """Versions by package; a package may have several, for several kinds of machines."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([\w.\[\]-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE
    ):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_exact_versions_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("name", LOCKS[1:])
def test_servers_tests_and_benches_run_what_users_run(name: str) -> None:
    core, more = pins("requirements.lock"), pins(name)
    assert {p: v for p, v in core.items() if more.get(p) != v} == {}
