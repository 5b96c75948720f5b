"""What a file was called is shown to people and is never a path."""

from pathlib import Path
from unicodedata import normalize

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from studio.assets import names, uploads
from studio.assets.models import Asset
from tests.assets import hostile
from tests.assets.bench import Bench, files_of, kept_files

STRANGE = {
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "C:\\pictures\\cat.png": "cat.png",
    "cat\0.png": "cat.png",
    "cat\r\nSet-Cookie: a=b.png": '"cat',  # the header ends there
    "\u202egnp.exe": "gnp.exe",
    "CON": "CON",
    ".htaccess": ".htaccess",
    "<img src=x onerror=alert(1)>.png": "<img src=x onerror=alert(1)>.png",
    "海辺の朝 ☀.png": "海辺の朝 ☀.png",
}


@pytest.mark.row("A026")
@pytest.mark.parametrize(("given", "shown"), STRANGE.items())
def test_a_strange_name_is_shown_and_names_no_file(door: Bench, given: str, shown: str) -> None:
    asset = door.keep(hostile.png(), given)
    assert asset.name == shown
    root = Path(settings.MEDIA_ROOT).resolve()
    assert all(path.resolve().is_relative_to(root) for path in kept_files())
    assert {path.name for path in kept_files()} == {
        blob.sha256 for blob in (asset.master, asset.preview, asset.thumb)
    }
    page = door.client.get(reverse("asset", args=[asset.uid])).text
    assert "<img src=x" not in page
    assert door.client.get(reverse("asset_file", args=[asset.uid, "master"])).status_code == 200


@pytest.mark.row("A026")
def test_a_name_of_300_characters_is_cut_and_keeps_its_ending(door: Bench) -> None:
    asset = door.keep(hostile.png(), "あ" * 296 + ".png")
    assert len(asset.name) == 255
    assert asset.name.endswith("あ.png")


@pytest.mark.row("A026")
@pytest.mark.parametrize("given", [*STRANGE, "..", "", "/", "\u202e", "x" * 300])
def test_a_name_from_the_command_line_is_cleaned_as_well(door: Bench, given: str) -> None:
    file = ContentFile(hostile.png(), name=given)
    asset = uploads.receive(door.project, door.person, file)
    assert asset.name == (names.shown(given) or "Untitled")
    assert not set(asset.name) & set("\0\r\n\u202e\\/")
    assert 0 < len(asset.name) <= 255


@pytest.mark.row("A026")
@pytest.mark.parametrize("given", ["\u202e", " ", "a\0b", "x" * 256])
def test_renaming_takes_no_stranger_names_than_uploading(door: Bench, given: str) -> None:
    asset = door.keep(hostile.png(), "cat.png")
    fields = {"name": given, "rights": "own", "rights_note": "from Mei"}
    response = door.client.post(reverse("asset", args=[asset.uid]), fields)
    assert response.status_code == 422
    assert 'value="from Mei"' in response.text
    asset.refresh_from_db()
    assert (asset.name, asset.rights_note) == ("cat.png", "")


@pytest.mark.row("A027")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tree.png", "tree.png"),
        (normalize("NFC", "é.png"), normalize("NFD", "é.png")),
        ("same.png", "same.png"),
    ],
)
def test_names_that_look_alike_are_two_assets(door: Bench, one: str, other: str) -> None:
    first = door.keep(hostile.png(Image.new("RGB", (64, 64), "red")), one)
    second = door.keep(hostile.png(Image.new("RGB", (64, 64), "blue")), other)
    assert Asset.objects.count() == 2
    assert (first.name, second.name) == (one, other)
    assert files_of(first)[0] != files_of(second)[0]
