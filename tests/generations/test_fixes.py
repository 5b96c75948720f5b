"""What is wrong with a brief is mended by one press, and can be had back."""

import re
from collections.abc import Iterable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from studio.accounts.models import Project, User
from studio.assets import edits, uploads
from studio.assets.models import Asset
from studio.generations import drafts
from studio.generations.entry import Entry
from studio.generations.ways import Place
from studio.storage.models import Blob
from tests import people

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
IMAGE, PAIR, REFERENCE = "zai/vidu2-image", "zai/vidu2-start-end", "zai/vidu2-reference"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def picture(person: User, width: int, height: int, project: Project | None = None) -> Asset:
    """No two of different sizes have a part that is the same."""
    data = BytesIO()
    light = Image.linear_gradient("L").resize((width, height))
    Image.merge("RGB", (light, light, Image.new("L", light.size, width % 256))).save(data, "PNG")
    file = ContentFile(data.getvalue(), name=f"{width}.png")
    return uploads.receive(project or person.personal_project, person, file)


def form(person: User, **fields: object) -> dict[str, object]:
    return {
        "mode": "image",
        "model": IMAGE,
        "prompt": "A boat at dawn",
        "takes": "1",
        "project": person.personal_project.uid,
    } | fields


def press(browser: Client, typed: dict[str, object], **pressed: str) -> str:
    answer = browser.post(reverse("draft"), typed | pressed, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def buttons(page: str, word: str = "") -> list[str]:
    """The values of the fixes with this word that the form shows, those of the models apart."""
    form = re.sub(r'<label class="offer.*?</label>', "", page, flags=re.DOTALL)
    found = re.findall(r'name="fix" value="([^"]*)"[^>]*>([^<]*)<', form)
    return [unescape(value) for value, shown in found if word in ("", unescape(shown))]


def said(page: str) -> list[tuple[str, str]]:
    """What is wrong, and where it is said."""
    found = re.findall(r'data-at="([^"]*)"[^>]*>([^<]*)<', page)
    return [(at, unescape(text)) for at, text in found if text]


def entry(person: User) -> Entry:
    return Entry.from_draft(drafts.load(person, "create"))


def only(place: Place, person: User) -> Asset:
    (uid,) = entry(person).pictures[place]
    return Asset.objects.get(uid=uid)


def sizes(uids: Iterable[str]) -> list[tuple[int, int]]:
    return [(a.width, a.height) for uid in uids for a in [Asset.objects.get(uid=uid)]]


# ── Pictures ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("word", "size"), [("Crop", (400, 100)), ("Pad", (1000, 250))])
def test_a_strip_is_mended_and_everything_typed_stays(
    browser: Client, person: User, word: str, size: tuple[int, int]
) -> None:
    strip = picture(person, 1000, 100)
    typed = form(person, start=strip.uid, prompt="半分だけ", takes="3")
    page = press(browser, typed)
    assert [at for at, _text in said(page)] == ["start"]
    (fix,) = buttons(page, word)
    mended = press(browser, typed, fix=fix)
    assert said(mended) == []
    made = only(Place.START, person)
    assert ((made.width, made.height), made.made_from) == (size, strip)
    assert (entry(person).prompt, entry(person).takes) == ("半分だけ", 3)
    assert f"{word}ped" in mended.replace("Padded", "Padped")


def test_a_mended_picture_says_so_and_gives_the_original_back(
    browser: Client, person: User
) -> None:
    strip = picture(person, 1000, 100)
    typed = form(person, start=strip.uid)
    page = press(browser, typed, fix=buttons(press(browser, typed), "Crop")[0])
    made = only(Place.START, person)
    assert f'name="unfix" value="start:{made.uid}"' in page
    press(browser, typed | {"start": made.uid}, unfix=f"start:{made.uid}")
    assert only(Place.START, person) == strip


def test_an_original_in_the_trash_is_not_offered_back(browser: Client, person: User) -> None:
    strip = picture(person, 1000, 100)
    typed = form(person, start=strip.uid)
    press(browser, typed, fix=buttons(press(browser, typed), "Crop")[0])
    made = only(Place.START, person)
    edits.trash(strip, person)
    page = press(browser, typed | {"start": made.uid})
    assert "Cropped" in page and "unfix" not in page
    press(browser, typed | {"start": made.uid}, unfix=f"start:{made.uid}")
    assert only(Place.START, person) == made


def test_a_reference_that_is_too_small_is_enlarged_in_its_place(
    browser: Client, person: User
) -> None:
    uids = [picture(person, *size).uid for size in ((300, 300), (100, 90), (400, 400))]
    typed = form(person, mode="reference", model=REFERENCE, reference=uids)
    press(browser, typed, fix=buttons(press(browser, typed), "Enlarge")[0])
    assert sizes(entry(person).pictures[Place.REFERENCE]) == [(300, 300), (142, 128), (400, 400)]


def test_an_end_frame_is_made_to_suit_its_start(browser: Client, person: User) -> None:
    start, end = picture(person, 1600, 900), picture(person, 900, 1600)
    typed = form(person, mode="start-end", model=PAIR, start=start.uid, end=end.uid)
    page = press(browser, typed)
    assert [at for at, _text in said(page)] == ["end"]
    assert said(press(browser, typed, fix=buttons(page, "Pad")[0])) == []
    assert only(Place.START, person) == start
    assert only(Place.END, person).made_from == end


def test_a_crop_of_a_crop_is_made_from_the_original(browser: Client, person: User) -> None:
    original = picture(person, 1000, 100)
    typed = form(person, start=original.uid)
    press(browser, typed, fix=buttons(press(browser, typed), "Crop")[0])
    typed |= {"start": only(Place.START, person).uid, "shape": "1:1"}
    press(browser, typed, fix=buttons(press(browser, typed), "Crop")[0])
    made = only(Place.START, person)
    assert (made.width, made.height, made.made_from) == (100, 100, original)


def test_what_is_wrong_with_many_is_said_once_and_mended_at_once(
    browser: Client, person: User
) -> None:
    uids = [picture(person, 1000 + n, 100).uid for n in range(3)] + [picture(person, 300, 300).uid]
    typed = form(person, mode="each", each=uids)
    page = press(browser, typed)
    _at, message = next(fault for fault in said(page) if fault[0] == "each")
    assert message.endswith("The same with 2 more.")
    assert page.count("is-faulty") == 3
    mended = press(browser, typed, fix=buttons(page, "Crop all 3")[0])
    assert said(mended) == []
    assert sizes(entry(person).pictures[Place.EACH]) == [(400, 100)] * 3 + [(300, 300)]


def test_pictures_that_are_too_heavy_together_are_all_made_lighter(
    browser: Client, person: User
) -> None:
    uids = [picture(person, 300 + n, 300).uid for n in range(3)]
    heavy = [blob_of(uids[0], 9_000_000), blob_of(uids[1], 8_000_000)]
    typed = form(person, mode="reference", model="relay/viduq2-pro", reference=uids)
    page = press(browser, typed)
    assert [at for at, _text in said(page)] == ["pictures"]
    (fix,) = buttons(page, "Recompress all 2")
    assert len(heavy) == 2 and uids[2] not in fix
    assert said(press(browser, typed, fix=fix)) == []


def blob_of(uid: str, size: int) -> Blob:
    blob = Asset.objects.get(uid=uid).master
    Blob.objects.filter(pk=blob.pk).update(size=size)
    return blob


# ── Words, numbers, settings ──────────────────────────────────────────────────────────────────


def test_too_many_references_are_cut_to_the_first(browser: Client, person: User) -> None:
    uids = [picture(person, 300 + n, 300).uid for n in range(5)]
    typed = form(person, mode="reference", model=REFERENCE, reference=uids)
    page = press(browser, typed)
    press(browser, typed, fix=buttons(page, "Keep the first 3")[0])
    assert list(entry(person).pictures[Place.REFERENCE]) == uids[:3]


@pytest.mark.parametrize("style", ["", "anime"])
def test_a_prompt_is_shortened_to_its_last_whole_sentence_and_comes_back(
    browser: Client, person: User, style: str
) -> None:
    long = "A boat leaves the harbour at dawn. " * 20
    start = picture(person, 300, 300).uid
    typed = form(person, start=start, prompt=long, style=style, style_shown=style)
    page = press(browser, typed)
    (fix,) = buttons(page, "Shorten")
    page = press(browser, typed, fix=fix)
    short = entry(person).prompt
    assert said(page) == []
    assert long.startswith(short) and short.endswith("dawn.") and len(short) > 350
    press(browser, typed | {"prompt": short, "earlier": long}, back="1")
    assert entry(person).prompt == long


def test_music_that_nine_seconds_cannot_have_is_set_to_off(browser: Client, person: User) -> None:
    typed = form(
        person,
        model="vidu/viduq2-pro-img2video",
        start=picture(person, 300, 300).uid,
        **{"set.duration": "9", "set.bgm": "true"},
    )
    page = press(browser, typed)
    assert "Vidu adds no music to 9 or 10 seconds." in dict(said(page))["bgm"]
    assert '<option value="true" selected>On</option>' in page
    assert said(press(browser, typed, fix=buttons(page, "Set Music to Off")[0])) == []
    assert (entry(person).settings["bgm"], entry(person).settings["duration"]) == ("false", "9")


@pytest.mark.parametrize(
    ("model", "word", "left"),
    [
        ("relay/viduq2-pro", "Set Seed to 0", {"seed": "0"}),
        ("jiekou/vidu-2.0-reference2video", "Leave it out", {}),
    ],
)
def test_a_seed_that_is_no_number_is_told_at_once_and_mended(
    browser: Client, person: User, model: str, word: str, left: dict[str, str]
) -> None:
    uid = picture(person, 300, 300).uid
    typed = form(person, mode="reference", model=model, reference=uid, **{"set.seed": "-5"})
    page = press(browser, typed)
    assert "seed cannot be -5" in dict(said(page))["seed"]
    assert said(press(browser, typed, fix=buttons(page, word)[0])) == []
    assert entry(person).settings == left


# ── Models ────────────────────────────────────────────────────────────────────────────────────


def of_offer(page: str, model: str) -> list[str]:
    offers = re.findall(r'<label class="offer.*?</label>', page, re.DOTALL)
    (offer,) = [offer for offer in offers if f'value="{model}"' in offer]
    return [unescape(value) for value in re.findall(r'name="fix" value="([^"]*)"', offer)]


def test_a_dimmed_model_is_mended_and_chosen_by_one_press(browser: Client, person: User) -> None:
    strip = picture(person, 1000, 100)
    typed = form(person, model="local/animatic", start=strip.uid)
    page = press(browser, typed)
    assert said(page) == []
    assert said(press(browser, typed, fix=of_offer(page, IMAGE)[0])) == []
    assert entry(person).model == IMAGE
    assert only(Place.START, person).made_from == strip


def test_a_model_of_another_mode_is_reached_with_the_pictures(
    browser: Client, person: User
) -> None:
    start = picture(person, 300, 300)
    typed = form(person, model="local/animatic", start=start.uid)
    page = press(browser, typed, fix=of_offer(press(browser, typed), REFERENCE)[0])
    assert (entry(person).way, entry(person).model) == ("reference", REFERENCE)
    assert only(Place.REFERENCE, person) == start
    assert said(page) == []


# ── Whose ─────────────────────────────────────────────────────────────────────────────────────


def test_nobody_mends_a_picture_of_others(browser: Client, person: User) -> None:
    other = people.person()
    theirs = picture(other, 1000, 100)
    before = Asset.objects.count()
    page = press(browser, form(person, start=theirs.uid), fix=f"crop|start|{theirs.uid}|")
    assert "Picture not found." in page
    assert Asset.objects.count() == before


def test_a_picture_of_a_project_that_one_only_views_is_mended_where_one_orders(
    browser: Client, person: User
) -> None:
    owner = people.person()
    shared = people.project()
    people.join(person, shared, role="viewer")
    people.join(owner, shared)
    strip = picture(owner, 1000, 100, shared)
    press(browser, form(person, start=strip.uid), fix=f"crop|start|{strip.uid}|")
    assert only(Place.START, person).project == person.personal_project
    assert shared.assets.count() == 1


@pytest.mark.parametrize("value", ["", "crop", "|||", "crop|x|y|z", "keep|each|x|", "keep|no|3|",
    "set|nothing|1|", "switch|nowhere||", "shorten|nothing||", "pad|start|" + "0" * 32 + "|",
    "\x00", "leave|seed||no/model", "crop|start|" + "," * 40])  # fmt: skip
def test_no_value_brings_the_screen_down(browser: Client, person: User, value: str) -> None:
    typed: Any = form(person, start=picture(person, 300, 300).uid)
    for name in ("fix", "unfix"):
        press(browser, typed, **{name: value})
        assert browser.post(reverse("draft"), typed | {name: value}).status_code == 302
    assert browser.get(reverse("create")).status_code == 200
