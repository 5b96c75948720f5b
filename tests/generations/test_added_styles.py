"""The looks that admins add: kept with a picture, said of what they add, gone and back again."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image

from studio.accounts.models import User
from studio.audit.models import AuditLine
from studio.generations.palette import StudioStyle
from studio.storage import store
from tests import clips, people

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TYPED = {"name": "Woodcut", "words_en": "Woodcut print.", "words_zh": "木刻版画。", "words_ja": ""}


@pytest.fixture
def admin() -> User:
    people.studio()
    return people.admin()


@pytest.fixture
def browser(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("look.png", data, "image/png")


def added(browser: Client, **fields: object) -> StudioStyle:
    assert browser.post(reverse("styles"), TYPED | fields).status_code == 302
    return StudioStyle.objects.latest("pk")


def audited() -> list[str]:
    return list(AuditLine.objects.filter(object_kind="style").values_list("action", flat=True))


def test_a_style_is_added_with_a_small_picture(browser: Client) -> None:
    style = added(browser, picture=file(clips.png(640, 480)))
    assert style.picture is not None
    with store.open(style.picture) as kept:
        small = Image.open(BytesIO(kept.read()))
    assert (small.format, small.size) == ("WEBP", (320, 240))
    assert audited() == ["style.add"]
    page = browser.get(reverse("create")).content.decode()
    assert f'value="{style.key}"' in page


def test_its_picture_is_for_everybody_who_is_logged_in(browser: Client, admin: User) -> None:
    style = added(browser, picture=file(clips.png()))
    browser.force_login(people.viewer())
    answer = browser.get(reverse("style_picture", args=[style.uid]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    bare = StudioStyle.objects.create(name="Bare", words_en="Bare.")
    assert browser.get(reverse("style_picture", args=[bare.uid])).status_code == 404


def test_another_picture_has_another_address(browser: Client) -> None:
    """Browsers keep what they got for a year."""
    style = added(browser, picture=file(clips.png()))
    first = browser.get(reverse("styles")).content.decode()
    browser.post(reverse("style", args=[style.uid]), TYPED | {"picture": file(clips.png())})
    picture = reverse("style_picture", args=[style.uid])
    second = browser.get(reverse("styles")).content.decode()
    assert first.partition(picture)[2][:20] != second.partition(picture)[2][:20]


@pytest.mark.parametrize("data", [b"", b"no picture", clips.png(640, 480)[:-400]])
def test_a_bad_file_is_refused_at_its_field_and_the_words_stay(
    browser: Client, data: bytes
) -> None:
    answer = browser.post(reverse("styles"), TYPED | {"picture": file(data)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Woodcut"' in page
    assert 'value="木刻版画。"' in page
    assert 'id="id_picture_error"' in page
    assert not StudioStyle.objects.exists()


@override_settings(MAX_PICTURE_BYTES=2000)
def test_a_file_that_is_too_large_is_refused_with_the_words_still_there(browser: Client) -> None:
    answer = browser.post(reverse("styles"), TYPED | {"picture": file(b"x" * 300_000)})
    assert answer.status_code == 422
    assert "the limit is" in answer.content.decode()
    assert 'value="Woodcut"' in answer.content.decode()


@pytest.mark.parametrize("name", ["woodcut ", "Anime", "3d", " "])
def test_a_name_stands_for_one_style(browser: Client, name: str) -> None:
    added(browser)
    answer = browser.post(reverse("styles"), TYPED | {"name": name})
    assert answer.status_code == 422
    assert StudioStyle.objects.count() == 1


def test_the_english_words_must_be_there(browser: Client) -> None:
    assert browser.post(reverse("styles"), TYPED | {"words_en": ""}).status_code == 422


def test_a_change_is_written_down_and_keeps_the_picture(browser: Client) -> None:
    style = added(browser, picture=file(clips.png()))
    address = reverse("style", args=[style.uid])
    browser.post(address, TYPED)
    browser.post(address, TYPED | {"words_en": "Bold woodcut."})
    before, style = style, StudioStyle.objects.get()
    assert style.picture == before.picture
    assert audited() == ["style.change", "style.add"]
    line = AuditLine.objects.filter(action="style.change").get()
    assert (line.before["words_en"], line.after["words_en"]) == ("Woodcut print.", "Bold woodcut.")


def test_a_refused_change_still_says_whose_page_it_is(browser: Client) -> None:
    style = added(browser)
    answer = browser.post(reverse("style", args=[style.uid]), TYPED | {"name": "Anime"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<h1>Woodcut</h1>" in page
    assert 'value="Anime"' in page


def test_a_removed_style_comes_back_at_a_press(browser: Client) -> None:
    style = added(browser)
    answer = browser.post(reverse("style_remove", args=[style.uid]), follow=True)
    restore = reverse("style_restore", args=[style.uid])
    assert restore in answer.content.decode()
    assert style.key not in browser.get(reverse("create")).content.decode()
    browser.post(restore)
    browser.post(restore)
    assert style.key in browser.get(reverse("create")).content.decode()
    assert audited() == ["style.restore", "style.remove", "style.add"]


def test_its_words_follow_the_language_of_the_prompt(browser: Client, admin: User) -> None:
    style = added(browser)
    typed = {
        "mode": "text",
        "model": "bigmodel/cogvideox-2",
        "project": admin.personal_project.uid,
        "style": style.key,
    }

    def page(**fields: str) -> str:
        return browser.post(reverse("draft"), typed | fields, headers=HTMX).content.decode()

    assert 'value="Woodcut print."' in page(prompt="A boat")
    assert 'value="木刻版画。"' in page(prompt="一条小船")
    assert 'value="Woodcut print."' in page(prompt="小さな舟")


def test_words_that_are_being_typed_are_left_alone(browser: Client, admin: User) -> None:
    style = added(browser)
    typed = {
        "mode": "text",
        "model": "bigmodel/cogvideox-2",
        "project": admin.personal_project.uid,
        "prompt": "A boat",
        "style": style.key,
        "style_shown": style.key,
        "style_words": "Woodcut, bo",
    }
    page = browser.post(reverse("draft"), typed, headers=HTMX).content.decode()
    assert 'name="style_words"' not in page
    assert 'id="style-tiles"' not in page
    other = browser.post(reverse("draft"), typed | {"style": "anime"}, headers=HTMX)
    assert 'name="style_words"' in other.content.decode()
