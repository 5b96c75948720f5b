"""A person who is at home in the studio, and their browser: a client, or a real one."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from studio.accounts.models import User
from tests import browser as chromiums
from tests import people
from tests.generations.paying import Desk, trusting
from tests.sandbox.running import Sandbox


@pytest.fixture
def person(db: None) -> User:
    people.studio()
    return people.person()


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all: it takes longer to start than most tests."""
    with Sandbox.start(tmp_path_factory.mktemp("sandbox"), seconds=0.05) as sandbox:
        yield sandbox


@pytest.fixture
def desk(person: User, box: Sandbox, settings: Settings) -> Iterator[Desk]:
    """Nobody waits long here for a provider that hangs."""
    settings.POST_SECONDS = settings.POLL_SECONDS = 4.0
    box.reset()
    with trusting(box):
        yield Desk(person, box)


@pytest.fixture
def browser(person: User, client: Client) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def expects() -> str:
    """What Chromium may complain of."""
    return ""


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, person: User, expects: str) -> Iterator[Page]:
    view = {"width": 1280, "height": 900}
    with chromiums.opened(chromium, expects=expects, viewport=view) as page:
        chromiums.come_in(page, live_server.url, person)
        yield page
