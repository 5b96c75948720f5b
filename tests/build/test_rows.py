"""The plugin that keeps row marks honest."""

from collections.abc import Callable

import pytest

from tests import rows


def _helper() -> None:
    assert True


def silent() -> None:
    pass


def half() -> None:
    assert True


def whole() -> None:
    with pytest.raises(ValueError, match="invalid"):
        int("x")
    assert True


def through_a_helper() -> None:
    assert True
    _helper()


@pytest.mark.parametrize("test", [silent, half])
def test_a_row_without_both_checks_is_a_fault(test: Callable[..., None]) -> None:
    assert "state" in (rows.fault(test, ["F001"]) or "")


@pytest.mark.parametrize("test", [whole, through_a_helper])
def test_a_row_with_both_checks_is_fine(test: Callable[..., None]) -> None:
    assert rows.fault(test, ["F162", "A126"]) is None


@pytest.mark.parametrize("row", ["F000", "F163", "A127", "B001", "f001"])
def test_a_row_that_the_guide_does_not_have_is_a_fault(row: str) -> None:
    assert row in (rows.fault(whole, [row]) or "")
