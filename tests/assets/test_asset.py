"""One asset: its page, its files, and who may do what with them."""

import pytest
from django.test import Client
from django.urls import reverse

from studio.assets.models import Asset
from studio.audit.models import AuditLine
from tests import people
from tests.assets import hostile
from tests.assets.bench import Bench, bench, tiles

PAGE = reverse("assets")


def test_the_name_and_the_rights_can_be_changed(door: Bench) -> None:
    asset = door.keep(hostile.png(), "one.png")
    fields = {"name": " Shore at dawn.png ", "rights": "licensed", "rights_note": "Stock 4711"}
    response = door.client.post(f"/assets/{asset.uid}/", fields, follow=True)
    asset.refresh_from_db()
    assert (asset.name, asset.rights) == ("Shore at dawn.png", "licensed")
    assert "Stock 4711" in response.text
    line = AuditLine.objects.get(action="asset.described")
    assert (line.before["name"], line.after["name"]) == ("one.png", "Shore at dawn.png")


@pytest.mark.row("A056")
def test_no_other_field_can_be_changed(door: Bench) -> None:
    asset, other = door.keep(hostile.png(), "one.png"), bench()
    before = Asset.objects.values().get(uid=asset.uid)
    fields = {
        "name": "one.png", "rights": "own", "rights_note": "", "project": other.project.pk,
        "uploaded_by": other.person.pk, "pixel_hash": "x", "width": 1, "deleted_at": "2026-01-01",
        "master": 0, "uid": "0" * 32, "colour": "red",
    }  # fmt: skip
    response = door.client.post(f"/assets/{asset.uid}/", fields)
    assert response.status_code == 302
    assert Asset.objects.values().get(uid=asset.uid) == before


# ── Who ───────────────────────────────────────────────────────────────────────────────────────


def addresses(asset: Asset) -> list[str]:
    sizes = [f"/assets/{asset.uid}/{size}/" for size in ("thumb", "preview", "master")]
    return [f"/assets/{asset.uid}/", *sizes]


@pytest.mark.row("A039")
def test_a_stranger_finds_nothing_and_changes_nothing(door: Bench) -> None:
    asset, stranger = door.keep(hostile.png(), "one.png"), bench()
    nowhere = stranger.client.get(f"/assets/{'0' * 32}/")
    for address in addresses(asset):
        assert stranger.client.get(address).status_code == 404
        assert stranger.client.head(address).status_code == 404
        assert stranger.client.get(address, headers={"range": "bytes=0-9"}).status_code == 404
    assert stranger.client.get(f"/assets/{asset.uid}/").content == nowhere.content
    for verb in ("", "trash/", "restore/"):
        assert stranger.client.post(f"/assets/{asset.uid}/{verb}").status_code == 404
    assert tiles(stranger.client.get(PAGE).text) == []
    assert not Asset.objects.get().is_trashed


@pytest.mark.row("A052")
def test_without_a_session_there_are_no_bytes(door: Bench) -> None:
    asset = door.keep(hostile.png())
    for address in addresses(asset):
        response = Client().get(address)
        assert response.status_code == 302
        assert response.content == b""


@pytest.mark.row("A043")
def test_a_viewer_may_look_and_is_told_that_this_is_all(door: Bench) -> None:
    asset = door.keep(hostile.png(), "one.png")
    viewer = bench(door.project, people.viewer(project=door.project))
    page = viewer.client.get(PAGE).text
    assert tiles(page) == ["one.png"] and "Pick pictures" not in page
    assert viewer.fetch(asset)
    assert 'name="name"' not in viewer.client.get(f"/assets/{asset.uid}/").text
    for verb in ("", "trash/", "restore/"):
        response = viewer.client.post(f"/assets/{asset.uid}/{verb}")
        assert response.status_code == 403
        assert "not change it" in response.text
    assert viewer.send(hostile.png(hostile.grainy())).status_code == 422
    assert Asset.objects.count() == 1


def test_nobody_uploads_into_a_project_of_others(door: Bench) -> None:
    theirs = bench()
    response = door.send(hostile.png(), project=theirs.project.uid)
    assert response.status_code == 422
    assert response.json()["code"] == "invalid"
    assert door.send(hostile.png(), project="0" * 32).json() == response.json()
    assert not Asset.objects.exists()


@pytest.mark.parametrize("size", ["original", "..", "uid", "deleted_at", "pk"])
def test_there_are_three_sizes_and_no_other(door: Bench, size: str) -> None:
    asset = door.keep(hostile.png())
    assert door.client.get(f"/assets/{asset.uid}/{size}/").status_code == 404


@pytest.mark.row("A070")
@pytest.mark.parametrize("verb", ["trash/", "restore/"])
def test_looking_changes_nothing(door: Bench, verb: str) -> None:
    asset = door.keep(hostile.png())
    assert door.client.get(f"/assets/{asset.uid}/{verb}").status_code == 405
    assert door.client.get("/assets/examples/").status_code == 405
    assert not Asset.objects.get().is_trashed
