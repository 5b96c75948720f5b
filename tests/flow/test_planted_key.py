"""A key that nobody may ever see is planted, then everything that leaves the studio is searched."""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from studio.generations import cancel, wake
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock
from tests import people
from tests.access.table import TABLE
from tests.generations.paying import Desk, follow, step, trusting
from tests.sandbox.running import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "sk_planted0secret.AbCdEfGhIjKlMnOpQrStUvWx"
# One answer of each kind; where the key might be echoed: in a refusal, in a page, in an exception.
FAULTS = ("401", "429_no_money", "html_200", "reset_after_body", "500", "bad_param", "redirect")

# Addresses that name a provider, not an account.
OF_A_PROVIDER = ("provider_connect", "provider_host_allow", "provider_host_forbid")


@pytest.fixture
def desk(tmp_path: Path, settings: Settings) -> Iterator[Desk]:
    settings.POST_SECONDS = settings.POLL_SECONDS = 3.0
    people.studio()
    with Sandbox.start(tmp_path, seconds=0.05, key=KEY) as sandbox, trusting(sandbox):
        yield Desk(people.admin(), sandbox)


def is_in(text: str) -> bool:
    return KEY in text or KEY.partition(".")[2] in text


def rows() -> str:
    """Everything that the database holds, as it holds it."""
    held = StringIO()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            held.write(repr(cursor.fetchall()))
    return held.getvalue()


def pages(desk: Desk) -> Iterator[tuple[str, str]]:
    """Every page that an admin can read, of every account and clip that there is."""
    client = Client()
    client.force_login(desk.person)
    for line in TABLE:
        for address in addresses(line.address, len(line.at)):
            answer = client.get(address)
            if not answer.streaming:
                yield address, answer.content.decode(errors="replace") + str(answer.headers)


def addresses(name: str, parts: int) -> Iterator[str]:
    if parts == 0:
        yield reverse(name)
    elif name.startswith("provider_") and parts == 1:
        for account in apps.get_model("studio.ProviderAccount").objects.all():
            part = "zai" if name in OF_A_PROVIDER else account.uid
            yield reverse(name, args=[part])
    elif name == "generation":
        for generation in Generation.objects.all():
            yield reverse(name, args=[generation.uid])


def messages(generation: Generation) -> str:
    """What lies in the broker for a worker."""
    assert wake.wake(generation)
    with current_app.connection_for_read() as broker:
        message = broker.SimpleQueue("poll").get(timeout=5)
        message.ack()
        return f"{message.payload} {message.headers} {message.properties}"


def test_a_planted_key_is_found_nowhere(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = desk.connect("zai", in_flight_limit=50)
    for fault in FAULTS:
        # Whoever was turned away would stand before the others in the line.
        cancel.cancel(desk.faulty(fault, "zai/vidu2-reference"), desk.person)
        type(account).objects.update(paused_at=None, busy_until=None)
    done = follow(desk.sent("zai/vidu2-reference"))
    assert done.state == State.SUCCEEDED
    running = desk.sent("zai/vidu2-reference")
    desk.sandbox.next("zai", "poll_401")
    step(running)
    Generation.objects.filter(pk=running.pk).update(due_at=clock.now())
    running.refresh_from_db()
    assert not is_in(messages(running))
    assert not is_in(rows())
    assert [address for address, text in pages(desk) if is_in(text)] == []
    assert not is_in(caplog.text)
    exported = StringIO()
    call_command("dumpdata", "studio", stdout=exported)
    assert not is_in(exported.getvalue())


def test_control_a_line_that_logs_the_key_is_found(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("studio").error("Calling with %s", KEY)
    assert is_in(caplog.text)
