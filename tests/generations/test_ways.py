"""One clip each, shapes, styles, the free animatic: what the form makes of one press."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.accounts.models import User
from studio.assets.models import Asset
from studio.generations import drafts
from studio.generations.models import Generation, Order, Origin
from studio.generations.palette import StudioStyle
from studio.lib import uid
from studio.providers.local import fonts
from tests import clips

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
Q1 = "bigmodel/viduq1-image"


def picture(person: User, width: int = 640, height: int = 360) -> Asset:
    return clips.asset(project=person.personal_project, person=person, width=width, height=height)


def form(person: User, **fields: object) -> dict[str, object]:
    return {
        "form_key": uid.new(),
        "mode": "each",
        "model": "local/animatic",
        "prompt": "Leaves fall",
        "takes": "1",
        "project": person.personal_project.uid,
    } | fields


def drawn(browser: Client, person: User, **fields: object) -> str:
    """What the form looks like after it was typed in."""
    return browser.post(reverse("draft"), form(person, **fields), headers=HTMX).content.decode()


def press(browser: Client, person: User, **fields: object) -> Any:
    return browser.post(reverse("create"), form(person, **fields))


# ── One clip each ─────────────────────────────────────────────────────────────────────────────


def test_each_picture_becomes_a_clip_of_one_order(browser: Client, person: User) -> None:
    pictures = [picture(person) for _ in range(12)]
    answer = press(browser, person, each=[p.uid for p in pictures], takes="2")
    assert answer.status_code == 302
    made = Order.objects.get().generations.order_by("number")
    assert [g.pictures for g in made] == [[p] for p in pictures for _take in (1, 2)]
    assert {(g.mode, g.prompt, g.inputs.get().role) for g in made} == {
        ("image", "Leaves fall", "start")
    }


def test_the_price_of_one_each_is_shown_as_a_sum(browser: Client, person: User) -> None:
    uids = [picture(person).uid for _ in range(3)]
    page = drawn(browser, person, model=Q1, each=uids, takes="2")
    assert "6 × CN¥2.50" in page
    assert "Generate 6 · CN¥15.00" in page


@pytest.mark.parametrize(("count", "status"), [(1, 422), (2, 302), (50, 302), (51, 422)])
def test_one_each_takes_two_to_fifty_pictures(
    browser: Client, person: User, count: int, status: int
) -> None:
    answer = press(browser, person, each=[picture(person).uid for _ in range(count)])
    assert answer.status_code == status
    assert Generation.objects.count() == (count if status == 302 else 0)
    if status == 422:
        said = f"Please add 2 to 50 pictures; there are {count}."
        assert said in answer.content.decode()


def test_one_bad_picture_of_many_orders_none(browser: Client, person: User) -> None:
    fine, strip = picture(person), picture(person, 64, 640)
    answer = press(browser, person, model="zai/vidu2-image", each=[fine.uid, strip.uid])
    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert answer.content.decode().count("too long a strip") >= 1


def test_an_order_of_many_is_taken_up_again_as_one_each(browser: Client, person: User) -> None:
    uids = [picture(person).uid for _ in range(3)]
    press(browser, person, each=uids)
    page = browser.get(reverse("create"), {"order": Order.objects.get().uid}).content.decode()
    assert [f'name="each" value="{u}"' in page for u in uids] == [True] * 3
    assert 'id="mode-each" value="each" checked' in page


# ── Shape ─────────────────────────────────────────────────────────────────────────────────────


def test_a_wished_shape_is_a_rule_where_the_clip_takes_its_picture_s(
    browser: Client, person: User
) -> None:
    wide = picture(person, 640, 360)
    fields = {"mode": "image", "start": wide.uid}
    assert "not 9:16" in drawn(browser, person, shape="9:16", **fields)
    assert press(browser, person, shape="9:16", **fields).status_code == 422
    assert "would take its shape" not in drawn(browser, person, shape="16:9", **fields)
    assert press(browser, person, shape="16:9", **fields).status_code == 302


def test_a_shape_goes_into_the_model_s_own_field(browser: Client, person: User) -> None:
    page = drawn(browser, person, mode="text", model="bigmodel/viduq1-text", shape="9:16")
    assert 'value="9:16" checked' in page
    assert "1080 × 1920" in page
    assert 'name="set.aspect_ratio"' not in page


def test_a_shape_that_the_next_model_lacks_falls_back_to_its_own(
    browser: Client, person: User
) -> None:
    page = drawn(browser, person, mode="text", model="bigmodel/viduq1-text", shape="4:3")
    assert 'value="16:9" checked' in page


# ── Style ─────────────────────────────────────────────────────────────────────────────────────


def test_a_style_adds_words_in_the_language_of_the_prompt(browser: Client, person: User) -> None:
    typed = {"mode": "image", "model": Q1, "style": "anime", "style_shown": ""}
    assert 'value="Anime style' in drawn(browser, person, prompt="A cat", **typed)
    assert 'value="动漫风格' in drawn(browser, person, prompt="一只猫", **typed)
    assert 'value="アニメ調' in drawn(browser, person, prompt="ネコが歩く", **typed)


def test_where_the_model_has_a_field_the_style_sets_it_and_adds_nothing(
    browser: Client, person: User
) -> None:
    typed = {"mode": "text", "model": "bigmodel/viduq1-text", "style": "anime"}
    page = drawn(browser, person, **typed)
    assert 'name="style_words"' not in page
    assert 'name="set.style"' not in page
    assert drafts.load(person, "create")["style"] == "anime"


def test_edited_words_of_a_style_are_kept_and_ordered(browser: Client, person: User) -> None:
    StudioStyle.objects.create(name="Ours", words_en="In our look.")
    own = StudioStyle.objects.get().key
    typed = {"mode": "image", "model": Q1, "style": own, "style_shown": own}
    drawn(browser, person, style_words="Grainy film.", **typed)
    assert 'value="Grainy film."' in browser.get(reverse("create")).content.decode()
    assert drafts.load(person, "create")["style_words"] == "Grainy film."


def test_another_style_brings_its_own_words(browser: Client, person: User) -> None:
    typed = {"mode": "image", "model": Q1, "style": "3d", "style_shown": "anime"}
    assert 'value="3D animation' in drawn(browser, person, style_words="edited", **typed)


def test_the_renderer_is_told_nothing_of_styles(browser: Client, person: User) -> None:
    press(browser, person, mode="text", style="anime", style_shown="")
    made = Generation.objects.get()
    assert (made.style, made.style_words, made.sent_prompt) == ("anime", "", "Leaves fall")


# ── The free animatic ─────────────────────────────────────────────────────────────────────────


def test_the_animatic_of_a_paid_brief_is_free_and_of_its_length(
    browser: Client, person: User
) -> None:
    start = picture(person)
    answer = press(browser, person, mode="image", model=Q1, start=start.uid, animatic="1")
    assert answer.status_code == 302
    made = Generation.objects.get()
    assert (made.model, made.price, made.charge) == ("local/animatic", Decimal(0), "none")
    assert (made.parameters["duration"], made.parameters["size"]) == (5, "picture")
    assert made.pictures == [start]
    assert made.order.origin == Origin.ANIMATIC


def test_the_animatic_has_the_shape_that_the_model_promises(browser: Client, person: User) -> None:
    typed = {"mode": "text", "model": "bigmodel/viduq1-text", "shape": "9:16"}
    press(browser, person, animatic="1", **typed)
    assert Generation.objects.get().parameters["size"] == "720x1280"


def test_a_name_puts_seconds_and_price_on_the_slate(browser: Client, person: User) -> None:
    typed = {"mode": "image", "model": Q1, "start": picture(person).uid}
    press(browser, person, animatic="1", slate="SC03 C012", **typed)
    slate = Generation.objects.get().parameters["slate"].splitlines()
    assert slate[:2] == ["SC03 C012", "Vidu Q1 Image · 5 s"]
    # A machine without a font for the sign gets the currency's letters.
    assert slate[2] == ("2.5 CNY" if fonts.missing("¥") else "CN¥2.50")


def test_where_no_font_has_a_currency_s_sign_its_letters_stand_on_the_slate(
    browser: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    fonts._files.cache_clear()
    try:
        typed = {"mode": "image", "model": Q1, "start": picture(person).uid}
        answer = press(browser, person, animatic="1", slate="SC03", **typed)
        assert answer.status_code == 302
        assert Generation.objects.get().parameters["slate"].splitlines()[2] == "2.5 CNY"
    finally:
        fonts._files.cache_clear()


def test_animatics_of_one_each_are_one_order(browser: Client, person: User) -> None:
    uids = [picture(person).uid for _ in range(4)]
    press(browser, person, model=Q1, each=uids, animatic="1", takes="3")
    assert Order.objects.get().generations.count() == 4


def test_the_paid_rules_do_not_stand_in_the_animatic_s_way(browser: Client, person: User) -> None:
    strip = picture(person, 64, 640)
    typed = {"mode": "image", "model": Q1, "start": strip.uid, "prompt": ""}
    assert press(browser, person, **typed).status_code == 422
    assert press(browser, person, animatic="1", **typed).status_code == 302


@pytest.mark.row("F004")
def test_an_animatic_and_a_clip_of_one_form_are_two_orders_and_each_press_is_one(
    browser: Client, person: User
) -> None:
    typed = {"form_key": uid.new(), "mode": "text"}
    for _ in range(3):
        press(browser, person, animatic="1", slate="Cut 1", **typed)
        press(browser, person, **typed)
    assert sorted(Order.objects.values_list("origin", flat=True)) == ["animatic", "create"]
    assert Generation.objects.count() == 2


# ── Settings ──────────────────────────────────────────────────────────────────────────────────


def test_the_default_of_another_model_is_not_carried_over(browser: Client, person: User) -> None:
    typed = {"mode": "image", "start": picture(person).uid, "model_shown": "zai/vidu2-image"}
    page = drawn(browser, person, **typed, **{"set.size": "1280x720"})
    assert '<option value="picture" selected' in page
    chosen = drawn(browser, person, **typed, **{"set.duration": "6", "set.motion": "drift"})
    assert '<option value="6" selected' in chosen
    assert '<option value="drift" selected' in chosen


def test_what_has_one_value_is_a_fact_and_no_field(browser: Client, person: User) -> None:
    page = drawn(browser, person, mode="image", model=Q1, start=picture(person).uid)
    assert 'name="set.duration"' not in page
    assert 'name="set.size"' not in page
    facts = page.split('id="facts"')[1].split("</p>")[0]
    assert [f for f in ("5 s", "1920 × 1080", "24 fps") if f not in facts] == []


def test_a_model_that_cannot_do_the_way_leaves_its_defaults_behind(
    browser: Client, person: User
) -> None:
    typed = {"mode": "start-end", "model": "zai/vidu2-image", "model_shown": "zai/vidu2-image"}
    page = drawn(browser, person, **typed, **{"set.size": "1280x720"})
    assert '<option value="picture" selected' in page
