"""Prompts kept for again: fields to fill in, whose they are, and what happens to them."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.accounts.models import Project, User
from studio.generations import drafts, saved
from studio.generations.palette import SavedPrompt
from studio.lib import uid
from tests import people

HTMX = {"HX-Request": "true"}


# ── Fields ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{product} on {surface}, {product} again", ("product", "surface")),
        ("{商品} 在 {ที่}, {the product}, { ruhig }", ("商品", "ที่", "the product", "ruhig")),
        ("{no end, {}, { }, {1}, {a\nb}, }{, {a.b}", ()),
        ("{{twice}}", ("twice",)),
        ("{" + "x" * 41 + "}", ()),
    ],
)
def test_what_is_a_field_and_what_is_plain_text(text: str, names: tuple[str, ...]) -> None:
    assert saved.fields(text) == names


def test_a_field_is_filled_wherever_it_stands_and_an_empty_one_stays() -> None:
    text = "{product} and { product }, {place}, {open"
    assert saved.filled(text, {"product": "Tea", "place": ""}) == "Tea and Tea, {place}, {open"


def test_what_is_filled_in_is_no_field_itself() -> None:
    assert saved.filled("{a} {b}", {"a": "{b}", "b": "two"}) == "{b} two"


# ── Keeping ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def project(person: User) -> Project:
    shared = people.project(name="Shared")
    people.join(person, shared)
    return shared


def kept(project: Project, person: User, **fields: str) -> SavedPrompt:
    said = {"name": "Turntable", "text": "{product} turning"} | fields
    return SavedPrompt.objects.create(project=project, person=person, **said)


def form(project: Project, **fields: str) -> dict[str, str]:
    return {"mode": "text", "project": project.uid, "prompt": "Mine", "takes": "1"} | fields


def press(browser: Client, name: str, data: dict[str, str], at: str = "", **how: Any) -> Any:
    return browser.post(reverse(name, args=[at] if at else []), data, headers=HTMX, **how)


def test_a_prompt_is_saved_under_a_name_for_the_project(
    browser: Client, person: User, project: Project
) -> None:
    answer = press(browser, "prompts", form(project, saved_name=" Our  look ", prompt="A {thing}"))
    assert answer.status_code == 200
    made = SavedPrompt.objects.get()
    assert (made.name, made.text, made.person) == ("Our look", "A {thing}", person)
    mate = people.member(project=project)
    browser.force_login(mate)
    assert "Our look" in browser.get(reverse("prompts"), {"project": project.uid}).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_name_that_is_taken_is_refused_at_its_field(
    browser: Client, person: User, project: Project, headers: dict[str, str]
) -> None:
    kept(project, person, name="Taken")
    typed = form(project, saved_name="Taken")
    answer = browser.post(reverse("prompts"), typed, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Another prompt here has this name." in page
    assert re.search(r'name="saved_name" value="Taken"[^>]*aria-invalid="true"', page)
    assert SavedPrompt.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"saved_name": " "}, "Please give it a name."),
        ({"saved_name": "x" * 81}, "81 of 80 characters"),
        ({"saved_name": "x", "prompt": " \n"}, "Please write a prompt first."),
        ({"saved_name": "x", "prompt": "長" * 5001}, "5001 of 5000 characters"),
        ({"saved_name": "x", "prompt": " ".join(f"{{f{n}}}" for n in range(11))}, "11 fields"),
    ],
)
def test_what_cannot_be_saved_is_said(
    browser: Client, project: Project, fields: dict[str, str], said: str
) -> None:
    answer = press(browser, "prompts", form(project, **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not SavedPrompt.objects.exists()


def test_the_same_name_is_free_in_another_project(
    browser: Client, person: User, project: Project
) -> None:
    kept(person.personal_project, person, name="Both")
    assert press(browser, "prompts", form(project, saved_name="Both")).status_code == 200


def test_a_viewer_may_use_but_not_save(browser: Client, person: User, project: Project) -> None:
    prompt = kept(project, person)
    browser.force_login(people.viewer(project=project))
    page = browser.get(reverse("prompts"), {"project": project.uid}, headers=HTMX).content.decode()
    assert "Turntable" in page
    assert "Save this prompt" not in page
    assert press(browser, "prompts", form(project, saved_name="x")).status_code == 403
    answer = press(browser, "draft", form(project, use=prompt.uid))
    assert "{product} turning" in answer.content.decode()


# ── Changing ──────────────────────────────────────────────────────────────────────────────────


def test_a_mate_may_neither_rename_nor_remove_and_a_lead_may(
    browser: Client, person: User, project: Project
) -> None:
    prompt = kept(project, person)
    browser.force_login(people.member(project=project))
    for name in ("prompt_rename", "prompt_remove", "prompt_restore"):
        assert press(browser, name, form(project), prompt.uid).status_code == 403
    browser.force_login(people.lead(project=project))
    called = {f"called.{prompt.uid}": "Better"}
    assert press(browser, "prompt_rename", form(project, **called), prompt.uid).status_code == 200
    prompt.refresh_from_db()
    assert prompt.name == "Better"


def test_a_rename_to_a_taken_name_is_refused_at_its_place(
    browser: Client, person: User, project: Project
) -> None:
    prompt = kept(project, person)
    kept(project, person, name="Taken")
    typed = form(project, **{f"called.{prompt.uid}": "Taken"})
    answer = press(browser, "prompt_rename", typed, prompt.uid)
    assert answer.status_code == 422
    assert re.search(
        rf'name="called.{prompt.uid}" value="Taken"[^>]*aria-invalid', answer.content.decode()
    )
    prompt.refresh_from_db()
    assert prompt.name == "Turntable"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_is_removed_comes_back_at_a_press(
    browser: Client, person: User, project: Project, headers: dict[str, str]
) -> None:
    prompt = kept(project, person)
    remove, restore = (
        reverse(f"prompt_{verb}", args=[prompt.uid]) for verb in ("remove", "restore")
    )
    answer = browser.post(remove, form(project), headers=headers, follow=True)
    assert restore in answer.content.decode()
    assert not SavedPrompt.objects.kept().exists()
    browser.post(restore, form(project), headers=headers)
    assert SavedPrompt.objects.kept().exists()


def test_what_was_removed_is_not_used_and_gives_its_name_away(
    browser: Client, person: User, project: Project
) -> None:
    prompt = kept(project, person, name="Name")
    saved.remove(prompt)
    assert press(browser, "draft", form(project, use=prompt.uid)).status_code == 404
    kept(project, person, name="Name")
    answer = press(browser, "prompt_restore", form(project), prompt.uid)
    assert answer.status_code == 422
    assert "Another prompt here has this name." in answer.content.decode()


# ── Using ─────────────────────────────────────────────────────────────────────────────────────


def test_a_filled_prompt_goes_in_and_the_one_before_can_come_back(
    browser: Client, person: User, project: Project
) -> None:
    prompt = kept(project, person, text="{商品} on {surface}, slowly")
    filled = {f"fill.{prompt.uid}.0": " 茶\x00 ", f"fill.{prompt.uid}.1": "{oak}"}
    press(browser, "draft", form(project, use=prompt.uid, **filled))
    draft = drafts.load(person, "create")
    assert (draft["prompt"], draft["earlier"]) == ("茶 on {oak}, slowly", "Mine")


def test_a_prompt_of_others_is_not_there(browser: Client, project: Project) -> None:
    other = people.person()
    theirs = kept(other.personal_project, other, name="Theirs")
    for name in (theirs.uid, uid.new(), "", "\x00"):
        assert press(browser, "draft", form(project, use=name)).status_code == 404
    for at in (theirs.uid, uid.new()):
        assert press(browser, "prompt_remove", form(project), at).status_code == 404
    assert "Theirs" not in browser.get(reverse("prompts")).content.decode()
    address = {"project": other.personal_project.uid}
    assert browser.get(reverse("prompts"), address).status_code == 404


def test_few_are_listed_many_are_searched(browser: Client, person: User, project: Project) -> None:
    def page(**query: str) -> str:
        asked = {"project": project.uid} | query
        return browser.get(reverse("prompts"), asked, headers=HTMX).content.decode()

    assert "None yet." in page()
    for n in range(8):
        kept(project, person, name=f"Name {n}")
    assert 'type="search"' not in page()
    for n in range(8, 30):
        kept(project, person, name=f"Name {n}")
    assert 'type="search"' in page()
    assert page().count("saved-row") - page().count('name="saved-row"') == 20
    assert "10 more: search by name." in page()
    assert 'type="search"' in page(q="name 29")
    assert page(q="name 29").count('name="use"') == 1
    assert "None has such a name." in page(q="\x00zebra")


def test_the_list_asks_the_database_no_more_for_more_prompts(
    browser: Client, person: User, project: Project, django_assert_max_num_queries: Any
) -> None:
    for n in range(15):
        kept(project, person, name=f"Name {n}")
    with django_assert_max_num_queries(14):
        browser.get(reverse("prompts"), {"project": project.uid}, headers=HTMX)


def test_without_a_script_saving_and_using_are_a_page_of_their_own(
    browser: Client, person: User, project: Project
) -> None:
    answer = browser.post(reverse("draft"), form(project, prompt="A {thing}", saved="1"))
    assert answer["Location"] == f"{reverse('prompts')}?project={project.uid}"
    page = browser.get(answer["Location"]).content.decode()
    assert "A {thing}" in page
    assert "hx-post" not in page
    browser.post(reverse("prompts"), {"project": project.uid, "saved_name": "Thing"})
    prompt = SavedPrompt.objects.get()
    assert prompt.text == "A {thing}"
    filled = {"use": prompt.uid, f"fill.{prompt.uid}.0": "boat"}
    assert browser.post(reverse("draft"), filled)["Location"] == reverse("create")
    assert drafts.load(person, "create")["prompt"] == "A boat"
