"""A person who is at home in the studio, and their browser."""

import pytest
from django.test import Client

from studio.accounts.models import User
from tests import people


@pytest.fixture
def person(db: None) -> User:
    people.studio()
    return people.person()


@pytest.fixture
def browser(person: User, client: Client) -> Client:
    client.force_login(person)
    return client
