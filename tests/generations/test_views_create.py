"""The Create screen: what is typed is never lost, and one press is one order."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.accounts.models import User
from studio.assets.models import Asset
from studio.generations import drafts
from studio.generations.models import Generation, Order
from studio.generations.states import State
from studio.lib import uid
from tests import clips, people

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
JUNK = ["", "\x00", "-1", "9" * 30, "٣", "'; drop", "{{7*7}}", "../../etc", "image\x00", "💥"]


@pytest.fixture
def picture(person: User) -> Asset:
    return clips.asset(project=person.personal_project, person=person, width=640, height=360)


def form(person: User, **fields: object) -> dict[str, object]:
    return {
        "form_key": uid.new(),
        "mode": "text",
        "model": "local/animatic",
        "prompt": "A boat at dawn",
        "set.duration": "2",
        "takes": "1",
        "project": person.personal_project.uid,
    } | fields


def order(browser: Client, person: User, **fields: object) -> Any:
    return browser.post(reverse("create"), form(person, **fields))


def order_by_htmx(browser: Client, person: User, **fields: object) -> Any:
    return browser.post(reverse("create"), form(person, **fields), headers=HTMX)


def checked(page: str, name: str) -> list[str]:
    """The values of the radio buttons of this name that are on."""
    found = re.findall(rf'<input type="radio" name="{name}"[^>]*value="([^"]*)"([^>]*)>', page)
    return [value for value, rest in found if "checked" in rest]


def chosen(page: str, name: str) -> list[str]:
    select = re.search(rf'<select[^>]* name="{re.escape(name)}".*?</select>', page, re.DOTALL)
    return re.findall(r'value="([^"]*)" selected', select[0] if select else "")


# ── The order ─────────────────────────────────────────────────────────────────────────────────


def test_a_press_orders_and_leads_to_the_stage(browser: Client, person: User) -> None:
    answer = order(browser, person, takes="2")
    made = Order.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('create')}?made={made.uid}"
    assert [g.parameters["duration"] for g in made.generations.all()] == [2, 2]
    stage = browser.get(answer["Location"]).content.decode()
    assert all(f"take-{generation.uid}" in stage for generation in made.generations.all())


def test_by_htmx_the_stage_comes_back_with_its_address(browser: Client, person: User) -> None:
    key = uid.new()
    answer = order_by_htmx(browser, person, form_key=key)
    page = answer.content.decode()
    assert answer["HX-Push-Url"].endswith(f"?made={Order.objects.get().uid}")
    assert 'id="stage"' in page
    assert 'id="form-key"' in page
    assert key not in page
    assert 'hx-get="/live/"' in page


def test_the_same_form_sent_twice_is_one_order(browser: Client, person: User) -> None:
    key = uid.new()
    first, again = order(browser, person, form_key=key), order(browser, person, form_key=key)
    assert first["Location"] == again["Location"]
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_refused_form_comes_back_with_everything_typed(
    browser: Client, person: User, picture: Asset, headers: dict[str, str]
) -> None:
    typed = form(
        person,
        mode="start-end",
        start=picture.uid,
        prompt="From <dawn> to dusk",
        takes="3",
        **{"set.duration": "7", "set.motion": "drift"},
    )
    answer = browser.post(reverse("create"), typed, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert "Please add an end frame." in page
    assert "From &lt;dawn&gt; to dusk" in page
    assert f'name="start" value="{picture.uid}"' in page
    assert checked(page, "mode") == ["start-end"]
    assert checked(page, "takes") == ["3"]
    assert chosen(page, "set.duration") == ["7"]
    assert chosen(page, "set.motion") == ["drift"]


def test_by_htmx_a_refused_form_takes_the_place_of_the_form(browser: Client, person: User) -> None:
    answer = order_by_htmx(browser, person, prompt="")
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#create", "outerHTML")
    assert "Please write a prompt." in answer.content.decode()


@pytest.mark.parametrize("takes", ["0", "5", "999", "-1", "two"])
def test_an_odd_number_of_takes_orders_no_other_number(
    browser: Client, person: User, takes: str
) -> None:
    order(browser, person, takes=takes)
    assert Generation.objects.count() in (0, 1)


def test_a_picture_of_others_is_as_good_as_none(browser: Client, person: User) -> None:
    other = people.person()
    theirs = clips.asset(project=other.personal_project, person=other)
    answers = [
        order(browser, person, mode="image", start=picture) for picture in (theirs.uid, uid.new())
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "Picture not found." in answer.content.decode()
        assert theirs.name not in answer.content.decode()
    assert not Order.objects.exists()


def test_a_project_of_others_is_as_good_as_none(browser: Client, person: User) -> None:
    theirs = people.person().personal_project
    for project in (theirs.uid, uid.new(), ""):
        answer = order(browser, person, project=project)
        assert answer.status_code == 422
        assert "Project not found." in answer.content.decode()
    assert not Order.objects.exists()


def test_a_viewer_is_told_and_orders_nothing(client: Client) -> None:
    people.studio()
    viewer = people.viewer()
    client.force_login(viewer)
    assert "You may view here but not order." in client.get(reverse("create")).content.decode()
    assert order(client, viewer).status_code == 422
    assert not Order.objects.exists()


def test_a_model_without_an_account_cannot_be_ordered(browser: Client, person: User) -> None:
    answer = order(browser, person, model="bigmodel/viduq1-text", prompt="A boat")
    assert answer.status_code == 422
    assert "not connected" in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize(
    "field", ["mode", "model", "start", "takes", "project", "set.duration", "set.x", "form_key"]
)
def test_no_field_brings_the_screen_down(
    browser: Client, person: User, field: str, junk: str
) -> None:
    assert order(browser, person, **{field: junk}).status_code in (302, 422)
    draft = browser.post(reverse("draft"), form(person, **{field: junk}), headers=HTMX)
    assert draft.status_code == 200
    assert browser.get(reverse("create")).status_code == 200


# ── The draft ─────────────────────────────────────────────────────────────────────────────────


def test_what_was_typed_is_there_on_the_next_visit(
    browser: Client, person: User, picture: Asset
) -> None:
    typed = form(person, mode="image", start=picture.uid, prompt="半分だけ書いた", takes="4")
    assert browser.post(reverse("draft"), typed, headers=HTMX).status_code == 200
    page = browser.get(reverse("create")).content.decode()
    assert "半分だけ書いた" in page
    assert f'value="{picture.uid}"' in page
    assert (checked(page, "mode"), checked(page, "takes")) == (["image"], ["4"])
    assert chosen(page, "set.duration") == ["2"]


def test_the_pictures_of_another_mode_come_back_with_it(
    browser: Client, person: User, picture: Asset
) -> None:
    end = clips.asset(project=person.personal_project, person=person)
    typed = form(person, mode="image", start=picture.uid, end=end.uid)
    page = browser.post(reverse("draft"), typed, headers=HTMX).content.decode()
    assert f'<input type="hidden" name="end" value="{end.uid}">' in page
    both = browser.post(reverse("draft"), typed | {"mode": "start-end"}, headers=HTMX)
    assert reverse("asset_file", args=[end.uid, "thumb"]) in both.content.decode()


def test_a_picture_is_put_into_its_slot_and_taken_out(
    browser: Client, person: User, picture: Asset
) -> None:
    typed = form(person, mode="image", prompt="kept")
    browser.post(reverse("draft"), typed | {"put": f"start:{picture.uid}"})
    assert drafts.load(person, "create")["pictures"]["start"] == [picture.uid]
    browser.post(reverse("draft"), {"drop": f"start:{picture.uid}"})
    draft = drafts.load(person, "create")
    assert (draft["pictures"]["start"], draft["prompt"]) == ([], "kept")


def test_references_join_one_another(browser: Client, person: User, picture: Asset) -> None:
    second = clips.asset(project=person.personal_project, person=person)
    typed = form(person, mode="reference", reference=[picture.uid])
    browser.post(reverse("draft"), typed | {"put": f"reference:{second.uid}"})
    draft = drafts.load(person, "create")
    assert draft["pictures"]["reference"] == [picture.uid, second.uid]


def test_the_price_follows_model_and_takes(browser: Client, person: User) -> None:
    typed = form(person, mode="text", model="bigmodel/viduq1-text", takes="3")
    page = browser.post(reverse("draft"), typed, headers=HTMX).content.decode()
    assert "Generate 3 · CN¥7.50" in page
    assert "3 × CN¥2.50" in page
    free = browser.post(reverse("draft"), form(person), headers=HTMX).content.decode()
    assert "Make · free" in free


def test_a_setting_that_another_model_allowed_falls_away(browser: Client, person: User) -> None:
    typed = form(person, model="local/animatic", **{"set.duration": "3", "set.motion": "spin"})
    page = browser.post(reverse("draft"), typed, headers=HTMX).content.decode()
    assert chosen(page, "set.motion") == ["auto"]
    assert chosen(page, "set.duration") == ["3"]


def test_what_is_merely_missing_is_no_fault_yet(browser: Client, person: User) -> None:
    typed = form(person, mode="image")
    page = browser.post(reverse("draft"), typed, headers=HTMX).content.decode()
    assert '<p class="missing" id="missing">Please add a start frame.</p>' in page
    assert 'role="alert" data-fault></p>' in page


def test_a_prompt_that_is_too_long_is_said_at_once(browser: Client, person: User) -> None:
    page = browser.post(reverse("draft"), form(person, prompt="長" * 501), headers=HTMX).content
    assert "501 of 500 characters" in page.decode()


def test_lines_count_as_one_character_each(browser: Client, person: User) -> None:
    assert order(browser, person, prompt="a\r\n" * 250).status_code == 302
    assert Generation.objects.get().prompt == "a\n" * 250


def test_a_clip_stays_on_the_stage_until_the_frames_change(
    browser: Client, person: User, picture: Asset
) -> None:
    typed = form(person, mode="image", start=picture.uid, made="1")
    same = browser.post(reverse("draft"), typed, headers=HTMX).content.decode()
    other = browser.post(
        reverse("draft"), typed | {"drop": f"start:{picture.uid}"}, headers=HTMX
    ).content.decode()
    assert 'id="stage"' not in same
    assert 'id="stage"' in other


# ── Where a brief may come from ───────────────────────────────────────────────────────────────


def test_a_clip_is_used_again_with_all_its_settings(
    browser: Client, person: User, picture: Asset
) -> None:
    before = clips.generation(
        project=person.personal_project,
        person=person,
        state=State.SUCCEEDED,
        pictures=(picture,),
        prompt="Once more",
        parameters={"duration": 6, "motion": "pan-left"},
    )
    page = browser.get(reverse("create"), {"from": before.uid}).content.decode()
    assert "Once more" in page
    assert f'value="{picture.uid}"' in page
    assert (chosen(page, "set.duration"), chosen(page, "set.motion")) == (["6"], ["pan-left"])
    assert drafts.load(person, "create") == {}


def test_a_clip_or_picture_of_others_is_not_there(browser: Client, person: User) -> None:
    other = people.person()
    theirs = clips.generation(project=other.personal_project, person=other)
    picture = clips.asset(project=other.personal_project, person=other)
    pairs = [("from", theirs.uid), ("asset", picture.uid)]
    for name, value in [*pairs, ("from", uid.new()), ("asset", "\x00"), ("from", "")]:
        assert browser.get(reverse("create"), {name: value}).status_code == 404


def test_an_order_of_others_is_not_on_the_stage(browser: Client) -> None:
    other = people.person()
    theirs = clips.generation(project=other.personal_project, person=other)
    page = browser.get(reverse("create"), {"made": theirs.order.uid}).content.decode()
    assert theirs.uid not in page


def test_a_picture_from_the_shelf_begins_a_brief(browser: Client, picture: Asset) -> None:
    page = browser.get(reverse("create"), {"asset": picture.uid}).content.decode()
    assert f'name="start" value="{picture.uid}"' in page


def test_the_picker_offers_each_picture_once(browser: Client, person: User, picture: Asset) -> None:
    elsewhere = people.project()
    people.join(person, elsewhere)
    copy = clips.asset(project=elsewhere, person=person)
    Asset.objects.filter(pk=copy.pk).update(pixel_hash=picture.pixel_hash)
    page = browser.get(reverse("pick"), {"place": "end"}).content.decode()
    assert page.count('name="put" value="end:') == 1


def test_without_a_script_the_picker_is_a_page_of_its_own(
    browser: Client, person: User, picture: Asset
) -> None:
    answer = browser.post(reverse("draft"), form(person, prompt="kept", pick="start"))
    assert answer["Location"] == f"{reverse('pick')}?place=start"
    browser.post(reverse("draft"), {"put": f"start:{picture.uid}"})
    page = browser.get(reverse("create")).content.decode()
    assert "kept" in page
    assert drafts.load(person, "create")["pictures"]["start"] == [picture.uid]


def test_the_examples_are_put_into_the_person_s_project(browser: Client, person: User) -> None:
    browser.post(reverse("draft"), form(person, mode="image") | {"try": "1"})
    draft = drafts.load(person, "create")
    assert draft["mode"] == "start-end"
    assert person.personal_project.assets.count() == 2
    assert (
        order(
            browser,
            person,
            mode="start-end",
            **{role: draft["pictures"][role][0] for role in ("start", "end")},
        ).status_code
        == 302
    )


def test_the_screen_asks_the_database_no_more_for_more_pictures(
    browser: Client, person: User, django_assert_max_num_queries: Any
) -> None:
    pictures = [clips.asset(project=person.personal_project, person=person) for _n in range(7)]
    typed = form(person, mode="reference", reference=[picture.uid for picture in pictures])
    browser.post(reverse("draft"), typed)
    with django_assert_max_num_queries(24):
        browser.get(reverse("create"))
