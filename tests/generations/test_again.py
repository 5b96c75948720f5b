"""A brief once more: another take, one setting changed, the briefs of before."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.accounts.models import User
from studio.generations.again import variations
from studio.generations.models import Generation, Order, Origin
from studio.generations.states import State
from studio.lib import uid
from tests import clips, people

pytestmark = pytest.mark.django_db


def made(person: User, **fields: Any) -> Generation:
    return clips.generation(
        project=person.personal_project, person=person, state=State.SUCCEEDED, **fields
    )


def test_another_take_orders_the_same_once_more(browser: Client, person: User) -> None:
    picture = clips.asset(project=person.personal_project, person=person)
    parameters = {"duration": 3, "motion": "drift", "size": "picture", "fit": "crop"}
    first = made(person, pictures=(picture,), prompt="Once", parameters=parameters)
    key = uid.new()
    for _ in range(2):
        answer = browser.post(reverse("generation_another", args=[first.uid]), {"form_key": key})
    order = Order.objects.get(origin=Origin.ANOTHER)
    assert answer["Location"].endswith(f"?made={order.uid}")
    again = order.generations.get()
    assert (again.prompt, again.parameters, again.pictures) == ("Once", parameters, [picture])


def test_another_take_of_a_model_that_is_gone_is_refused(browser: Client, person: User) -> None:
    first = made(person, model="zai/gone")
    answer = browser.post(reverse("generation_another", args=[first.uid]), follow=True)
    assert "There is no such model." in answer.content.decode()
    assert not Order.objects.filter(origin=Origin.ANOTHER).exists()


def test_a_viewer_orders_no_other_take(client: Client) -> None:
    people.studio()
    project = people.project()
    viewer = people.viewer(project=project)
    first = clips.generation(
        project=project, person=people.member(project=project), state=State.SUCCEEDED
    )
    client.force_login(viewer)
    answer = client.post(reverse("generation_another", args=[first.uid]), follow=True)
    assert "You may view here but not order." in answer.content.decode()
    assert not Order.objects.filter(person=viewer).exists()


def test_the_button_names_its_price_and_the_seed_where_there_is_one(
    browser: Client, person: User
) -> None:
    seeded = made(person, model="jiekou/vidu-2.0-reference2video", mode="reference")
    plain = made(person, model="zai/vidu2-image", mode="image")
    pages = [
        browser.get(reverse("generation", args=[one.uid])).content.decode()
        for one in (seeded, plain)
    ]
    assert "Another seed · $0.40" in pages[0]
    assert "Another take · $0.20" in pages[1]


def test_one_setting_is_varied_and_the_rest_stays(browser: Client, person: User) -> None:
    first = made(person, prompt="Same", parameters={"duration": 3, "motion": "drift"})
    query = {"from": first.uid, "vary": "duration:8"}
    page = browser.get(reverse("create"), query).content.decode()
    assert '<option value="8" selected' in page
    assert '<option value="drift" selected' in page
    assert "Same" in page


def test_every_setting_with_a_choice_can_be_varied(person: User) -> None:
    first = made(
        person,
        model="vidu/viduq1-text2video",
        mode="text",
        parameters={"duration": 5, "aspect_ratio": "16:9", "style": "anime", "bgm": False},
    )
    found = {v.word: (v.now, [o.word for o in v.others]) for v in variations(first)}
    assert found["Shape"] == ("16:9", ["9:16", "1:1"])
    assert found["Music"] == ("Off", ["On"])
    assert found["Style"][0] == "Anime"
    assert "Length" not in found
    assert "Seed" not in found


@pytest.mark.parametrize("vary", ["", "x", "x:y", "shape:\x00", "duration:999", "style:nothing"])
def test_an_odd_wish_to_vary_changes_nothing_that_breaks(
    browser: Client, person: User, vary: str
) -> None:
    first = made(person, parameters={"duration": 3})
    answer = browser.get(reverse("create"), {"from": first.uid, "vary": vary})
    assert answer.status_code == 200


def test_earlier_briefs_are_one_s_own_newest_first(browser: Client, person: User) -> None:
    made(person, prompt="The first")
    made(person, prompt="The second")
    other = people.person()
    made(other, prompt="Somebody else's")
    page = browser.get(reverse("history")).content.decode()
    assert page.index("The second") < page.index("The first")
    assert "Somebody else" not in page


def test_earlier_briefs_go_on_where_a_page_ends(browser: Client, person: User) -> None:
    for number in range(31):
        made(person, prompt=f"Brief {number:02}")
    page = browser.get(reverse("history")).content.decode()
    assert "Brief 00" not in page
    oldest = Order.objects.filter(person=person).order_by("-created_at")[29]
    answer = browser.get(reverse("history"), {"after": oldest.uid}, headers={"HX-Request": "true"})
    rest = answer.content.decode()
    assert "Brief 00" in rest
    assert "Brief 30" not in rest


def test_nobody_takes_up_an_order_of_others(browser: Client) -> None:
    other = people.person()
    theirs = made(other)
    for wanted in (theirs.order.uid, uid.new(), "\x00"):
        assert browser.get(reverse("create"), {"order": wanted}).status_code == 404


def test_the_first_visit_to_earlier_briefs_says_what_it_is_for(browser: Client) -> None:
    assert "No briefs yet." in browser.get(reverse("history")).content.decode()
