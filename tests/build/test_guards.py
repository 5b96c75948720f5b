"""The list of guards that `make mutations` takes out still fits the code."""

import re

import pytest

from tests.build.sources import ROOT
from tests.mutations.guards import GUARDS, Guard


def test_there_are_fifteen_guards_or_more() -> None:
    assert len({guard.name for guard in GUARDS}) == len(GUARDS) >= 15


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_stands_once_and_its_test_exists(guard: Guard) -> None:
    assert (ROOT / guard.file).read_text().count(guard.text) == 1
    assert guard.text != guard.instead
    path, _, name = guard.test.partition("::")
    source = (ROOT / path).read_text()
    assert not name or re.search(rf"^def {name}\(", source, re.MULTILINE)
