from collections.abc import Iterator

import pytest

from tests.sandbox.running import Sandbox


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox.start(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started: Sandbox) -> Sandbox:
    """As new: no jobs, no faults, full accounts."""
    started.reset()
    started.set(seconds=0.2)
    return started
