"""Every model that is sold, ordered by a press in Chromium, made by the sandbox, shown again."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from studio.accounts.models import User
from studio.catalogue.load import catalogue
from studio.catalogue.specs import ROLES, Mode, ModelSpec
from studio.generations import drafts
from studio.generations.models import Generation
from studio.generations.states import Charge, State
from tests.generations.paying import Desk, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOLD = [spec for spec in catalogue().models.values() if not spec.is_free]


def typed(desk: Desk, spec: ModelSpec) -> None:
    """What a person has put on the screen: the model, its pictures, words."""
    mode = spec.modes[0]
    pictures: dict[str, list[str]] = {}
    for role in ROLES[Mode(mode)]:
        pictures.setdefault(role, []).append(desk.picture().uid)
    entry = {"mode": mode, "model": spec.key, "prompt": "A boat at dawn", "pictures": pictures}
    drafts.save(desk.person, "create", entry)


# A poll may still tell of clips that have left the stage for the next ones.
@pytest.mark.parametrize("expects", ["^htmx:oobErrorNoTarget, #(tray|strip|take|clip|one)-"])
def test_a_press_on_each_model_makes_a_clip_at_the_price_on_the_button(
    page: Page, live_server: LiveServer, desk: Desk, person: User
) -> None:
    for provider in {spec.provider for spec in SOLD}:
        desk.connect(provider)
    for spec in SOLD:
        typed(desk, spec)
        page.goto(live_server.url + reverse("create"))
        expect(page.locator(f'[name="model"][value="{spec.key}"]')).to_be_checked()
        with page.expect_response(lambda answer: answer.url.endswith(reverse("create"))):
            page.locator("#go").click()
        ordered = Generation.objects.latest("pk")
        assert ordered.model == spec.key
        done = follow(ordered)
        assert (done.state, done.charge) == (State.SUCCEEDED, Charge.SETTLED), spec.key
        assert done.charged == done.price > 0
        page.goto(live_server.url + reverse("generation", args=[done.uid]))
        expect(page.locator("video")).to_be_visible()
    assert len(desk.sandbox.journal()) == len(SOLD) == Generation.objects.count()
