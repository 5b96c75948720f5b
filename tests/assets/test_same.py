"""The same picture again: one asset in a project, and strangers never learn of one another."""

from contextlib import nullcontext

import pytest
from django.db import IntegrityError
from django.urls import reverse

from studio.assets import uploads
from studio.assets.models import Asset
from studio.storage.models import Blob
from tests import people
from tests.assets import hostile
from tests.assets.bench import Bench, bench, kept_files
from tests.races.together import together

FIELDS = {"name", "width", "height", "colour", "note", "message"}


@pytest.mark.row("A028")
def test_two_people_with_the_same_picture_own_one_each_and_learn_nothing(door: Bench) -> None:
    other = bench()
    mine, theirs = door.send(hostile.png(), "a.png"), other.send(hostile.png(), "a.png")
    assert {k: mine.json()[k] for k in FIELDS} == {k: theirs.json()[k] for k in FIELDS}
    assert mine.json()["uid"] != theirs.json()["uid"]
    assert door.client.get(theirs.json()["thumb"]).status_code == 404
    assert Asset.objects.count() == 2
    door.client.post(reverse("asset_trash", args=[mine.json()["uid"]]))
    kept = Asset.objects.get(uid=theirs.json()["uid"])
    assert not kept.is_trashed
    assert other.fetch(kept)


@pytest.mark.row("A029")
def test_the_same_bytes_twice_are_one_asset_and_one_file_each(door: Bench) -> None:
    first = door.keep(hostile.png(), "one.png", rights="client")
    files = kept_files()
    response = door.send(hostile.png(), "two.png")
    assert response.json()["uid"] == first.uid
    assert response.json()["message"] == "It is already in this project."
    assert Asset.objects.get() == first
    assert kept_files() == files and len(files) == Blob.objects.count()


def test_the_same_pixels_in_another_file_are_the_same_asset(door: Bench) -> None:
    assert door.keep(hostile.png()) == door.keep(hostile.webp(lossless=True), "other.webp")
    upright, turned = hostile.oriented(1), hostile.oriented(1) + b"trailer"
    assert door.keep(upright) == door.keep(turned)


def test_a_picture_brought_again_comes_out_of_the_trash(door: Bench) -> None:
    asset = door.keep(hostile.png())
    door.client.post(reverse("asset_trash", args=[asset.uid]))
    assert Asset.objects.get().is_trashed
    assert door.keep(hostile.png()) == asset
    assert not Asset.objects.get().is_trashed


def test_a_person_has_one_in_each_of_their_projects(door: Bench) -> None:
    second = people.project()
    people.join(door.person, second)
    here, there = door.keep(hostile.png()), door.keep(hostile.png(), project=second.uid)
    assert here != there
    assert here.master == there.master


@pytest.mark.row("A038")
def test_a_picture_uploaded_before_the_session_ended_is_offered_after_login(door: Bench) -> None:
    asset = door.keep(hostile.png(), "before.png")
    door.client.logout()
    assert door.client.get(reverse("assets")).status_code == 302
    door.client.force_login(door.person)
    assert "before.png" in door.client.get(reverse("assets")).text
    assert door.fetch(asset, "thumb")
    assert Asset.objects.get() == asset


# ── At once ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_eight_who_bring_one_picture_at_once_end_with_one_asset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As from eight processes: the lock that saves memory must not be what keeps this right.
    monkeypatch.setattr(uploads, "_one_at_a_time", nullcontext())
    first = bench()
    rivals = [bench(first.project) for _ in range(8)]
    answers = together(8, lambda n: rivals[n].send(hostile.png(), f"{n}.png"))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert {answer.json()["uid"] for answer in answers} == {Asset.objects.get().uid}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_second_look_all_but_one_would_fail() -> None:
    asset = bench().keep(hostile.png())
    facts = {f.attname: getattr(asset, f.attname) for f in Asset._meta.concrete_fields}
    fresh = {name: value for name, value in facts.items() if name not in {"id", "uid"}}
    Asset.objects.all().delete()

    def create(_: int) -> bool:
        try:
            Asset.objects.create(**fresh)
        except IntegrityError:
            return False
        return True

    assert together(8, create).count(True) == 1


def test_files_are_kept_before_the_row_and_a_failed_row_leaves_no_asset(
    door: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        seen.append(len(kept_files()))
        raise ConnectionError

    monkeypatch.setattr(Asset, "save", refuse)
    with pytest.raises(ConnectionError):
        uploads.receive(door.project, door.person, hostile.file(hostile.png()))
    assert seen == [2]  # as small as it is, preview and thumb are one file
    assert not Asset.objects.exists()
